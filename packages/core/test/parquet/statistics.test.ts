import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { arbitraryTable } from './arbitrary-table.ts';
import { hyparquetMetadata, queryDuckdb } from './judges.ts';
import { decimal, list, oneColumn, struct, type Cell } from './table.ts';
import { writeTable } from './write-table.ts';

/** Statistics of the first row group's only column, as hyparquet reads them. */
async function statisticsOf(type: Parameters<typeof oneColumn>[0], cells: readonly Cell[]) {
  const file = await writeTable(oneColumn(type, cells));
  return hyparquetMetadata(file).row_groups[0]!.columns[0]!.meta_data!.statistics!;
}

const stated = (min: unknown, max: unknown, nulls = 0n, minExact = true, maxExact = minExact): object => ({
  null_count: nulls,
  min_value: min,
  max_value: max,
  is_min_value_exact: minExact,
  is_max_value_exact: maxExact,
});

describe('a chunk states nulls, smallest and largest value', () => {
  const a64 = 'a'.repeat(64);
  test.each<[string, Parameters<typeof oneColumn>[0], Cell[], object]>([
    ['int64', 'int64', [3n, null, -(2n ** 63n), 2n ** 63n - 1n], stated(-(2n ** 63n), 2n ** 63n - 1n, 1n)],
    ['one int64', 'int64', [-7n], stated(-7n, -7n)],
    ['double', 'double', [1.5, -2.5, null], stated(-2.5, 1.5, 1n)],
    ['infinities', 'double', [Infinity, -Infinity], stated(-Infinity, Infinity)],
    ['smallest zero', 'double', [0, 1], stated(-0, 1, 0n, false, true)],
    ['largest zero', 'double', [-0, -1], stated(-1, 0, 0n, true, false)],
    ['date', 'date', [3, null, -719_162], stated(-719_162, 3, 1n)],
    ['timestamp', 'timestamp', [3n, -3n], stated(-3n, 3n)],
    ['datetime', 'datetime', [3n, -3n], stated(-3n, 3n)],
    ['decimal in 8 bytes', decimal(18, 0), [3n, -3n, null], stated(-3, 3, 1n)],
    ['both booleans', 'boolean', [true, false, null], stated(false, true, 1n)],
    ['true', 'boolean', Array<Cell>(70).fill(true), stated(true, true)],
    ['false', 'boolean', [false], stated(false, false)],
    ['text', 'text', ['b', 'ab', 'a', null, 'bb'], stated('a', 'bb', 1n)],
    ['empty text', 'text', ['', 'a'], stated('', 'a')],
    [
      'a zero byte behind the same text',
      'text',
      ['a\u0000', 'a', 'a\u0000\u0000'],
      stated('a', 'a\u0000\u0000'),
    ],
    [
      'texts alike in 8 bytes',
      'text',
      ['12345678b', '12345678', '12345678a'],
      stated('12345678', '12345678b'),
    ],
    ['UTF-8 order, not UTF-16', 'text', ['\uffff', '😀'], stated('\uffff', '😀')],
    ['bytes are unsigned', 'text', ['z', 'é'], stated('z', 'é')],
    ['text of 64 bytes', 'text', [a64], stated(a64, a64)],
    ['longer text', 'text', [`${a64}x`], stated(a64, `${'a'.repeat(63)}b`, 0n, false)],
    [
      'longer text, exact smallest',
      'text',
      ['a', `${a64}x`],
      stated('a', `${'a'.repeat(63)}b`, 0n, true, false),
    ],
  ])('%s', async (_title, type, cells, expected) => {
    expect(await statisticsOf(type, cells)).toMatchObject(expected);
  });

  test.each<[string, Parameters<typeof oneColumn>[0], Cell[], bigint]>([
    ['JSON', 'json', ['1', '2', null], 1n],
    ['nulls alone', 'int64', [null, null], 2n],
    ['no text', 'text', [null], 1n],
  ])('%s: nulls only', async (_title, type, cells, nulls) => {
    const statistics = await statisticsOf(type, cells);
    expect(statistics.null_count).toBe(nulls);
    expect(statistics.min_value ?? statistics.max_value).toBeUndefined();
  });

  test('a largest text that nothing sorts above is left out', async () => {
    const statistics = await statisticsOf('text', ['\u{10ffff}'.repeat(17)]);
    expect(statistics.min_value).toBe('\u{10ffff}'.repeat(16));
    expect(statistics.max_value).toBeUndefined();
  });

  test('a chunk with a NaN states neither smallest nor largest', async () => {
    for (const cells of [
      [NaN, 1],
      [1, NaN],
      [1, NaN, 2],
    ]) {
      expect((await statisticsOf('double', cells)).min_value).toBeUndefined();
    }
  });
});

type Value = string | bigint | number | boolean;

const order = (a: Value, b: Value): number =>
  typeof a === 'string'
    ? Buffer.compare(Buffer.from(a), Buffer.from(b as string))
    : a < b
      ? -1
      : Number(a > b);

test('what is stated holds for every row group of random tables', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryTable(), fc.constantFrom(3, 64, 20_000), async (table, rowGroupRows) => {
      const metadata = hyparquetMetadata(await writeTable(table, { rowGroupRows }));
      let row = 0;
      for (const group of metadata.row_groups) {
        const rows = table.rows.slice(row, (row += Number(group.num_rows)));
        for (const [c, chunk] of group.columns.entries()) {
          const values = rows.map((cells) => cells[c] ?? null).filter((cell): cell is Value => cell !== null);
          const statistics = chunk.meta_data!.statistics!;
          expect(Number(statistics.null_count)).toBe(rows.length - values.length);
          // hyparquet makes numbers of decimals: these have a test of their own.
          if (['json', 'decimal'].includes(table.columns[c]!.type) || values.length === 0) continue;
          const [smallest, largest] = [values.reduce(least), values.reduce(most)];
          assertBound(statistics.min_value as Value, statistics.is_min_value_exact, smallest, -1);
          assertBound(statistics.max_value as Value, statistics.is_max_value_exact, largest, 1);
        }
      }
      expect(row).toBe(table.rows.length);
    }),
    { numRuns: 100 },
  );
});

const least = (a: Value, b: Value): Value => (order(b, a) < 0 ? b : a);
const most = (a: Value, b: Value): Value => (order(b, a) > 0 ? b : a);

/** An exact bound is the value; another is it too or, for a long text, lies beyond it in `direction`. */
function assertBound(
  bound: Value | undefined,
  exact: boolean | undefined,
  value: Value,
  direction: 1 | -1,
): void {
  const isLong = typeof value === 'string' && Buffer.byteLength(value) > 64;
  if (bound === undefined && isLong) return;
  const difference = Math.sign(order(bound!, value));
  expect(difference === 0 || (isLong && difference === direction)).toBe(true);
  if (exact === true) expect(bound).toBe(value);
  else expect(isLong || value === 0).toBe(true);
}

/** In 16 bytes, the highest first: their order as bytes would put negative ones last. */
test.each([
  [[-1n, 0n, 1n], -1n, 1n],
  [[2n ** 64n, 1n, 2n ** 64n - 1n], 1n, 2n ** 64n],
  [[-(2n ** 64n), -(2n ** 64n) - 1n, -1n], -(2n ** 64n) - 1n, -1n],
  [[-(10n ** 38n) + 1n, 10n ** 38n - 1n, 0n], -(10n ** 38n) + 1n, 10n ** 38n - 1n],
  [[-5n, -7n], -7n, -5n],
])('decimals of 38 digits: of %s the smallest is %s, the largest %s', async (values, smallest, largest) => {
  for (const cells of [values, [...values, null, ...values, ...values]]) {
    const file = await writeTable(oneColumn(decimal(38, 0), cells));
    const { statistics, path_in_schema } = hyparquetMetadata(file).row_groups[0]!.columns[0]!.meta_data!;
    expect(path_in_schema).toEqual(['c']);
    // hyparquet reads these bytes as a number: it is near.
    expect(Number(statistics!.min_value)).toBeCloseTo(Number(smallest));
    expect(Number(statistics!.max_value)).toBeCloseTo(Number(largest));
    const [bounds] = await queryDuckdb(
      file,
      'SELECT stats_min_value a, stats_max_value b FROM parquet_metadata(FILE)',
    );
    expect(bounds).toEqual({ a: `${smallest}`, b: `${largest}` });
    for (const value of values) {
      const [found] = await queryDuckdb(
        file,
        `SELECT count(*) AS n FROM FILE WHERE c = ${value}::DECIMAL(38,0)`,
      );
      expect(found!['n']).toBe(BigInt(cells.filter((cell) => cell === value).length));
    }
  }
});

test('leaves of nested columns state theirs; places without a value count as nulls', async () => {
  const type = list(struct({ n: { type: 'int64' }, t: { type: 'text' } }));
  const cells = [[[5n, 'b'], [null, 'a'], null], [], null, [[-1n, null]]];
  const { columns } = hyparquetMetadata(await writeTable(oneColumn(type, cells))).row_groups[0]!;
  expect(columns.map(({ meta_data: facts }) => facts!.path_in_schema.join('.'))).toEqual([
    'c.list.element.n',
    'c.list.element.t',
  ]);
  expect(columns.map(({ meta_data: facts }) => facts!.num_values)).toEqual([6n, 6n]);
  expect(columns[0]!.meta_data!.statistics).toMatchObject(stated(-1n, 5n, 4n));
  expect(columns[1]!.meta_data!.statistics).toMatchObject(stated('a', 'b', 4n));
});

test('a chunk of several pages states the outermost of their bounds', async () => {
  const cells = Array.from({ length: 50_000 }, (_, r) => BigInt((r * 7919) % 50_000));
  const file = await writeTable(oneColumn('int64', cells), { rowGroupRows: 50_000 });
  const { statistics } = hyparquetMetadata(file).row_groups[0]!.columns[0]!.meta_data!;
  expect(statistics).toMatchObject(stated(0n, 49_999n));
});

test('of a bound cut short and the same text in another page the chunk states the exact one', async () => {
  const a64 = 'a'.repeat(64);
  for (const [first, second] of [
    [`${a64}b`, a64],
    [a64, `${a64}b`],
  ]) {
    const cells = Array.from({ length: 20_001 }, (_, r) => (r < 20_000 ? first! : second!));
    const file = await writeTable(oneColumn('text', cells), { rowGroupRows: 50_000 });
    const { statistics } = hyparquetMetadata(file).row_groups[0]!.columns[0]!.meta_data!;
    expect(statistics).toMatchObject({ min_value: a64, is_min_value_exact: true, is_max_value_exact: false });
  }
});

test('DuckDB reads the same statistics', async () => {
  const table = oneColumn('text', ['b', null, 'x'.repeat(100)]);
  const [row] = await queryDuckdb(await writeTable(table), 'SELECT * FROM parquet_metadata(FILE)');
  expect(row).toMatchObject({
    num_values: 3n,
    stats_null_count: 1n,
    stats_min_value: 'b',
    stats_max_value: `${'x'.repeat(63)}y`,
    min_is_exact: true,
    max_is_exact: false,
  });
});

test.each<[string, Parameters<typeof oneColumn>[0], Cell[]]>([
  ['long texts', 'text', ['m'.repeat(100), 'n'.repeat(100), null]],
  ['zeros', 'double', [0, 0]],
  ['one long text', 'text', ['m'.repeat(100)]],
])('DuckDB answers min, max and filters from statistics rightly: %s', async (_title, type, cells) => {
  const file = await writeTable(oneColumn(type, cells));
  const values = cells.filter((cell): cell is Value => cell !== null);
  const [row] = await queryDuckdb(file, 'SELECT min(c) AS lo, max(c) AS hi FROM read_parquet(FILE)');
  expect([row!['lo'], row!['hi']]).toEqual([values.reduce(least), values.reduce(most)]);
  const literal = typeof values[0] === 'string' ? `'${values[0]}'` : String(values[0]);
  const [found] = await queryDuckdb(
    file,
    `SELECT count(*) AS n FROM read_parquet(FILE) WHERE c = ${literal}`,
  );
  expect(found!['n']).toBe(BigInt(values.filter((value) => value === values[0]).length));
});
