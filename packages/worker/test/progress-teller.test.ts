import { expect, test } from '@jest/globals';
import type { WorkerEvent } from '@winnow/core';
import { progressTeller } from '../src/progress-teller.ts';

test('tells what is committed and what is open, at most once in so many milliseconds', () => {
  const told: WorkerEvent[] = [];
  let now = 0;
  const progress = progressTeller(7, 100, {
    log: (event) => told.push(event),
    now: () => now,
    residentBytes: () => now * 1000,
  });
  const at = (ms: number, records: number, decoded: number): void => {
    now = ms;
    progress.open(records, decoded);
  };
  at(99, 1, 10);
  at(100, 2, 20);
  at(199, 3, 30);
  at(200, 4, 40);
  progress.committed(5, 50);
  // The next sub-unit's first piece may be larger than all of the one before.
  at(300, 6, 60);
  // A pass that begins again.
  at(400, 1, 10);
  expect(told).toEqual(
    [
      [2, 20, 100_000],
      [4, 40, 200_000],
      [11, 110, 300_000],
      [6, 60, 400_000],
    ].map(([records, decoded, memoryBytes]) => ({
      event: 'progress',
      shard: 7,
      records,
      decoded,
      memoryBytes,
    })),
  );
});

test('tells nothing where nothing is asked for', () => {
  const told: WorkerEvent[] = [];
  const progress = progressTeller(0, 0, {
    log: (event) => told.push(event),
    now: () => 1e9,
    residentBytes: () => 1,
  });
  progress.open(1, 1);
  expect(told).toEqual([]);
});
