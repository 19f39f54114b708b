import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { RunEvent } from '../../../src/events.ts';
import {
  progressAfter,
  progressSnapshot,
  startProgress,
  type ProgressSnapshot,
} from '../../../src/cli/progress/state.ts';
import { REPORT } from '../../report/report-facts.ts';

type Timed = readonly [atMs: number, event: RunEvent];

const planned = (already = { units: 0, records: 0, decoded: 0 }): RunEvent => ({
  kind: 'planned',
  runId: '0000-89abcdef',
  directory: '/out/_winnow/0000-89abcdef',
  units: 4,
  shards: 2,
  inputs: 4,
  bytes: 100,
  decoded: 1000,
  already,
});
const started = (shard: number): RunEvent => ({ kind: 'shard-started', shard });
const read = (shard: number, records: number, decodedBytes: number): RunEvent => ({
  kind: 'progress',
  shard,
  records,
  decodedBytes,
  memoryBytes: 1,
  memoryLimitBytes: 2,
});
const committed = (shard: number, records: number, decoded: number, last = true): RunEvent => ({
  kind: 'committed',
  shard,
  unit: 0,
  sub: 0,
  last,
  records,
  quarantined: 1,
  decoded,
});
const failed = (shard: number, again = true): RunEvent => ({
  kind: 'shard-failed',
  shard,
  cause: 'bug',
  message: 'm',
  again,
});

function snapshotAfter(events: readonly Timed[], nowMs: number): ProgressSnapshot {
  const state = events.reduce((before, [at, event]) => progressAfter(before, event, at), startProgress(0));
  return progressSnapshot(state, nowMs);
}

describe('progress', () => {
  test.each<[string, readonly Timed[], number, Partial<ProgressSnapshot>]>([
    [
      'is planning at first',
      [],
      1500,
      { phase: 'planning', seconds: 1.5, share: 0, records: 0, secondsLeft: undefined },
    ],
    [
      'knows nothing of the time left before bytes came',
      [[0, planned()]],
      1000,
      { phase: 'running', secondsLeft: undefined, plannedUnits: 4 },
    ],
    [
      'counts what is read',
      [
        [0, planned()],
        [0, started(0)],
        [1000, read(0, 10, 250)],
      ],
      1000,
      { records: 10, share: 0.25, recordsPerSecond: 10, bytesPerSecond: 250, secondsLeft: 3 },
    ],
    [
      'counts what is read and committed once',
      [
        [0, planned()],
        [0, started(0)],
        [1000, read(0, 10, 250)],
        [1000, committed(0, 10, 250)],
        [2000, read(0, 15, 400)],
      ],
      2000,
      { records: 15, share: 0.4, units: 1, quarantined: 1 },
    ],
    [
      'counts a commit that no progress announced',
      [
        [0, planned()],
        [0, started(0)],
        [1000, committed(0, 10, 250)],
        [1000, { kind: 'shard-done', shard: 0 }],
      ],
      1000,
      { records: 10, share: 0.25 },
    ],
    [
      'takes back what a failed attempt had not committed',
      [
        [0, planned()],
        [0, started(0)],
        [1000, committed(0, 10, 250)],
        [2000, read(0, 20, 500)],
        [3000, failed(0)],
        [3000, started(0)],
        [4000, read(0, 3, 90)],
      ],
      4000,
      { records: 13, share: 0.34, failedShards: 0 },
    ],
    [
      'counts shards that are given up',
      [
        [0, planned()],
        [0, started(0)],
        [10, failed(0, false)],
      ],
      10,
      { failedShards: 1 },
    ],
    [
      'starts a resumed run where it was, and takes no credit for it in the rates',
      [
        [0, planned({ units: 2, records: 50, decoded: 500 })],
        [0, started(1)],
        [1000, read(1, 10, 100)],
      ],
      1000,
      { units: 2, records: 60, share: 0.6, recordsPerSecond: 10, secondsLeft: 4 },
    ],
    [
      'adds up shards',
      [
        [0, planned()],
        [0, started(0)],
        [0, started(1)],
        [500, read(0, 1, 100)],
        [1000, read(1, 2, 200)],
      ],
      1000,
      { records: 3, share: 0.3 },
    ],
    [
      'stays below 100 % while units are open, when the estimate was too small',
      [
        [0, planned()],
        [0, started(0)],
        [1000, read(0, 10, 5000)],
      ],
      1000,
      { share: 0.99, secondsLeft: undefined },
    ],
    [
      'is at 100 % when all units are committed, when the estimate was too large',
      [
        [0, planned({ units: 3, records: 0, decoded: 0 })],
        [0, started(0)],
        [1000, committed(0, 1, 1)],
      ],
      1000,
      { share: 1, secondsLeft: 0 },
    ],
    [
      'does not count units by their sub-units',
      [
        [0, planned()],
        [0, started(0)],
        [10, committed(0, 1, 1, false)],
      ],
      10,
      { units: 0 },
    ],
    [
      'looks only at the last 15 seconds',
      [
        [0, planned()],
        [0, started(0)],
        [10_000, read(0, 1000, 100)],
        [20_000, read(0, 1010, 200)],
        [35_000, read(0, 1025, 350)],
      ],
      35_000,
      { recordsPerSecond: 1, bytesPerSecond: 10 },
    ],
    [
      'is done at the end',
      [
        [0, planned()],
        [10, { kind: 'done', report: REPORT }],
      ],
      10,
      { phase: 'done' },
    ],
  ])('%s', (_what, events, nowMs, snapshot) => {
    expect(snapshotAfter(events, nowMs)).toMatchObject(snapshot);
  });

  test('keeps few samples, and never counts more than was read', () => {
    const steps = fc.array(fc.tuple(fc.nat(3), fc.nat(100), fc.nat(3000)), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (moves) => {
        let state = progressAfter(startProgress(0), planned(), 0);
        let now = 0;
        const attempt = new Map<number, { read: number; committed: number }>();
        let kept = 0;
        for (const [shard, records, ms] of moves) {
          now += ms;
          const before = attempt.get(shard);
          if (before === undefined) {
            attempt.set(shard, { read: 0, committed: 0 });
            state = progressAfter(state, started(shard), now);
          } else if (records % 5 === 0) {
            attempt.delete(shard);
            state = progressAfter(state, failed(shard), now);
          } else if (records % 5 === 1) {
            kept += before.read - before.committed;
            state = progressAfter(state, committed(shard, before.read - before.committed, 0), now);
            attempt.set(shard, { read: before.read, committed: before.read });
          } else {
            attempt.set(shard, { ...before, read: before.read + records });
            state = progressAfter(state, read(shard, before.read + records, 0), now);
          }
          const open = [...attempt.values()].reduce((sum, one) => sum + one.read - one.committed, 0);
          expect(progressSnapshot(state, now).records).toBe(kept + open);
        }
        expect(state.samples.length).toBeLessThanOrEqual(33);
      }),
    );
  });
});
