import { Kernel } from '@winnow/kernel';
import { ParquetWriter, type ParquetOptions } from '../../src/parquet/parquet-writer.ts';
import { batchOf } from './batch-builder.ts';
import type { Table } from './table.ts';

export interface WriteOptions extends Partial<Omit<ParquetOptions, 'columns'>> {
  /** Rows of the batches, in turn and over again; default: all in one. */
  readonly cuts?: readonly number[];
}

/** The table as the bytes of a Parquet file. */
export async function writeTable(table: Table, options: WriteOptions = {}): Promise<Buffer> {
  const { cuts = [Math.max(1, table.rows.length)], ...rest } = options;
  const kernel = new Kernel();
  const chunks: Buffer[] = [];
  const sink = {
    write: (bytes: Uint8Array): Promise<void> => {
      chunks.push(Buffer.from(bytes));
      return Promise.resolve();
    },
  };
  const writer = new ParquetWriter(
    kernel,
    {
      columns: table.columns,
      rowGroupRows: 20_000,
      rowGroupBytes: 1 << 26,
      codec: 'zstd',
      level: 3,
      ...rest,
    },
    sink,
  );
  for (let from = 0, turn = 0; from < table.rows.length; turn++) {
    const rows = table.rows.slice(from, from + cuts[turn % cuts.length]!);
    await writer.append(batchOf(kernel, table.columns, rows));
    from += rows.length;
  }
  const end = await writer.finish();
  writer.dispose();
  const file = Buffer.concat(chunks);
  if (end.rows !== table.rows.length || end.bytes !== file.length) {
    throw new Error(
      `finish() tells ${JSON.stringify(end)} of ${table.rows.length} rows, ${file.length} bytes`,
    );
  }
  return file;
}
