/** What random tables become as NDJSON is read back: by our own reader, into batches that write the same files. */
import { expect, test } from '@jest/globals';
import {
  batchRows,
  Kernel,
  NdjsonReader,
  type CellValue,
  type Column,
  type ColumnBatch,
} from '@winnow/kernel';
import fc from 'fast-check';
import { openRecordWriter } from '../src/record-writer.ts';
import type { Frozen } from '../src/shapes/run.ts';
import { arbitraryTable } from './parquet/arbitrary-table.ts';
import { batchOf } from './parquet/batch-builder.ts';
import { difference, type Cell, type Table } from './parquet/table.ts';
import { writeText } from './text/write-text.ts';
import { MemorySink } from './zstd/memory-sink.ts';

/**
 * JSON has no infinities, and its null is no value. Doubles above 2^53 print as integers that are not their exact value
 * (up to 1e21, from where on they have exponents), and such an integer is no double to a reader.
 */
function readable(cell: Cell): Cell {
  if (Array.isArray(cell)) return (cell as readonly Cell[]).map(readable);
  if (cell === 'null') return null;
  if (typeof cell !== 'number') return cell;
  if (Math.abs(cell) === Infinity) return Math.sign(cell) * Number.MAX_VALUE;
  return Math.abs(cell) > Number.MAX_SAFE_INTEGER && Math.abs(cell) < 1e21 ? cell * 1e21 : cell;
}

const readableTable = arbitraryTable(80, 3).map(({ columns, rows }): Table => ({
  columns,
  rows: rows.map((row) => row.map(readable)),
}));

const frozen = (columns: readonly Column[]): Frozen => ({
  engine: 1,
  zstd: '',
  format: 'parquet',
  layout: 'parts',
  columns: [...columns],
  drift: 'drop',
  unitBytes: 2 ** 30,
  rowGroupRows: 100,
  rowGroupBytes: 2 ** 20,
  maxRecordBytes: 2 ** 20,
  codec: 'none',
  level: 3,
});

/** The Parquet file of the batches that `fill` hands out, one after the other. */
async function parquetOf(
  columns: readonly Column[],
  fill: (kernel: Kernel, take: (batch: ColumnBatch) => Promise<void>) => Promise<void>,
): Promise<Buffer> {
  const kernel = new Kernel();
  const sink = new MemorySink();
  const writer = openRecordWriter(kernel, frozen(columns), sink);
  await fill(kernel, (batch) => writer.append(batch));
  await writer.finish();
  writer.dispose();
  return sink.bytes;
}

/** Lines, behind each one of them a copy that lost its end: a record that is read nearly whole and taken back. */
const withCutCopies = (lines: readonly string[]): string =>
  lines.map((line) => `${line}\n${line.slice(0, -1)}\n`).join('');

test('tables of all types come back from NDJSON, and make the same Parquet', async () => {
  await fc.assert(
    fc.asyncProperty(readableTable, fc.integer({ min: 1, max: 50 }), async (table, batchRowsMax) => {
      const { columns } = table;
      const lines = (await writeText(table, 'ndjson')).toString().split('\n').slice(0, -1);
      const rows: CellValue[][] = [];
      const read = await parquetOf(columns, async (kernel, take) => {
        const options = { columns, drift: 'drop', maxRecordBytes: 2 ** 20, batchRows: batchRowsMax } as const;
        const reader = new NdjsonReader(kernel, options);
        reader.startInput(0);
        reader.push(Buffer.from(withCutCopies(lines)));
        reader.endInput();
        for (let batch = reader.next() ?? reader.flush(); batch; batch = reader.next() ?? reader.flush()) {
          rows.push(...batchRows(batch));
          await take(batch);
        }
        expect(reader.takeBad().every(({ reason }) => reason === 'unexpected-end')).toBe(true);
        expect(reader.takeDrift()).toEqual([]);
        reader.dispose();
      });
      expect(difference(table, rows)).toBeUndefined();
      const built = await parquetOf(columns, (kernel, take) => take(batchOf(kernel, columns, table.rows)));
      expect(read.equals(built)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
