import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Attempt, IntendedJob } from '@winnow/core';
import { Bill } from '../../src/cost/bill.ts';
import type { BilledSubmissions } from '../../src/cost/submissions.ts';
import { US_EAST_1 } from '../../src/cost/us-east-1.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

const attemptOf = (
  shard: number,
  submission: number,
  seconds: number,
  more: Partial<Attempt> = {},
): Attempt => ({
  ...{ shard, submission, attempt: '1', state: 'committed', host: 'h', pid: 1 },
  ...{ startedAt: at(0), updatedAt: at(seconds), cpuSeconds: 7, peakMemoryMiB: 1, memoryMiB: 512 },
  ...{ committed: { subUnits: 0, records: 0, decoded: 0 } },
  ...more,
});

const jobOf = (more: Partial<IntendedJob> = {}): IntendedJob => ({
  ...{ name: 'n', queue: 'q', definition: 'd:1', vcpus: 1, memoryMiB: 2048, timeoutSeconds: 60 },
  ...{ capacity: 'fargate-spot', architecture: 'x86' },
  ...more,
});

/** What these attempts come to where each submission is such a job. */
function costOf(
  attempts: readonly Attempt[],
  jobs: readonly IntendedJob[],
  prices = US_EAST_1,
  told: BilledSubmissions['told'] = new Map(),
) {
  const bill = new Bill(prices, { jobs: new Map(jobs.entries()), told });
  for (const attempt of attempts) bill.add(attempt);
  return bill.cost(null);
}

/** Without requests and logs, which every attempt of a service has. */
const FREE = { ...US_EAST_1, s3: { writesPer1000: 0, readsPer1000: 0 }, logs: { gb: 0 } };

describe('an hour of a container', () => {
  test.each<[string, Partial<IntendedJob>, number, number]>([
    // vCPU × price + GB × price, then the same on demand
    ['1 vCPU, 2 GB of Spot', {}, 0.02024 + 2 * 0.0022225, 0.04048 + 2 * 0.004445],
    ['the same on demand', { capacity: 'fargate' }, 0.04048 + 2 * 0.004445, 0.04048 + 2 * 0.004445],
    [
      '4 vCPU, 30 GB of Spot',
      { vcpus: 4, memoryMiB: 30720 },
      4 * 0.02024 + 30 * 0.0022225,
      4 * 0.04048 + 30 * 0.004445,
    ],
    ['ARM on Spot', { architecture: 'arm64' }, 0.01619 + 2 * 0.00178, 0.03238 + 2 * 0.00356],
    ['0.25 vCPU, half a GB', { vcpus: 0.25, memoryMiB: 512 }, 0.00506 + 0.00111125, 0.01012 + 0.0022225],
  ])('of %s', (_what, job, usd, onDemand) => {
    const cost = costOf([attemptOf(0, 0, 3600)], [jobOf(job)], FREE);
    expect(cost.actual).toBeCloseTo(usd, 5);
    expect(cost.onDemand).toBeCloseTo(onDemand, 5);
  });

  test('where Batch did not tell is taken for the dearer, and its name says so', () => {
    const { capacity: _capacity, architecture: _architecture, ...untold } = jobOf();
    const cost = costOf([attemptOf(0, 0, 3600)], [untold], FREE);
    expect(cost.actual).toBeCloseTo(0.04048 + 2 * 0.004445, 5);
    expect(cost.items[0]).toMatchObject({ name: 'Fargate (assumed) x86, vCPU', quantity: 3600 });
  });

  test('on EC2 has no price: nor has the run', () => {
    const cost = costOf([attemptOf(0, 0, 3600), attemptOf(1, 1, 60)], [jobOf({ capacity: 'ec2' }), jobOf()]);
    expect(cost).toMatchObject({ actual: null });
    expect(cost.items[0]).toEqual({ name: 'EC2 x86, vCPU', quantity: 3600, unit: 'vCPU-seconds', usd: null });
    expect(cost).not.toHaveProperty('onDemand');
  });
});

test('all attempts are billed, those that were lost and those of other submissions with their own sizes', () => {
  const jobs = [jobOf(), jobOf({ memoryMiB: 4096, capacity: 'fargate' })];
  const attempts = [
    attemptOf(0, 0, 100, { state: 'running' }),
    attemptOf(0, 1, 200),
    attemptOf(1, 0, 10, { state: 'interrupted' }),
    attemptOf(2, 0, 1, { state: 'failed' }),
  ];
  const cost = costOf(attempts, jobs, FREE);
  expect(cost.items.map(({ name, quantity, unit }) => [name, quantity, unit])).toEqual([
    ['Fargate Spot x86, vCPU', 220, 'vCPU-seconds'],
    ['Fargate Spot x86, memory', 440, 'GB-seconds'],
    ['Fargate x86, vCPU', 200, 'vCPU-seconds'],
    ['Fargate x86, memory', 800, 'GB-seconds'],
    ['CloudWatch Logs, estimated', 0.00002, 'GB'],
  ]);
  expect(cost.shards?.map(({ shard, attempts: count }) => [shard, count])).toEqual([
    [0, 2],
    [1, 1],
    [2, 1],
  ]);
});

describe('attempts that left no record', () => {
  const secondsOf = (cost: ReturnType<typeof costOf>): number | undefined => cost.items[0]?.quantity;
  const shardsOf = (cost: ReturnType<typeof costOf>): unknown =>
    cost.shards?.map(({ shard, attempts }) => [shard, attempts]);

  test('are those before one that did, at a minute', () => {
    const cost = costOf([attemptOf(4, 0, 100, { attempt: '3' })], [jobOf()]);
    expect(secondsOf(cost)).toBe(60 + 60 + 100);
    expect(shardsOf(cost)).toEqual([[4, 3]]);
  });

  test('are those that the service told of, at what it told; of the others it is what is known to be more', () => {
    const told = new Map([
      [4, new Map([[0, [70.5, 90, 500]]])],
      [9, new Map([[1, [0, 200]]])],
    ]);
    const attempts = [attemptOf(4, 0, 100, { attempt: '2' }), attemptOf(5, 1, 10)];
    const cost = costOf(attempts, [jobOf(), jobOf()], US_EAST_1, told);
    expect(secondsOf(cost)).toBe(71 + 100 + 500 + 60 + (60 + 200));
    expect(shardsOf(cost)).toEqual([
      [4, 3],
      [9, 2],
      [5, 1],
    ]);
  });

  test('are billed as the job of their own submission', () => {
    const told = new Map([[4, new Map([[1, [60]]])]]);
    const cost = costOf([attemptOf(4, 0, 60)], [jobOf(), jobOf({ vcpus: 4 })], US_EAST_1, told);
    expect(secondsOf(cost)).toBe(60 + 4 * 60);
    expect(shardsOf(cost)).toEqual([[4, 2]]);
  });

  test('are none where attempts have no numbers', () => {
    expect(secondsOf(costOf([attemptOf(0, 0, 60, { attempt: 'c0ffee-1' })], [jobOf()]))).toBe(60);
  });

  test('are all there is of a run whose containers never came to work', () => {
    const cost = costOf([], [jobOf()], FREE, new Map([[0, new Map([[0, [3600]]])]]));
    expect(cost.actual).toBeCloseTo(0.02024 + 2 * 0.0022225, 5);
  });
});

test('requests and logs have their prices', () => {
  const cost = costOf([attemptOf(0, 0, 60, { requests: { writes: 2000, reads: 50_000 } })], [jobOf()]);
  expect(cost.items.slice(2)).toEqual([
    { name: 'S3 PUT, COPY, POST, LIST of workers', quantity: 2000, unit: 'requests', usd: 0.01 },
    { name: 'S3 GET, HEAD of workers', quantity: 50_000, unit: 'requests', usd: 0.02 },
    expect.objectContaining({ name: 'CloudWatch Logs, estimated', unit: 'GB' }),
  ]);
});

test('processes of a machine have their CPU time and no price', () => {
  const cost = costOf([attemptOf(0, 0, 5), attemptOf(1, 1, 5)], []);
  expect(cost).toEqual({
    ...{ estimated: null, actual: null, currency: 'USD' },
    items: [{ name: 'CPU time of processes', quantity: 14, unit: 'vCPU-seconds', usd: null }],
  });
});

test('the sums are those of the attempts, and Spot never costs more', () => {
  const attempt = fc.record({
    shard: fc.nat(20),
    submission: fc.nat(2),
    seconds: fc.integer({ min: 0, max: 100_000 }),
  });
  const jobs = [
    jobOf(),
    jobOf({ capacity: 'fargate', memoryMiB: 8192 }),
    jobOf({ architecture: 'arm64', vcpus: 2 }),
  ];
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 1, maxLength: 50 }), (made) => {
      const attempts = made
        .toSorted((a, b) => a.shard - b.shard)
        .map(({ shard, submission, seconds }) => attemptOf(shard, submission, seconds));
      const cost = costOf(attempts, jobs, FREE);
      const alone = attempts.map((one) => costOf([one], jobs, FREE).actual ?? NaN);
      expect(cost.actual).toBeCloseTo(
        alone.reduce((sum, usd) => sum + usd, 0),
        3,
      );
      expect(cost.onDemand).toBeGreaterThanOrEqual((cost.actual ?? NaN) - 1e-6);
      const byShard = new Map<number, number>();
      for (const [index, { shard }] of attempts.entries())
        byShard.set(shard, (byShard.get(shard) ?? 0) + (alone[index] ?? 0));
      const dearest = [...byShard.values()].sort((a, b) => b - a);
      for (const [index, { usd }] of (cost.shards ?? []).entries())
        expect(usd).toBeCloseTo(dearest[index] ?? NaN, 4);
      expect(cost.shards).toHaveLength(byShard.size);
    }),
    { numRuns: 50 },
  );
});
