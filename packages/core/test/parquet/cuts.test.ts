import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CODEC_NAMES, PARQUET_PROFILES } from '../../src/parquet/format.ts';
import { arbitraryTable } from './arbitrary-table.ts';
import { canJudge, duckdb, hyparquet, parquetWasm } from './judges.ts';
import { difference, type Table } from './table.ts';
import { writeTable } from './write-table.ts';

const limits = fc.record({
  rowGroupRows: fc.constantFrom(1, 7, 64, 100, 20_000),
  rowGroupBytes: fc.constantFrom(1, 200, 3000, 1 << 26),
});
const storage = fc.record({
  codec: fc.constantFrom(...CODEC_NAMES),
  parquetProfile: fc.constantFrom(...PARQUET_PROFILES),
});
const cuts = fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 5 });

const TABLES = [
  ['flat', arbitraryTable()],
  ['nested', arbitraryTable(60, 3)],
] as const;

test.each(TABLES)(
  'any cut of %s tables into batches gives the same bytes as one batch',
  async (_title, tables) => {
    await fc.assert(
      fc.asyncProperty(tables, limits, cuts, async (table, options, lengths) => {
        const whole = await writeTable(table, options);
        const cut = await writeTable(table, { ...options, cuts: lengths });
        expect(cut.equals(whole)).toBe(true);
      }),
      { numRuns: 150 },
    );
  },
);

/** Long enough that a dictionary is tried, kept and given up, at all distances from a batch's border. */
test.each([
  ['given up after the trial', (r: number) => `${r % 800}`],
  ['kept', (r: number) => `${r % 700}`],
  ['given up for its bytes', (r: number) => `${r % 600}`.padStart(2500)],
])('a dictionary that is %s is so for any cut', async (_title, textOf) => {
  const table: Table = {
    columns: [{ name: 'c', type: 'text' }],
    rows: Array.from({ length: 2500 }, (_, r) => [r % 9 === 0 ? null : textOf(r)]),
  };
  const whole = await writeTable(table);
  for (const length of [1, 63, 64, 65, 1000, 1023, 1024, 1025, 1152, 2499]) {
    expect((await writeTable(table, { cuts: [length] })).equals(whole)).toBe(true);
  }
});

test.each(TABLES)('readers agree on random %s tables', async (_title, tables) => {
  await fc.assert(
    fc.asyncProperty(tables, limits, storage, async (table, options, stored) => {
      const file = await writeTable(table, { ...options, ...stored });
      for (const judge of [hyparquet, parquetWasm]) {
        if (canJudge(judge, table))
          expect(difference(table, await judge(file, table.columns))).toBeUndefined();
      }
    }),
    { numRuns: 100 },
  );
});

test.each(TABLES)('DuckDB agrees on random %s tables', async (_title, tables) => {
  await fc.assert(
    fc.asyncProperty(tables, limits, storage, async (table, options, stored) => {
      const file = await writeTable(table, { ...options, ...stored });
      expect(difference(table, await duckdb(file, table.columns))).toBeUndefined();
    }),
    { numRuns: 30 },
  );
});
