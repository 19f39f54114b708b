import type { PlainType, ValueType } from '@winnow/kernel';
import { describe, expect, test } from '@jest/globals';
import { Kernel, type Column } from '@winnow/kernel';
import { MAX_ROW_GROUP_BYTES, ParquetWriter } from '../../src/parquet/parquet-writer.ts';
import { MemorySink } from '../zstd/memory-sink.ts';
import { batchOf } from './batch-builder.ts';
import { hyparquetMetadata, queryDuckdb } from './judges.ts';
import { decimal, list, map, oneColumn, struct, type Cell } from './table.ts';
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
    ['dates', 'date', [1, 2, 3], { rowGroupBytes: 10 }, [2, 1]],
    // Each 1 + 4 + the bytes of the text.
    ['texts', 'text', ['', 'ü', '', 'abc', ''], { rowGroupBytes: 12 }, [2, 1, 1, 1]],
    ['a row that is too large alone', 'json', ['1', '"long"', '1', '1'], { rowGroupBytes: 1 }, [1, 1, 1, 1]],
  ])('%s', async (_title, type, cells, limits, expected) => {
    expect(groupRows(await writeTable(oneColumn(type as PlainType, cells), limits))).toEqual(expected);
  });

  test.each<[string, ValueType, Cell[], number, number[]]>([
    ['decimals are 16 bytes, however short', decimal(5, 2), [1n, 2n, 3n], 34, [2, 1]],
    // A byte for the row, one for each element and 8 for its value.
    ['lists of one', list({ type: 'int64' }), [[1n], [2n], [3n]], 20, [2, 1]],
    ['empty and null lists', list({ type: 'int64' }), [[], null, []], 2, [2, 1]],
    ['lists of null', list({ type: 'int64' }), [[null, null], [null], [null]], 5, [2, 1]],
    // A byte for each field, even where the struct is null.
    [
      'structs',
      struct({ a: { type: 'boolean' }, b: { type: 'text' } }),
      [[true, 'x'], null, null],
      12,
      [2, 1],
    ],
    // The row, the key's entry and text, the value's entry and value.
    ['maps', map({ type: 'date' }), [[['k', 1]], [['l', 2]], []], 24, [2, 1]],
  ])('%s', async (_title, type, cells, rowGroupBytes, expected) => {
    expect(groupRows(await writeTable(oneColumn(type, cells), { rowGroupBytes }))).toEqual(expected);
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

  test('names the newer types and the groups of nested ones', async () => {
    const columns: Column[] = [
      { name: 'short', ...decimal(18, 4) },
      { name: 'long', ...decimal(19, 0) },
      { name: 'day', type: 'date' },
      { name: 'moment', type: 'timestamp' },
      { name: 'clock', type: 'datetime' },
      { name: 'l', ...list({ type: 'boolean' }) },
      { name: 'm', ...map({ type: 'int64' }) },
      { name: 's', ...struct({ a: { type: 'text' } }) },
    ];
    const { schema } = hyparquetMetadata(await writeTable({ columns, rows: [] }));
    const moment = (isAdjustedToUTC: boolean): object => ({
      type: 'INT64',
      converted_type: 'TIMESTAMP_MICROS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit: 'MICROS' },
    });
    expect(schema.slice(1)).toMatchObject([
      { name: 'short', type: 'INT64', converted_type: 'DECIMAL', precision: 18, scale: 4 },
      {
        name: 'long',
        type: 'FIXED_LEN_BYTE_ARRAY',
        type_length: 16,
        converted_type: 'DECIMAL',
        precision: 19,
      },
      { name: 'day', type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } },
      { name: 'moment', ...moment(true) },
      { name: 'clock', ...moment(false) },
      { name: 'l', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', repetition_type: 'OPTIONAL', type: 'BOOLEAN' },
      { name: 'm', repetition_type: 'OPTIONAL', num_children: 1, converted_type: 'MAP' },
      { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
      { name: 'key', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      { name: 'value', repetition_type: 'OPTIONAL', type: 'INT64' },
      { name: 's', repetition_type: 'OPTIONAL', num_children: 1 },
      { name: 'a', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY' },
    ]);
    expect(schema[1]!.logical_type).toEqual({ type: 'DECIMAL', scale: 4, precision: 18 });
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
    // The page index follows: all of one kind, then all of the other.
    const chunks = hyparquetMetadata(file).row_groups.flatMap((group) => group.columns);
    for (const chunk of chunks) {
      if (chunk.column_index_offset === undefined) continue;
      expect(Number(chunk.column_index_offset)).toBe(at);
      at += chunk.column_index_length!;
    }
    for (const chunk of chunks) {
      expect(Number(chunk.offset_index_offset)).toBe(at);
      at += chunk.offset_index_length!;
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

test('the deepest column is written; one type more is refused', async () => {
  let [type, cell]: [ValueType, Cell] = [{ type: 'int64' }, 7n];
  for (let depth = 1; depth < 100; depth++) [type, cell] = [list(type), [cell]];
  // No more than its metadata: some readers take twice as long for each list more.
  const [chunk] = hyparquetMetadata(await writeTable(oneColumn(type, [cell, null]))).row_groups[0]!.columns;
  expect(chunk!.meta_data!.path_in_schema).toHaveLength(199);
  expect(chunk!.meta_data!.statistics).toMatchObject({ min_value: 7n, max_value: 7n, null_count: 1n });
  const columns = [{ name: 'c', ...list(type) }];
  expect(() => new ParquetWriter(new Kernel(), { ...OPTIONS, columns }, new MemorySink())).toThrow(
    'column "c" must not be more than 100 types deep',
  );
});

test('10,000 narrow columns take little memory and room, and the next file takes no more', async () => {
  const kernel = new Kernel();
  const columns = Array.from({ length: 10_000 }, (_, c): Column => ({
    name: `${c}`,
    type: c % 2 === 0 ? 'text' : 'int64',
  }));
  const batch = batchOf(
    kernel,
    columns,
    Array.from({ length: 10 }, (_, r) => columns.map((_c, c) => (c % 2 === 0 ? `${r}` : BigInt(r)))),
  );
  const sizes: number[] = [kernel.bytes.length];
  const files: Buffer[] = [];
  for (let file = 0; file < 5; file++) {
    const sink = new MemorySink();
    const writer = new ParquetWriter(kernel, { ...OPTIONS, columns, rowGroupBytes: 1 << 26 }, sink);
    await writer.append(batch);
    await writer.finish();
    writer.dispose();
    writer.dispose();
    sizes.push(kernel.bytes.length);
    files.push(sink.bytes);
  }
  expect(sizes[1]! - sizes[0]!).toBeLessThanOrEqual(8 << 20);
  const bytes = files[0]!.length;
  expect(bytes / columns.length).toBeLessThan(180);
  expect(files[0]!.readUInt32LE(bytes - 8) / columns.length).toBeLessThan(80);
  expect(sizes.at(-1)).toBe(sizes[1]);
});
