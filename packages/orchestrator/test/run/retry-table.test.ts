import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FailureCause } from '../../src/failure-cause.ts';
import { decideRetry } from '../../src/run/budget.ts';
import { MAX_ATTEMPTS, MAX_FAILURES, RETRY_TABLE, waitMs } from '../../src/run/retry-table.ts';

/** Cause, tries in all where every one ends so, wait before the first of them (of 512 MiB), memory of the second. */
const TABLE: readonly (readonly [FailureCause, number, number, number | undefined])[] = [
  ['interrupted', 20, 0, 512],
  ['reclaimed', 20, 0, 512],
  ['withdrawn', 20, 0, 512],
  ['transient', 3, 3750, 512],
  ['not-started', 3, 3750, 512],
  ['out-of-memory', 3, 0, 1024],
  ['killed', 3, 0, 512],
  ['timed-out', 3, 0, 512],
  ['no-receipt', 3, 0, 512],
  ['bug', 2, 0, 512],
  ['image', 1, 0, undefined],
  ['conflict', 1, 0, undefined],
  ['configuration', 1, 0, undefined],
  ['cancelled', 1, 0, undefined],
];

test('every cause has its row', () => {
  expect(TABLE.map(([cause]) => cause).sort()).toEqual(Object.keys(RETRY_TABLE).sort());
});

test.each(TABLE)('%s: %d tries; the second after %d ms with %p MiB', (cause, tries, wait, memoryMiB) => {
  const random = (): number => 0.5;
  const once = decideRetry([{ cause, memoryMiB: 512 }], random);
  expect(once).toEqual(
    memoryMiB === undefined ? { again: false, why: cause } : { again: true, memoryMiB, waitMs: wait },
  );
  let made = 1;
  while (
    decideRetry(
      Array.from({ length: made }, () => ({ cause, memoryMiB: 512 })),
      random,
    ).again
  )
    made++;
  expect(made).toBe(tries);
});

const causes = fc.constantFrom(...(Object.keys(RETRY_TABLE) as FailureCause[]));

test('whatever comes together, what costs is tried three times at most and all of it twenty', () => {
  fc.assert(
    fc.property(fc.array(causes, { minLength: 1, maxLength: 40 }), (list) => {
      const attempts = list.map((cause) => ({ cause, memoryMiB: 512 }));
      const cost = attempts.filter(({ cause }) => RETRY_TABLE[cause].costs).length;
      const ofService = attempts.filter(({ cause }) => cause !== 'withdrawn').length;
      const last = RETRY_TABLE[list.at(-1)!];
      const { again } = decideRetry(attempts, () => 0);
      if (ofService >= MAX_ATTEMPTS || (last.costs && cost >= MAX_FAILURES)) expect(again).toBe(false);
      // A free end neither adds to what costs nor is refused because of it.
      if (!last.costs && list.length < MAX_ATTEMPTS) expect(again).toBe(true);
    }),
  );
});

test('waits double, and are drawn between half and the whole', () => {
  expect([1, 2, 3].map((n) => [waitMs(n, () => 0), waitMs(n, () => 1)])).toEqual([
    [2500, 5000],
    [5000, 10_000],
    [10_000, 20_000],
  ]);
});
