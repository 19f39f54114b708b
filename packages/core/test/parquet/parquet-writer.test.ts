import type { PlainType } from '@winnow/kernel';
import { describe, expect, test } from '@jest/globals';
import { Kernel, type Column } from '@winnow/kernel';
import { MAX_ROW_GROUP_BYTES, ParquetWriter } from '../../src/parquet/parquet-writer.ts';
import { MemorySink } from '../zstd/memory-sink.ts';
import { batchOf } from './batch-builder.ts';
import { hyparquetMetadata, queryDuckdb } from './judges.ts';
import { oneColumn, type Cell } from './table.ts';
import { writeTable } from './write-table.ts';

const COLUMN: Column = { name: 'c', type: 'int64' };
const OPTIONS = {
  columns: [COLUMN],
  rowGroupRows: 10,
  rowGroupBytes: 1000,
  codec: 'zstd',
  level: 3,
} as const;

const groupRows = (file: Buffer): number[] =>
  hyparquetMetadata(file).row_groups.map((group) => Number(group.num_rows));

describe('a row group ends before the row that does not fit', () => {
  test.each<[string, Column['type'], Cell[], { rowGroupRows?: number; rowGroupBytes?: number }, number[]]>([
    ['by rows', 'int64', [1n, 2n, 3n, 4n, 5n], { rowGroupRows: 2 }, [2, 2, 1]],
    ['just full by rows', 'int64', [1n, 2n, 3n, 4n], { rowGroupRows: 2 }, [2, 2]],
    // A byte of validity and 8 of value a row.
    ['by bytes', 'int64', [1n, 2n, 3n], { rowGroupBytes: 18 }, [2, 1]],
    ['a byte short', 'int64', [1n, 2n, 3n], { rowGroupBytes: 17 }, [1, 1, 1]],
    ['doubles', 'double', [1, 2, 3], { rowGroupBytes: 18 }, [2, 1]],
    ['booleans', 'boolean', [true, false, true], { rowGroupBytes: 4 }, [2, 1]],
    ['nulls', 'boolean', [null, null, null], { rowGroupBytes: 2 }, [2, 1]],
    // Each 1 + 4 + the bytes of the text.
    ['texts', 'text', ['', 'ü', '', 'abc', ''], { rowGroupBytes: 12 }, [2, 1, 1, 1]],
    ['a row that is too large alone', 'json', ['1', '"long"', '1', '1'], { rowGroupBytes: 1 }, [1, 1, 1, 1]],
  ])('%s', async (_title, type, cells, limits, expected) => {
    expect(groupRows(await writeTable(oneColumn(type as PlainType, cells), limits))).toEqual(expected);
  });

  test('nine columns have two bytes of validity', async () => {
    const columns = Array.from({ length: 9 }, (_, c): Column => ({ name: `${c}`, type: 'text' }));
    const rows = Array.from({ length: 4 }, () => columns.map(() => null));
    expect(groupRows(await writeTable({ columns, rows }, { rowGroupBytes: 4 }))).toEqual([2, 2]);
  });
});

describe('the footer', () => {
  const table = {
    columns: [
      { name: 't', type: 'text' },
      { name: 'j', type: 'json' },
      { name: 'd', type: 'double' },
    ] as Column[],
    rows: Array.from({ length: 50 }, (_, r) => [`text ${r % 3}`, `[${r}]`, r]),
  };

  test('names types as the specification does', async () => {
    const { schema, created_by, num_rows } = hyparquetMetadata(await writeTable(table));
    expect([created_by, num_rows]).toEqual(['winnow', 50n]);
    expect(schema).toMatchObject([
      { name: 'schema', num_children: 3 },
      {
        name: 't',
        type: 'BYTE_ARRAY',
        repetition_type: 'OPTIONAL',
        converted_type: 'UTF8',
        logical_type: { type: 'STRING' },
      },
      {
        name: 'j',
        type: 'BYTE_ARRAY',
        repetition_type: 'OPTIONAL',
        converted_type: 'JSON',
        logical_type: { type: 'JSON' },
      },
      { name: 'd', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
    ]);
  });

  test('gives sizes and offsets that cover the file without gaps', async () => {
    const file = await writeTable(table, { rowGroupRows: 20 });
    let at = 4;
    for (const group of hyparquetMetadata(file).row_groups) {
      const start = at;
      let uncompressed = 0;
      for (const { meta_data: facts } of group.columns) {
        expect(Number(facts!.dictionary_page_offset ?? facts!.data_page_offset)).toBe(at);
        // A page header begins with its type: 0 for data, 2 (zigzag 4) for a dictionary.
        const typeAt = (offset: bigint): number => file.readUInt16BE(Number(offset));
        expect(typeAt(facts!.data_page_offset)).toBe(0x1500);
        if (facts!.dictionary_page_offset !== undefined) {
          expect(typeAt(facts!.dictionary_page_offset)).toBe(0x1504);
        }
        at += Number(facts!.total_compressed_size);
        uncompressed += Number(facts!.total_uncompressed_size);
        expect(Number(facts!.num_values)).toBe(Number(group.num_rows));
        expect(facts!.codec).toBe('ZSTD');
      }
      expect(Number(group.file_offset)).toBe(start);
      expect(Number(group.total_compressed_size)).toBe(at - start);
      expect(Number(group.total_byte_size)).toBe(uncompressed);
    }
    expect(at).toBe(file.length - 8 - file.readUInt32LE(file.length - 8));
  });

  test('has DuckDB read JSON as JSON and columns by their names', async () => {
    const [row] = await queryDuckdb(
      await writeTable(table),
      `SELECT typeof(j) AS t, (j->0)::INT + d AS s FROM FILE LIMIT 1 OFFSET 7`,
    );
    expect(row).toEqual({ t: 'JSON', s: 14 });
  });
});

test.each([
  ['rowGroupRows', 0],
  ['rowGroupRows', 1.5],
  ['rowGroupBytes', 0],
  ['rowGroupBytes', MAX_ROW_GROUP_BYTES + 1],
])('%s %d is refused', (name, value) => {
  const make = (): ParquetWriter =>
    new ParquetWriter(new Kernel(), { ...OPTIONS, [name]: value }, new MemorySink());
  expect(make).toThrow(`${name} must be a whole number from 1 to `);
});

test('a batch of other columns is refused', async () => {
  const kernel = new Kernel();
  const writer = new ParquetWriter(kernel, OPTIONS, new MemorySink());
  const batches = [
    batchOf(kernel, [{ name: 'c', type: 'double' }], [[1]]),
    batchOf(kernel, [COLUMN, COLUMN], [[1n, 1n]]),
    batchOf(new Kernel(), [COLUMN], [[1n]]),
  ];
  for (const batch of batches) await expect(writer.append(batch)).rejects.toThrow('must have the columns');
});

test('writes are gathered, and none is larger than it must be', async () => {
  const columns = Array.from({ length: 2000 }, (_, c): Column => ({ name: `column ${c}`, type: 'int64' }));
  const kernel = new Kernel();
  const sink = new MemorySink();
  const writer = new ParquetWriter(kernel, { ...OPTIONS, columns }, sink);
  await writer.append(batchOf(kernel, columns, [columns.map((_, c) => BigInt(c))]));
  await writer.finish();
  expect(sink.writes.length).toBeLessThan(5);
  expect(hyparquetMetadata(sink.bytes).schema).toHaveLength(2001);
});

test('2,000 narrow columns take little memory, and the next file takes no more', async () => {
  const kernel = new Kernel();
  const columns = Array.from({ length: 2000 }, (_, c): Column => ({
    name: `${c}`,
    type: c % 2 === 0 ? 'text' : 'int64',
  }));
  const batch = batchOf(
    kernel,
    columns,
    Array.from({ length: 10 }, (_, r) => columns.map((_c, c) => (c % 2 === 0 ? `${r}` : BigInt(r)))),
  );
  const sizes: number[] = [kernel.bytes.length];
  for (let file = 0; file < 5; file++) {
    const writer = new ParquetWriter(
      kernel,
      { ...OPTIONS, columns, rowGroupBytes: 1 << 26 },
      new MemorySink(),
    );
    await writer.append(batch);
    await writer.finish();
    writer.dispose();
    writer.dispose();
    sizes.push(kernel.bytes.length);
  }
  expect(sizes[1]! - sizes[0]!).toBeLessThanOrEqual(8 << 20);
  expect(sizes.at(-1)).toBe(sizes[1]);
});
