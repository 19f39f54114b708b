import { expect, test } from '@jest/globals';
import type { RunEvent } from '../../src/events.ts';
import { DriftWatch } from '../../src/run/drift-watch.ts';

const unit = (records: number, key?: string, drifted = 0): RunEvent => ({
  ...{ kind: 'committed', shard: 0, unit: 0, sub: 0, last: true, quarantined: 0, decoded: 0, records },
  drift: key === undefined ? undefined : { key, records: drifted },
});
const warnings = (...events: RunEvent[]): string[] => {
  const watch = new DriftWatch();
  return events.map((event) => watch.see(event)).filter((warning) => warning !== undefined);
};

test.each<[string, RunEvent[], number]>([
  ['no drift', [unit(5000)], 0],
  ['one in a hundred', [unit(5000, 'k', 50)], 0],
  ['more than that', [unit(5000, 'k', 51)], 1],
  ['more than that, of a few records only', [unit(900, 'k', 900)], 0],
  ['summed over units', [unit(900, 'k', 20), unit(900), unit(900, 'k', 20)], 1],
  ['different keys do not add up', [unit(2000, 'k', 15), unit(1000, 'l', 16)], 0],
  ['once only', [unit(5000, 'k', 5000), unit(5000, 'k', 5000)], 1],
  ['not of later units', [unit(100_000), unit(100_000, 'k', 100_000)], 0],
])('%s: %#', (_title, events, count) => {
  expect(warnings(...events)).toHaveLength(count);
});

test('the warning names the key, the share and what to do', () => {
  expect(warnings(unit(2000, 'k"', 100))).toEqual([
    'in 5.0 % of the first 2000 records "k\\"" does not fit the schema: see what winnow inspect schema prints, and give a better one with --schema and another --output',
  ]);
});
