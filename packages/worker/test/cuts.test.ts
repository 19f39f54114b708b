import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { doShards } from './do-shards.ts';
import { ndjsonText, pack, share, type Packing } from './ndjson-text.ts';
import { outcomeOf } from './outcome.ts';
import { prepareRun, withFolder, writeFiles } from './prepared-run.ts';

const input = fc.record({
  text: ndjsonText,
  packing: fc.constantFrom<Packing>('plain', 'gzip', 'zstd'),
  cuts: fc.array(share, { maxLength: 3 }),
});
const cut = fc.record({
  unitBytes: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 3000 })),
  rowGroupRows: fc.integer({ min: 1, max: 20 }),
  rowGroupBytes: fc.integer({ min: 1, max: 2000 }),
  unitsPerShard: fc.integer({ min: 1, max: 5 }),
});

test('any cut of any input gives the same records as no cut', async () => {
  let subUnits = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(input, { minLength: 1, maxLength: 3 }),
      cut,
      fc.constantFrom('rest' as const, 'fail' as const, 'drop' as const),
      fc.constantFrom(1 << 20, 60),
      (inputs, cutting, drift, maxRecordBytes) =>
        withFolder(async (folder) => {
          for (const [i, { text, packing, cuts }] of inputs.entries()) {
            await writeFiles(folder, { [`plain/${i}`]: text, [`in/${i}`]: pack(text, packing, cuts) });
          }
          const uncut = await prepareRun(folder, { source: 'plain', output: 'uncut', drift, maxRecordBytes });
          await doShards(uncut);
          const expected = await outcomeOf(uncut);
          const prepared = await prepareRun(folder, { ...cutting, drift, maxRecordBytes });
          await doShards(prepared);
          const found = await outcomeOf(prepared);

          expect(found.rows).toEqual(expected.rows);
          expect(found.quarantined).toEqual(expected.quarantined);
          for (const { sums } of [expected, found]) {
            expect(sums.problems.first).toEqual([]);
            expect(sums.missing.first).toEqual([]);
            expect(sums.refusals.total).toBe(0);
          }
          const { records, skipped, lines, bytes } = found.sums;
          expect({ records, skipped, lines }).toEqual({
            records: expected.sums.records,
            skipped: expected.sums.skipped,
            lines: expected.sums.lines,
          });
          expect(lines).toBe(records.read + skipped.blank);
          const decoded = inputs.reduce((sum, { text }) => sum + text.length, 0);
          expect([bytes.decoded, expected.sums.bytes.decoded]).toEqual([decoded, decoded]);
          expect([bytes.planned, bytes.read]).toEqual([prepared.run.plan.bytes, prepared.run.plan.bytes]);
          expect(new Map(found.sums.drift)).toEqual(new Map(expected.sums.drift));
          subUnits += found.sums.subUnits - prepared.run.plan.units;
        }),
    ),
    { numRuns: 60 },
  );
  // The property says nothing where nothing was cut.
  expect(subUnits).toBeGreaterThan(0);
});
