import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { groupShards } from '@winnow/core';
import { expectedMinutes, expectedUsd, expectRun, type PlannedWork } from '../../src/cost/estimate.ts';
import { expectedRequests } from '../../src/cost/expected-requests.ts';
import { US_EAST_1 } from '../../src/cost/us-east-1.ts';
import { fargateSize } from '../../src/backend/aws-batch/fargate-size.ts';

const FREE = { ...US_EAST_1, s3: { writesPer1000: 0, readsPer1000: 0 }, logs: { gb: 0 } };
const sizeOf = (memoryMiB: number) => fargateSize(memoryMiB, 1) ?? { vcpus: 1, memoryMiB };

/** A run of so many decoded bytes in units of one class. */
function work(
  decoded: number,
  units: number,
  unitsPerShard = 1,
  more: Partial<PlannedWork> = {},
): PlannedWork {
  const classes = [{ memoryMiB: 512, firstUnit: 0, units }];
  return {
    ...{ decoded, inputs: 0, unitBytes: 2 ** 30, classes, grouping: groupShards(classes, unitsPerShard) },
    ...{ columns: [], memoryMiB: 512, sizeOf },
    ...more,
  };
}

describe('a run is expected to cost', () => {
  // 40 MB/s and a minute to start: 2.4 GB a shard are two minutes.
  const minute = (0.04048 + 2 * 0.004445) / 60;
  test.each<[string, PlannedWork, number]>([
    ['a shard of nothing', work(0, 1), minute],
    ['a shard', work(2.4e9, 1), 2 * minute],
    ['ten shards', work(24e9, 10), 20 * minute],
    ['two shards of five units', work(24e9, 10, 5), 2 * 6 * minute],
    ['nothing', work(0, 0), 0],
  ])('%s', (_what, planned, usd) => {
    expect(expectedUsd(expectRun(planned), FREE, { capacity: 'fargate' })).toBeCloseTo(usd, 5);
    expect(expectedUsd(expectRun(planned), FREE, { capacity: 'fargate-spot' })).toBeCloseTo(usd / 2, 5);
  });

  test('what its containers are: a class with larger windows has larger ones', () => {
    const classes = [
      { memoryMiB: 512, firstUnit: 0, units: 3 },
      { memoryMiB: 16384, firstUnit: 3, units: 1 },
    ];
    const planned = work(9.6e9, 4, 1, { classes, grouping: groupShards(classes, 2) });
    expect(expectRun(planned).containers).toEqual([
      { count: 2, size: { vcpus: 1, memoryMiB: 2048 }, seconds: 150 },
      { count: 1, size: { vcpus: 2, memoryMiB: 16384 }, seconds: 120 },
    ]);
  });

  test('what requests and logs do on top', () => {
    const expected = expectRun(work(2.4e9, 1, 1, { inputs: 1_000_000 }));
    const containers = expectedUsd(expected, FREE, {});
    const reads = (expectedRequests({ ...expected, containers: 1 }).reads * 0.0004) / 1000;
    expect(reads).toBeGreaterThan(0.4);
    expect(expectedUsd(expected, US_EAST_1, {})).toBeGreaterThan(containers + reads);
  });

  test('more with more to do, and on less than a vCPU for longer', () => {
    fc.assert(
      fc.property(fc.nat(1e12), fc.nat(1e12), fc.integer({ min: 1, max: 100 }), (some, more, units) => {
        const usd = (decoded: number): number => expectedUsd(expectRun(work(decoded, units)), US_EAST_1, {});
        expect(usd(some + more)).toBeGreaterThanOrEqual(usd(some));
      }),
    );
    const quarter = work(2.4e9, 1, 1, { sizeOf: () => ({ vcpus: 0.25, memoryMiB: 512 }) });
    expect(expectRun(quarter).containers[0]?.seconds).toBe(60 + 240);
  });
});

describe('a run is expected to take', () => {
  test.each<[string, PlannedWork, number | undefined, number]>([
    ['as long as a shard where all find a place', work(24e9, 10), undefined, 2],
    ['longer where fewer run at once', work(24e9, 10), 5, 4],
    ['no less where more may run than there are', work(24e9, 10), 100, 2],
    ['longer where thousands have to start', work(2.4e9 * 2100, 2100), undefined, 2 + 100 / 60],
    ['no time for nothing', work(0, 0), undefined, 0],
  ])('%s', (_what, planned, maxRunning, minutes) => {
    expect(expectedMinutes(expectRun(planned), maxRunning)).toBeCloseTo(minutes, 0.9);
  });
});
