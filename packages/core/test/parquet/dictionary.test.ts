import { describe, expect, test } from '@jest/globals';
import { hyparquet, hyparquetMetadata } from './judges.ts';
import { difference, oneColumn, type Cell } from './table.ts';
import { writeTable } from './write-table.ts';

const texts = (count: number, textOf: (index: number) => string): Cell[] =>
  Array.from({ length: count }, (_, index) => textOf(index));

/** Short numbers of fixed length: as PLAIN they take 10 bytes each. */
const id = (n: number): string => String(n).padStart(6, '0');

const MiB = 1 << 20;

describe('whether a chunk keeps its dictionary depends on its values', () => {
  test.each<[string, Cell[], boolean]>([
    ['one value alone is smaller without', ['a'], false],
    ['the same value again', ['abc', 'abc'], true],
    ['no value', [null, null], false],
    // Trial: after 1,024 values at most 70 %, 716, are distinct.
    ['716 distinct among the first 1,024', texts(1024, (i) => id(i % 716)), true],
    ['717 distinct among the first 1,024', texts(1024, (i) => id(i % 717)), false],
    ['717 distinct among 1,023', texts(1023, (i) => id(i % 717)), true],
    [
      'nulls do not count in the trial',
      texts(1023, (i) => id(i % 717)).concat(Array<Cell>(5).fill(null)),
      true,
    ],
    [
      '717 among the first 1,024, then always the same',
      texts(9000, (i) => id(i < 1024 ? i % 717 : 0)),
      false,
    ],
    // Entries: 32,768 at most. Each new text comes with two old ones, so that the trial is passed.
    ['32,768 distinct', texts(32768 * 3, (i) => id(i % 3 === 0 ? i / 3 : 0)), true],
    ['32,769 distinct', texts(32769 * 3, (i) => id(i % 3 === 0 ? i / 3 : 0)), false],
    // Bytes: 1 MiB at most, 4 for each entry's length among them.
    ['an entry of 1 MiB', texts(3, () => 'x'.repeat(MiB - 4)), true],
    ['an entry of a byte more', texts(3, () => 'x'.repeat(MiB - 3)), false],
    [
      'a long text that no dictionary could hold',
      ['a', 'a', 'x'.repeat(MiB + 1), 'a', 'x'.repeat(MiB + 1)],
      false,
    ],
    ['16 entries of 64 KiB', texts(160, (i) => id(i % 16).padStart(65532)), true],
    [
      '16 entries of 64 KiB and an empty one',
      texts(160, (i) => id(i % 16).padStart(65532)).concat(''),
      false,
    ],
  ])('%s', async (_title, cells, kept) => {
    const table = oneColumn('text', cells);
    const file = await writeTable(table, { rowGroupRows: 1 << 20, level: 1 });
    const facts = hyparquetMetadata(file).row_groups[0]!.columns[0]!.meta_data!;
    expect(facts.encodings.includes('RLE_DICTIONARY')).toBe(kept);
    expect(facts.dictionary_page_offset !== undefined).toBe(kept);
    expect(difference(table, await hyparquet(file, table.columns))).toBeUndefined();
  });
});

test('each row group starts with an empty dictionary', async () => {
  const half = texts(100, (i) => `v${i % 2}`);
  const file = await writeTable(oneColumn('text', [...texts(100, (i) => `only here ${i % 2}`), ...half]), {
    rowGroupRows: 100,
  });
  const [, second] = hyparquetMetadata(file).row_groups;
  const [alone] = hyparquetMetadata(await writeTable(oneColumn('text', half))).row_groups;
  expect(second!.total_byte_size).toBe(alone!.total_byte_size);
});

test('a row group after one without dictionary tries again', async () => {
  const cells = [...texts(2000, id), ...texts(2000, (i) => id(i % 3))];
  const groups = hyparquetMetadata(
    await writeTable(oneColumn('json', cells), { rowGroupRows: 2000 }),
  ).row_groups;
  expect(groups.map((group) => group.columns[0]!.meta_data!.encodings)).toEqual([
    ['PLAIN', 'RLE'],
    ['PLAIN', 'RLE', 'RLE_DICTIONARY'],
  ]);
});

test('int64 are packed as differences where that is smaller', async () => {
  const near = oneColumn(
    'int64',
    Array.from({ length: 500 }, (_, i) => BigInt(i * i)),
  );
  const far = oneColumn(
    'int64',
    Array.from({ length: 500 }, (_, i) => BigInt.asIntN(64, BigInt(i * i) * 0x9e3779b97f4a7c15n)),
  );
  const encodingsOf = (file: Buffer): string[] =>
    hyparquetMetadata(file).row_groups[0]!.columns[0]!.meta_data!.encodings;
  expect(encodingsOf(await writeTable(near))).toEqual(['RLE', 'DELTA_BINARY_PACKED']);
  expect(encodingsOf(await writeTable(far))).toEqual(['PLAIN', 'RLE']);
});
