import { expect, test } from '@jest/globals';
import type { Prices } from '@winnow/core';
import { US_EAST_1 } from '../../../src/cost/us-east-1.ts';
import type { WorkDone } from '../../../src/run/run-place.ts';
import { withFolder } from '../../winnow.ts';
import { ArrayRun, type ArrayRunOptions } from './array-run.ts';

/** Five shards; a minute of 1 vCPU and 2 GiB is $0.000823 on demand, and with its requests each is estimated at $0.00087. */
const MINUTE = (0.04048 + 2 * 0.004445) / 60;

/** Containers on demand at so many times the price. */
function pricesOf(times: number): Prices {
  const { x86 } = US_EAST_1.fargate;
  const { vcpuHour, gibHour } = x86.onDemand;
  const onDemand = { vcpuHour: vcpuHour * times, gibHour: gibHour * times };
  return { ...US_EAST_1, fargate: { ...US_EAST_1.fargate, x86: { ...x86, onDemand } } };
}

const withRun = (
  maxCost: number | undefined,
  work: (run: ArrayRun) => Promise<void>,
  { maxRunning, ...more }: ArrayRunOptions & { maxRunning?: number } = {},
): Promise<void> =>
  withFolder(async (folder) =>
    work(await ArrayRun.plan(folder, { ...more, policy: { maxCost, maxRunning } })),
  );

/** All children of a job did their shard in so many seconds. */
async function succeedIn(run: ArrayRun, id: string, seconds: number): Promise<void> {
  for (let index = 0; index < run.api.sizeOf(id); index++) {
    const startedAt = new Date(run.nowMs).toISOString();
    const updatedAt = new Date(run.nowMs + seconds * 1000).toISOString();
    await run.recordAttempt(id, index, { state: 'committed', startedAt, updatedAt });
  }
  await run.succeedAll(id);
}

const latest = (run: ArrayRun): string => run.jobIds.at(-1) ?? '';
const shardsOf = async (run: ArrayRun) => (await run.intents()).map(({ shards }) => shards);

const expectGivenUp = (work: WorkDone, pattern: RegExp): void => {
  expect(work).toMatchObject({ failed: { total: 0 }, cancelled: false });
  expect(work.gaveUp).toMatch(pattern);
};

test('without a limit, or with one that is enough, all of it is submitted at once', async () => {
  for (const maxCost of [undefined, 6 * MINUTE])
    await withRun(maxCost, async (run) => {
      const work = await run.work(() => succeedIn(run, latest(run), 60));
      expect(work).not.toHaveProperty('gaveUp');
      expect(await shardsOf(run)).toEqual([{ first: 0, count: 5 }]);
    });
});

test('only what there is money for is submitted; the same command with more goes on', () =>
  withRun(3.5 * MINUTE, async (run) => {
    expectGivenUp(
      await run.work(() => succeedIn(run, latest(run), 60)),
      /^--max-cost allows \$0\.0029, about \$0\.0025 is spent and the next shard is estimated at \$0\.00087: nothing more was submitted; the same command again with a higher --max-cost goes on$/,
    );
    expect(await shardsOf(run)).toEqual([{ first: 0, count: 3 }]);

    run.again();
    expectGivenUp(await run.work(() => undefined), /--max-cost allows/);
    expect(await shardsOf(run)).toHaveLength(1);

    run.again();
    run.policy = { ...run.policy, maxCost: 6 * MINUTE };
    expect(await run.work(() => succeedIn(run, latest(run), 60))).not.toHaveProperty('gaveUp');
    expect(await shardsOf(run)).toEqual([
      { first: 0, count: 3 },
      { first: 3, count: 2 },
    ]);
  }));

test('what turns out to cost more than estimated leaves less for the rest', () =>
  withRun(
    4.5 * MINUTE,
    async (run) => {
      // One at a time: after two that took more than two minutes each there is no money for another one.
      const work = await run.work(() => succeedIn(run, latest(run), 130));
      expectGivenUp(work, /about \$0\.0036 is spent/);
      expect(await shardsOf(run)).toEqual([
        { first: 0, count: 1 },
        { first: 1, count: 1 },
      ]);
    },
    { maxRunning: 1 },
  ));

test('attempts that were lost are paid for too, and what is left to try again waits for money', () =>
  withRun(5.5 * MINUTE, async (run) => {
    const work = await run.work(async () => {
      const id = latest(run);
      await run.recordAttempt(id, 0, { state: 'running', attempt: '1' });
      for (let index = 1; index < 5; index++) await run.recordAttempt(id, index, { state: 'committed' });
      run.api.set(id, 0, 'FAILED', { statusReason: 'Your Spot Task was interrupted.' });
      await run.succeedAll(id);
    });
    expectGivenUp(work, /about \$0\.0041 is spent/);
    expect(await shardsOf(run)).toEqual([{ first: 0, count: 5 }]);
    expect(run.seen('shard-failed')).toMatchObject([{ shard: 0, cause: 'reclaimed', again: true }]);
  }));

test('an attempt that left no record is paid for as long as Batch says that it ran', () =>
  withRun(7.5 * MINUTE, async (run) => {
    const work = await run.work(async () => {
      const id = latest(run);
      for (let index = 1; index < 5; index++) await run.recordAttempt(id, index, { state: 'committed' });
      const statusReason = 'Your Spot Task was interrupted.';
      run.api.set(id, 0, 'FAILED', { statusReason, attemptSeconds: [60, 120] });
      await run.succeedAll(id);
    });
    // Four minutes of those that did their shards, three of the lost ones.
    expectGivenUp(work, /about \$0\.0058 is spent/);
  }));

test('each submission is paid for once', () =>
  withRun(9.5 * MINUTE, async (run) => {
    const statusReason = 'Your Spot Task was interrupted.';
    await run.work(async (poll) => {
      const id = latest(run);
      // Three minutes are lost, then one; four that did their shards make eight.
      if (poll < 2)
        run.api.set(id, 0, 'FAILED', { statusReason, attemptSeconds: poll === 0 ? [60, 120] : [60] });
      if (poll === 0)
        for (let index = 1; index < 5; index++) await run.recordAttempt(id, index, { state: 'committed' });
      await run.succeedAll(id);
    });
    expect(await shardsOf(run)).toEqual([
      { first: 0, count: 5 },
      { first: 0, count: 1 },
      { first: 0, count: 1 },
    ]);
  }));

test('an array that is taken up counts as it is estimated, whatever its attempts have come to', () =>
  withRun(3.5 * MINUTE, async (run) => {
    const detached = run.work(async () => {
      await run.recordAttempt(latest(run), 0, { state: 'running' });
      run.abort.abort();
    });
    await expect(detached).rejects.toThrow();
    run.again();
    run.policy = { ...run.policy, maxCost: 4.5 * MINUTE };
    let submitted: unknown;
    await run.work(async (poll) => {
      if (poll === 0) submitted = await shardsOf(run);
      else for (const id of run.jobIds) await succeedIn(run, id, 60);
    });
    expect(submitted).toEqual([
      { first: 0, count: 3 },
      { first: 3, count: 1 },
    ]);
  }));

test('at other prices there is money for more or less', () =>
  withRun(
    3.5 * MINUTE,
    async (run) => {
      const work = await run.work(() => succeedIn(run, latest(run), 60));
      expectGivenUp(work, /about \$0\.0016 is spent/);
      expect(await shardsOf(run)).toEqual([{ first: 0, count: 1 }]);
    },
    { prices: pricesOf(2) },
  ));

test('on Spot twice as much is to be had', () =>
  withRun(
    3.5 * MINUTE,
    async (run) => {
      await run.work(() => succeedIn(run, latest(run), 60));
      expect(await shardsOf(run)).toEqual([{ first: 0, count: 5 }]);
    },
    { environments: { spot: ['FARGATE_SPOT'] } },
  ));
