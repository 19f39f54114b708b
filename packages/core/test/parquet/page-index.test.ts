import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CODEC_NAMES, PARQUET_PROFILES } from '../../src/parquet/format.ts';
import { arbitraryTable } from './arbitrary-table.ts';
import { hyparquetMetadata, queryDuckdb } from './judges.ts';
import { checksumOf, pageAt, pageIndexes, pagesOf } from './pages.ts';
import { list, oneColumn, type Cell } from './table.ts';
import { writeTable } from './write-table.ts';

const repeat = (rows: number, cellOf: (row: number) => Cell): Cell[] =>
  Array.from({ length: rows }, (_, row) => cellOf(row));

type Type = Parameters<typeof oneColumn>[0];

async function indexOf(type: Type, cells: readonly Cell[]) {
  const file = await writeTable(oneColumn(type, cells), { rowGroupRows: 1 << 20, level: 1 });
  const [index] = pageIndexes(file);
  const firstRows = index!.offsets.page_locations.map((page) => Number(page.first_row_index));
  return { file, columns: index!.columns(), firstRows };
}

describe('a page ends before the row that is one too many, or would pass 1 MiB', () => {
  const kib = 1024;
  test.each<[string, Type, Cell[], number[]]>([
    ['20,000 rows', 'int64', repeat(20_000, BigInt), [0]],
    ['a row more', 'int64', repeat(20_001, BigInt), [0, 20_000]],
    ['50,000 rows', 'boolean', repeat(50_000, (r) => r % 3 === 0), [0, 20_000, 40_000]],
    ['nulls count as rows', 'double', repeat(20_001, () => null), [0, 20_000]],
    ['a dictionary', 'text', repeat(40_001, (r) => `${r % 3}`), [0, 20_000, 40_000]],
    // 4 bytes of length are counted.
    ['4 texts of just 256 KiB', 'text', repeat(4, (r) => `${r}`.padStart(256 * kib - 4)), [0]],
    ['a byte more', 'text', repeat(4, (r) => `${r}`.padStart(256 * kib - (r === 3 ? 3 : 4))), [0, 3]],
    [
      'a row above it is a page of its own',
      'text',
      ['a', 'x'.repeat(1100 * kib), 'b', null, 'y'.repeat(1100 * kib)],
      [0, 1, 2, 4],
    ],
    ['nested rows are whole', list({ type: 'int64' }), repeat(3, () => repeat(90_000, BigInt)), [0, 1, 2]],
    [
      '20,000 nested rows',
      list({ type: 'int64' }),
      repeat(20_001, (r) => (r % 2 === 0 ? [] : null)),
      [0, 20_000],
    ],
  ])('%s', async (_title, type, cells, firstRows) => {
    expect((await indexOf(type, cells)).firstRows).toEqual(firstRows);
  });
});

describe('the column index states nulls and bounds of each page', () => {
  const pages = (...values: readonly (readonly Cell[])[]): Cell[] =>
    values.flatMap((few) => repeat(20_000, (r) => few[r % few.length]!));

  test.each<[string, Type, Cell[], object]>([
    [
      'rising',
      'int64',
      pages([1n, 2n], [2n, 5n, null, 4n], [7n]),
      {
        null_pages: [false, false, false],
        min_values: [1n, 2n, 7n],
        max_values: [2n, 5n, 7n],
        null_counts: [0n, 5000n, 0n],
        boundary_order: 'ASCENDING',
      },
    ],
    ['falling', 'date', pages([5, -2], [3, -3], [-700_000]), { boundary_order: 'DESCENDING' }],
    ['neither', 'double', pages([1.5], [-1.5], [0.5]), { boundary_order: 'UNORDERED' }],
    ['smallest rising, largest falling', 'int64', pages([1n, 9n], [2n, 8n]), { boundary_order: 'UNORDERED' }],
    ['all alike', 'boolean', pages([true], [true]), { boundary_order: 'ASCENDING' }],
    [
      'pages of nulls are left out of the order',
      'text',
      pages(['a', 'b'], [null], ['b', 'c']),
      {
        null_pages: [false, true, false],
        min_values: ['a', '', 'b'],
        max_values: ['b', '', 'c'],
        null_counts: [0n, 20_000n, 0n],
        boundary_order: 'ASCENDING',
      },
    ],
    [
      'long texts are cut, the largest upwards',
      'text',
      ['m'.repeat(100), 'n'.repeat(100)],
      { min_values: ['m'.repeat(64)], max_values: [`${'n'.repeat(63)}o`] },
    ],
    ['negative dates are no large ones', 'date', pages([-1], [1]), { boundary_order: 'ASCENDING' }],
    ['nulls alone', 'int64', [null], { null_pages: [true], boundary_order: 'ASCENDING' }],
  ])('%s', async (_title, type, cells, expected) => {
    expect((await indexOf(type, cells)).columns).toMatchObject(expected);
  });

  test.each<[string, Type, Cell[]]>([
    ['JSON', 'json', ['1', '2']],
    ['a NaN', 'double', [1, NaN]],
    ['a text that nothing sorts above', 'text', ['\u{10ffff}'.repeat(17)]],
  ])('there is none for %s', async (_title, type, cells) => {
    const { columns, firstRows } = await indexOf(type, cells);
    expect(columns).toBeUndefined();
    expect(firstRows).toEqual([0]);
  });
});

test('DuckDB finds every row by filters on bounds of pages and chunks', async () => {
  const cells = repeat(60_000, (r) => (r % 10 === 0 ? null : BigInt(r * 3)));
  const file = await writeTable(oneColumn('int64', cells), { rowGroupRows: 45_000 });
  for (const row of [1, 19_999, 20_001, 44_999, 45_001, 59_999]) {
    const [found] = await queryDuckdb(file, `SELECT count(*) AS n FROM FILE WHERE c = ${row * 3}`);
    expect([row, found!['n']]).toEqual([row, 1n]);
  }
});

const options = fc.record({
  rowGroupRows: fc.constantFrom(5, 64, 20_000),
  codec: fc.constantFrom(...CODEC_NAMES),
  parquetProfile: fc.constantFrom(...PARQUET_PROFILES),
});

test('pages have checksums, and the offset index leads to each of them', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryTable(100, 2), options, async (table, stored) => {
      const file = await writeTable(table, stored);
      const pages = pagesOf(file);
      expect(pages.map((page) => page.crc)).toEqual(pages.map(checksumOf));
      if (stored.codec === 'none')
        expect(pages.map((page) => page.uncompressed)).toEqual(pages.map((page) => page.compressed));
      if (stored.parquetProfile === 'compatible') {
        expect(pages.every(({ type, encoding }) => type === 0 && encoding === 0)).toBe(true);
        return;
      }
      const found = pageIndexes(file).flatMap(({ offsets }) =>
        offsets.page_locations.map(({ offset, compressed_page_size }) => {
          const page = pageAt(file, Number(offset));
          expect(page.length).toBe(compressed_page_size);
          return page.crc;
        }),
      );
      expect(found).toEqual(pages.filter(({ type }) => type === 0).map((page) => page.crc));
    }),
    { numRuns: 60 },
  );
});

test('the compatible profile has no page index', async () => {
  const file = await writeTable(oneColumn('text', ['a', 'a', 'a']), { parquetProfile: 'compatible' });
  const [chunk] = hyparquetMetadata(file).row_groups[0]!.columns;
  expect([chunk!.offset_index_offset, chunk!.column_index_offset]).toEqual([undefined, undefined]);
});
