import { describe, expect, test } from '@jest/globals';
import { Kernel } from '@winnow/kernel';
import fc from 'fast-check';
import { openRecordWriter, type RecordWriter } from '../src/record-writer.ts';
import type { Frozen } from '../src/shapes/run.ts';
import { arbitraryTable } from './parquet/arbitrary-table.ts';
import { batchOf } from './parquet/batch-builder.ts';
import type { Cell, Table } from './parquet/table.ts';
import { MemorySink } from './zstd/memory-sink.ts';

const FROZEN: Frozen = {
  engine: 1,
  zstd: '',
  format: 'parquet',
  layout: 'parts',
  columns: [
    { name: 'id', type: 'int64' },
    { name: 'name', type: 'text' },
    { name: 'tags', type: 'list', element: { type: 'text' } },
    { name: '_rest', type: 'text' },
  ],
  drift: 'rest',
  unitBytes: 2 ** 30,
  rowGroupRows: 100,
  rowGroupBytes: 2 ** 20,
  maxRecordBytes: 2 ** 20,
  codec: 'zstd',
  level: 3,
};
const ROWS: readonly (readonly Cell[])[] = Array.from({ length: 250 }, (_, row) => [
  row % 9 === 0 ? null : BigInt(row),
  `name "${row}", the ${row % 3}`,
  row % 5 === 0 ? null : ['a', null, `${row}`].slice(0, row % 4),
  row % 50 === 7 ? '{"x":1}' : null,
]);

describe.each(['parquet', 'ndjson', 'json', 'csv'] as const)('a writer of %s', (format) => {
  const frozen = (table: Pick<Table, 'columns'> = FROZEN): Frozen => ({
    ...FROZEN,
    format,
    columns: [...table.columns],
  });

  const withWriter = async (
    work: (writer: RecordWriter, kernel: Kernel) => Promise<void>,
    of: Frozen = frozen(),
  ): Promise<{ bytes: Buffer; told: { rows: number; bytes: number } }> => {
    const kernel = new Kernel();
    const sink = new MemorySink();
    const writer = openRecordWriter(kernel, of, sink);
    await work(writer, kernel);
    const told = await writer.finish();
    writer.dispose();
    return { bytes: sink.bytes, told };
  };

  const writeCut = ({ columns, rows }: Table, cuts: readonly number[]) =>
    withWriter(async (writer, kernel) => {
      for (let from = 0, turn = 0; from < rows.length; turn++) {
        const some = rows.slice(from, from + cuts[turn % cuts.length]!);
        await writer.append(batchOf(kernel, columns, some));
        from += some.length;
      }
    }, frozen({ columns }));

  test('tells the rows and bytes it wrote', async () => {
    const { bytes, told } = await writeCut({ columns: FROZEN.columns, rows: ROWS }, [250]);
    expect(told).toEqual({ rows: 250, bytes: bytes.length });
  });

  test('makes the same file of no batch, of batches without rows, and each time', async () => {
    const nothing = await withWriter(() => Promise.resolve());
    expect(nothing.told).toEqual({ rows: 0, bytes: nothing.bytes.length });
    const empty = await withWriter(async (writer, kernel) => {
      await writer.append(batchOf(kernel, FROZEN.columns, []));
      await writer.append(batchOf(kernel, FROZEN.columns, []));
    });
    expect(empty.bytes.equals(nothing.bytes)).toBe(true);
  });

  test('is not told apart by batches without rows before, between and behind others', async () => {
    const whole = await writeCut({ columns: FROZEN.columns, rows: ROWS }, [250]);
    const cut = await withWriter(async (writer, kernel) => {
      for (const rows of [[], ROWS.slice(0, 120), [], ROWS.slice(120), []])
        await writer.append(batchOf(kernel, FROZEN.columns, rows));
    });
    expect(cut.bytes.equals(whole.bytes)).toBe(true);
    expect(cut.told).toEqual(whole.told);
  });

  test('makes the same bytes of any cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryTable(150, 2),
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 4 }),
        async (table, cuts) => {
          const whole = await writeCut(table, [1000]);
          expect((await writeCut(table, cuts)).bytes.equals(whole.bytes)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('refuses batches of other columns and of another kernel', async () => {
    await withWriter(async (writer, kernel) => {
      const fewer = FROZEN.columns.slice(1);
      await expect(writer.append(batchOf(kernel, fewer, [['a', [], null]]))).rejects.toThrow(
        /must have the columns/,
      );
      const other = FROZEN.columns.with(0, { name: 'id', type: 'double' });
      await expect(writer.append(batchOf(kernel, other, [[1, 'a', [], null]]))).rejects.toThrow(
        /must have the columns/,
      );
      await expect(writer.append(batchOf(new Kernel(), FROZEN.columns, ROWS))).rejects.toThrow(
        /and its kernel/,
      );
    });
  });

  test('writes nothing before there is something to write', () => {
    const sink = new MemorySink();
    openRecordWriter(new Kernel(), frozen(), sink).dispose();
    expect(sink.writes).toEqual([]);
  });

  test('passes on that the sink failed', async () => {
    const full = { write: () => Promise.reject(new Error('the disk is full')) };
    const kernel = new Kernel();
    const columns = [{ name: 'c', type: 'text' }] as const;
    const writer = openRecordWriter(kernel, frozen({ columns }), full);
    const rows = Array.from({ length: 3000 }, (_, row) => [`${row}`.repeat(300)]);
    const write = async (): Promise<void> => {
      await writer.append(batchOf(kernel, columns, rows));
      await writer.finish();
    };
    await expect(write()).rejects.toThrow('the disk is full');
    writer.dispose();
  });

  test('gives its memory back, once, however often it is disposed of', async () => {
    const kernel = new Kernel();
    const batch = batchOf(kernel, FROZEN.columns, ROWS);
    const sizes: number[] = [];
    for (let turn = 0; turn < 60; turn++) {
      const writer = openRecordWriter(kernel, frozen(), new MemorySink());
      await writer.append(batch);
      if (turn % 2 === 0) await writer.finish();
      writer.dispose();
      writer.dispose();
      sizes.push(kernel.bytes.length);
    }
    expect(sizes.at(-1)).toBe(sizes[3]);
    // What was given back twice would be handed out twice.
    const { bytes } = await writeCut({ columns: FROZEN.columns, rows: ROWS }, [250]);
    const sink = new MemorySink();
    const [first, second] = [
      openRecordWriter(kernel, frozen(), sink),
      openRecordWriter(kernel, frozen(), new MemorySink()),
    ];
    await first.append(batch);
    await second.append(batch);
    await second.finish();
    await first.finish();
    expect(sink.bytes.equals(bytes)).toBe(true);
  });
});
