import { Kernel, type TextFormat } from '@winnow/kernel';
import { TextWriter } from '../../src/text/text-writer.ts';
import { batchOf } from '../parquet/batch-builder.ts';
import type { Table } from '../parquet/table.ts';
import { MemorySink } from '../zstd/memory-sink.ts';

export interface WriteTextOptions {
  readonly csvSafe?: boolean;
  /** Rows of the batches, in turn and over again; default: all in one. */
  readonly cuts?: readonly number[];
}

/** The table as the bytes of a file. */
export async function writeText(
  table: Table,
  format: TextFormat,
  { csvSafe = false, cuts = [Math.max(1, table.rows.length)] }: WriteTextOptions = {},
): Promise<Buffer> {
  const { columns } = table;
  const kernel = new Kernel();
  const sink = new MemorySink();
  const writer = new TextWriter(kernel, { columns, format, csvSafe }, sink);
  for (let from = 0, turn = 0; from < table.rows.length; turn++) {
    const rows = table.rows.slice(from, from + cuts[turn % cuts.length]!);
    await writer.append(batchOf(kernel, columns, rows));
    from += rows.length;
  }
  await writer.finish();
  writer.dispose();
  return Buffer.from(sink.bytes);
}
