import { describe, expect, test } from '@jest/globals';
import { groupShards, requestStop, runKeys, type MemoryClass } from '@winnow/core';
import { withFolder } from '../../winnow.ts';
import { ArrayRun, commitUnit, RUN_ID, type ArrayRunOptions } from './array-run.ts';

const KEYS = runKeys(RUN_ID);
const units = (count: number): MemoryClass[] => [{ memoryMiB: 512, firstUnit: 0, units: count }];

/** Plans a run in a folder of its own. */
const withRun = (options: ArrayRunOptions, work: (run: ArrayRun) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => work(await ArrayRun.plan(folder, options)));

describe('a run on AWS Batch', () => {
  test('is one array, polled by its parent alone, its receipts read at its end', () =>
    withRun({}, async (run) => {
      const work = await run.work(async (poll) => {
        const [id = ''] = run.jobIds;
        if (poll === 0) run.api.set(id, 0, 'RUNNING');
        if (poll === 1) for (const index of [0, 1, 2]) await run.succeed(id, index);
        if (poll === 2) await run.succeedAll(id);
      });
      expect(work).toMatchObject({ failed: { total: 0 }, cancelled: false });
      expect(run.api.calls).toEqual({
        DescribeJobDefinitions: 1,
        DescribeJobQueues: 1,
        SubmitJob: 1,
        DescribeJobs: 3,
      });
      expect(run.seen('shard-done').map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4]);
      expect(run.seen('committed')).toHaveLength(5);
      // By the service's counts while it runs: 3 of 5 children had succeeded.
      expect(
        run.seen('arrays').map(({ running, succeeded, decoded }) => [running, succeeded, decoded]),
      ).toEqual([
        [0, 0, 0],
        [1, 0, 0],
        [0, 3, 30],
        [0, 0, 0],
      ]);
      expect(await run.output.stat(KEYS.outcome(0))).toBeDefined();
      expect(await run.output.stat(KEYS.job(0))).toBeDefined();
    }));

  test.each<[number, number[]]>([
    [1, [1]],
    [10, [10]],
    [11, [10, 1]],
    [20, [10, 10]],
    [25, [10, 10, 5]],
  ])('of %d shards where an array has at most ten is %j', (count, sizes) =>
    withRun({ classes: units(count), maxShards: 10 }, async (run) => {
      await run.work(async () => {
        for (const id of run.jobIds) await run.succeedAll(id);
      });
      expect(run.jobIds.map((id) => run.api.sizeOf(id))).toEqual(sizes);
      expect(run.jobIds.map((id) => run.api.jobs.get(id)!.request.arrayProperties?.size)).toEqual(
        sizes.map((size) => (size === 1 ? undefined : size)),
      );
      expect(run.jobIds.map((id) => run.api.environmentOf(id)['WINNOW_SHARD_BASE'])).toEqual(
        sizes.map((_, n) => String(n * 10)),
      );
    }),
  );

  test('has an array for each memory class, of the smallest size that is enough', () =>
    withRun(
      {
        classes: [
          { memoryMiB: 512, firstUnit: 0, units: 3 },
          { memoryMiB: 16384, firstUnit: 3, units: 2 },
        ],
      },
      async (run) => {
        await run.work(async () => {
          for (const id of run.jobIds) await run.succeedAll(id);
        });
        expect(
          (await run.intents()).map(({ shards, memoryMiB, job }) => [
            shards,
            memoryMiB,
            job!.vcpus,
            job!.memoryMiB,
          ]),
        ).toEqual([
          [{ first: 0, count: 3 }, 512, 1, 2048],
          [{ first: 3, count: 2 }, 16384, 2, 16384],
        ]);
      },
    ));

  test('begins with what is not done: a compact array by a list', () =>
    withRun({ classes: units(6) }, async (run) => {
      for (const unit of [1, 3]) await commitUnit(run.output, unit);
      await run.work(async () => {
        for (const id of run.jobIds) await run.succeedAll(id);
      });
      expect((await run.intents()).map(({ shards }) => shards)).toEqual([{ list: [0, 2, 4, 5] }]);
      expect(run.api.environmentOf('job-1')).toMatchObject({
        WINNOW_SHARD_LIST: `${run.output.uri}/${KEYS.shardList(0)}`,
      });
      expect(run.seen('committed').map(({ unit }) => unit)).toEqual([0, 2, 4, 5]);
    }));

  test('lets no more run at once than allowed, and submits the next array when there is room', () =>
    withRun({ classes: units(12), policy: { maxRunning: 4 } }, async (run) => {
      let most = 0;
      await run.work(async () => {
        const open = run.jobIds
          .flatMap((id) => Array.from({ length: run.api.sizeOf(id) }, (_, index) => [id, index] as const))
          .filter(([id, index]) => run.api.jobs.get(id)!.states.get(index) !== 'SUCCEEDED');
        most = Math.max(most, open.length);
        const [first] = open;
        if (first) await run.succeed(...first);
      });
      expect(most).toBe(4);
      expect(run.jobIds).toHaveLength(12);
    }));
});

describe('children that fail', () => {
  test('come back as a compact array of just those shards', () =>
    withRun({ classes: units(6) }, async (run) => {
      const work = await run.work(async () => {
        const [first = '', second] = run.jobIds;
        if (second !== undefined) return run.succeedAll(second);
        for (const index of [1, 4]) {
          await run.recordAttempt(first, index, { cause: 'transient', message: 'the disk is full' });
          run.api.set(first, index, 'FAILED', { exitCode: 75 });
        }
        await run.succeedAll(first);
      });
      expect(work.failed.total).toBe(0);
      expect((await run.intents()).map(({ shards }) => shards)).toEqual([
        { first: 0, count: 6 },
        { list: [1, 4] },
      ]);
      expect(run.seen('shard-failed')).toEqual([
        { kind: 'shard-failed', shard: 1, cause: 'transient', message: 'the disk is full', again: true },
        { kind: 'shard-failed', shard: 4, cause: 'transient', message: 'the disk is full', again: true },
      ]);
      expect(run.seen('committed')).toHaveLength(6);
    }));

  test('of memory get the next size', () =>
    withRun({}, async (run) => {
      await run.work(async () => {
        const last = run.jobIds.at(-1)!;
        if (run.jobIds.length < 3)
          run.api.set(last, 0, 'FAILED', { exitCode: 137, reason: 'OutOfMemoryError: killed' });
        await run.succeedAll(last);
      });
      expect((await run.intents()).map(({ job }) => job!.memoryMiB)).toEqual([2048, 4096, 8192]);
    }));

  test('of memory and with a word get what they ask for', () =>
    withRun({}, async (run) => {
      await run.work(async () => {
        const last = run.jobIds.at(-1)!;
        if (run.jobIds.length < 2) {
          await run.recordAttempt(last, 0, { cause: 'out-of-memory', neededMiB: 8192 });
          run.api.set(last, 0, 'FAILED', { exitCode: 137 });
        }
        await run.succeedAll(last);
      });
      expect((await run.intents()).map(({ job }) => job!.memoryMiB)).toEqual([2048, 8192]);
    }));

  test('have succeeded by their job and not by their receipts: receipts are believed', () =>
    withRun({}, async (run) => {
      const work = await run.work(() => {
        for (const id of run.jobIds) run.api.setRest(id, 'SUCCEEDED');
      });
      expect(run.jobIds).toHaveLength(3);
      expect(work.failed.total).toBe(5);
      expect(work.failed.lines()).toEqual([
        'shards 0, 1, 2, 3, 4 failed (no-receipt): it ended without its receipts',
      ]);
    }));

  test('have failed by their job and not by their receipts: likewise', () =>
    withRun({}, async (run) => {
      const work = await run.work(async () => {
        const [id = ''] = run.jobIds;
        await run.succeedAll(id);
        run.api.set(id, 2, 'FAILED', { exitCode: 1 });
      });
      expect(work.failed.total).toBe(0);
      expect(run.jobIds).toHaveLength(1);
    }));

  test('for a reason that holds for all: what has not begun is taken back, and nothing more is submitted', () =>
    withRun({ classes: units(30), maxShards: 10, policy: { maxRunning: 16 } }, async (run) => {
      const work = await run.work(async (poll) => {
        const [id = ''] = run.jobIds;
        if (poll === 0) {
          run.api.set(id, 0, 'FAILED', { exitCode: 78 });
          run.api.set(id, 1, 'RUNNING');
          run.api.logs.set(`${id}:0`, ['{"event":"shard-started"}', 'winnow worker: access denied']);
        }
        if (poll === 2) await run.succeed(id, 1);
      });
      expect(run.jobIds).toHaveLength(4);
      expect(work.failed.total).toBe(29);
      // In the words of the one that said why: it could write no record.
      expect(work.failed.lines()).toEqual([
        '29 shards (the first of them 16, 17, 18, 19, 20, 21, 22, 23, 24, 25) failed (configuration): access denied',
      ]);
      expect(run.api.calls).toMatchObject({ SubmitJob: 4, CancelJobs: 1 });
    }));

  test('for what may pass wait before they go out again, and nothing else waits for them', () =>
    withRun({ classes: units(4), maxShards: 2, policy: { pollMs: 1000, maxRunning: 2 } }, async (run) => {
      const submittedAt: number[] = [];
      const start = run.nowMs;
      await run.work(async () => {
        while (submittedAt.length < run.jobIds.length) submittedAt.push(run.nowMs - 1000 - start);
        const [first = '', ...others] = run.jobIds;
        if (run.api.jobs.get(first)?.states.size === 0) {
          run.api.set(first, 0, 'FAILED', { exitCode: 75 });
          await run.succeed(first, 1);
        }
        for (const id of others) await run.succeedAll(id);
      });
      // An attempt without a record: transient. Half of a draw between 2.5 and 5 seconds, counted from the second one.
      const sizes = run.jobIds.map((id) => run.api.sizeOf(id));
      expect(sizes.reduce((sum, size) => sum + size)).toBe(5);
      const again = (await run.intents()).findIndex(({ n, shards }) => {
        return n > 0 && 'first' in shards && shards.first === 0;
      });
      expect(again).toBe(sizes.length - 1);
      expect(submittedAt[again]).toBe(5000);
      expect(submittedAt.slice(0, again).every((ms) => ms < 5000)).toBe(true);
      expect(
        run
          .seen('shard-done')
          .map(({ shard }) => shard)
          .sort(),
      ).toEqual([0, 1, 2, 3]);
    }));

  test('end the same way after three failures', () =>
    withRun({}, async (run) => {
      const work = await run.work(async () => {
        const last = run.jobIds.at(-1)!;
        run.api.set(last, 0, 'FAILED', { exitCode: 137 });
        await run.succeedAll(last);
      });
      expect(run.jobIds).toHaveLength(3);
      expect(work.failed.lines()).toEqual(['shard 0 failed (killed): exit code 137']);
    }));
});

describe('more shards given up than tolerated', () => {
  /** The first array has two children that can never commit, the second one runs. */
  const twoFail = async (run: ArrayRun): Promise<void> => {
    for (const index of [0, 1]) {
      await run.recordAttempt('job-1', index, { cause: 'conflict', message: 'two attempts' });
      run.api.set('job-1', index, 'FAILED', { exitCode: 70 });
    }
    run.api.set('job-2', 0, 'RUNNING');
  };
  /** Four arrays of two at once, of eight. */
  const options = { classes: units(16), maxShards: 2, policy: { maxRunning: 8 } };

  test('end what runs and waits; nothing more is submitted, and the same command goes on', () =>
    withRun({ ...options, tolerate: { shards: 1 } }, async (run) => {
      const work = await run.work((poll) => (poll === 0 ? twoFail(run) : undefined));
      expect(work).toMatchObject({ failed: { total: 2 }, cancelled: false });
      expect(work.gaveUp).toMatch(
        /^2 of 16 shards given up, --tolerate allows 1: nothing more was submitted/,
      );
      const before = [...run.jobIds];
      expect(
        (await run.api.describeJobs(['job-2:0', 'job-2:1'])).map(({ statusReason }) => statusReason),
      ).toEqual(['winnow: cancelled', 'winnow: cancelled']);
      expect(run.seen('shard-failed').map(({ shard, cause }) => [shard, cause])).toEqual([
        [0, 'conflict'],
        [1, 'conflict'],
      ]);
      run.again();
      const resumed = await run.work(async () => {
        for (const id of run.jobIds.filter((job) => !before.includes(job))) await run.succeedAll(id);
      });
      expect(resumed).toEqual({ failed: expect.objectContaining({ total: 0 }) as unknown, cancelled: false });
      expect(run.seen('shard-done')).toHaveLength(16);
    }));

  test('and a command that is killed while they end leaves nothing behind that is not gone on with', () =>
    withRun({ ...options, tolerate: { share: 0.1 } }, async (run) => {
      await expect(
        run.work(async (poll) => {
          if (poll === 0) await twoFail(run);
          else run.abort.abort();
        }),
      ).rejects.toThrow();
      const before = [...run.jobIds];
      run.again();
      const resumed = await run.work(async () => {
        for (const id of run.jobIds.filter((job) => !before.includes(job))) await run.succeedAll(id);
      });
      expect(resumed).toMatchObject({ failed: { total: 0 }, cancelled: false });
      expect(run.seen('shard-done')).toHaveLength(16);
    }));

  test('and as many as tolerated end nothing', () =>
    withRun({ ...options, tolerate: { shards: 2 } }, async (run) => {
      const work = await run.work(async (poll) => {
        if (poll === 0) return twoFail(run);
        if (poll === 1) await run.succeed('job-2', 0);
        for (const id of run.jobIds.slice(1)) await run.succeedAll(id);
      });
      expect(work).toMatchObject({ failed: { total: 2 }, cancelled: false });
      expect(work.gaveUp).toBeUndefined();
      expect(run.seen('shard-done')).toHaveLength(14);
    }));
});

describe('whoever comes next', () => {
  test('takes up the arrays that are under way, from any machine', () =>
    withRun({ unitsPerShard: 2 }, async (run) => {
      await expect(run.work(() => run.abort.abort())).rejects.toThrow();
      expect(run.seen('detached')).toEqual([{ kind: 'detached', jobs: 1 }]);
      expect(run.api.calls).not.toHaveProperty('TerminateJob');
      run.again();
      // This command would group otherwise: the shards of the array keep their numbers.
      const work = await run.work(() => run.succeedAll('job-1'), groupShards(run.run.plan.classes, 1));
      expect(work.failed.total).toBe(0);
      expect(run.jobIds).toEqual(['job-1']);
    }));

  test('finds the job of an intent whose id was never written down', () =>
    withRun({}, async (run) => {
      await expect(run.work(() => run.abort.abort())).rejects.toThrow();
      await run.output.remove(KEYS.job(0));
      run.again();
      await run.work(() => run.succeedAll('job-1'));
      expect(run.jobIds).toEqual(['job-1']);
      expect(run.api.calls).toMatchObject({ SubmitJob: 1, ListJobs: 1 });
      expect(await run.output.stat(KEYS.job(0))).toBeDefined();
    }));

  test('submits anew what an intent without a job was to do', () =>
    withRun({}, async (run) => {
      await expect(run.work(() => run.abort.abort())).rejects.toThrow();
      await run.output.remove(KEYS.job(0));
      run.api.jobs.clear();
      run.again();
      await run.work(() => run.succeedAll('job-2'));
      expect(run.jobIds).toEqual(['job-2']);
      expect(run.api.environmentOf('job-2')).toMatchObject({ WINNOW_SUBMISSION: '1' });
    }));

  test('ends when the run is cancelled, and its jobs with it', () =>
    withRun({}, async (run) => {
      const work = await run.work(async () => {
        await requestStop(run.output, KEYS, 'now');
      });
      expect(work).toMatchObject({ cancelled: true });
      expect((await run.api.describeJobs(['job-1:0']))[0]).toMatchObject({
        status: 'FAILED',
        statusReason: 'winnow: cancelled',
      });
      // A resume is not ended by the old stop.
      const resumed = await run.work(() => run.succeedAll('job-2'));
      expect(resumed).toMatchObject({ cancelled: false, failed: { total: 0 } });
    }));
});

describe('a job that the service does not know', () => {
  test('is unknown, not gone', () =>
    withRun({}, async (run) => {
      run.api.isHidden = () => run.polls < 50;
      await run.work(async (poll) => {
        if (poll === 55) await run.succeedAll('job-1');
      });
      expect(run.jobIds).toEqual(['job-1']);
    }));

  test('is gone after ten minutes: receipts decide, and the rest is done anew', () =>
    withRun({}, async (run) => {
      run.api.isHidden = (id) => id === 'job-1';
      for (const unit of [0, 1]) await commitUnit(run.output, unit);
      await run.work(async () => {
        if (run.jobIds.length > 1) await run.succeedAll('job-2');
      });
      expect(run.polls).toBeGreaterThan(60);
      expect((await run.intents()).map(({ shards }) => shards)).toEqual([
        { first: 2, count: 3 },
        { first: 2, count: 3 },
      ]);
    }));

  test('is gone at once where it was submitted seven days ago', () =>
    withRun({}, async (run) => {
      await expect(run.work(() => run.abort.abort())).rejects.toThrow();
      run.again();
      run.nowMs += 7 * 24 * 3_600_000;
      run.api.jobs.clear();
      await run.work(async () => {
        for (const id of run.jobIds) await run.succeedAll(id);
      });
      expect(run.polls).toBe(2);
    }));
});

describe('where places are short', () => {
  const fallback: ArrayRunOptions = {
    policy: { fallback: { maxCost: 100 }, runnableMs: 60_000 },
    settings: { fallbackQueue: 'on-demand' },
  };
  const queues = (run: ArrayRun): (string | undefined)[] =>
    run.jobIds.map((id) => run.api.jobs.get(id)!.request.jobQueue);

  test('what none begins of for too long goes to the other queue', () =>
    withRun(fallback, async (run) => {
      await run.work(async () => {
        if (run.jobIds.length > 1) await run.succeedAll('job-2');
      });
      expect(queues(run)).toEqual(['spot', 'on-demand']);
      expect(run.api.calls).toMatchObject({ CancelJob: 1 });
      expect(run.seen('shard-failed')).toEqual([]);
      expect(run.polls).toBeGreaterThan(6);
    }));

  test('what waits for its turn stays, however long', () =>
    withRun(fallback, async (run) => {
      await run.work(async (poll) => {
        if (poll === 0) run.api.set('job-1', 0, 'RUNNING');
        if (poll === 100) await run.succeed('job-1', 0);
        if (poll === 101) await run.succeedAll('job-1');
      });
      expect(queues(run)).toEqual(['spot']);
    }));

  test('what is reclaimed for good goes to the other queue', () =>
    withRun(fallback, async (run) => {
      await run.work(async () => {
        const last = run.jobIds.at(-1)!;
        if (last === 'job-1')
          run.api.set('job-1', 3, 'FAILED', { statusReason: 'Your Spot Task was interrupted.' });
        await run.succeedAll(last);
      });
      expect(queues(run)).toEqual(['spot', 'on-demand']);
      expect(run.seen('shard-failed')).toMatchObject([{ shard: 3, cause: 'reclaimed', again: true }]);
    }));

  test('a unit that is expected to take more than half an hour goes there at once, if it may be paid for', async () => {
    // Two units a shard, 40 MB a second: shard 1 has one of 31 minutes, shard 2 two of 29.
    const minutes = [1, 1, 1, 31, 29, 29, 1, 1];
    const long = {
      ...{ classes: units(8), unitsPerShard: 2 },
      decodedOf: (unit: number): number => (minutes[unit] ?? 0) * 60 * 40e6,
    };
    const submitted = async (options: ArrayRunOptions) => {
      const found: unknown[] = [];
      await withRun({ ...options, ...long }, async (run) => {
        await run.work(async () => {
          for (const id of run.jobIds) await run.succeedAll(id);
        });
        for (const { job, shards } of await run.intents()) found.push([job!.queue, shards]);
      });
      return found;
    };
    expect(await submitted(fallback)).toEqual([
      ['spot', { list: [0, 2, 3] }],
      ['on-demand', { first: 1, count: 1 }],
    ]);
    const poor = { ...fallback, policy: { fallback: { maxCost: 0.02 }, runnableMs: 60_000 } };
    expect(await submitted(poor)).toEqual([
      ['spot', { list: [0, 2, 3] }],
      ['spot', { first: 1, count: 1 }],
    ]);
    expect(await submitted({})).toEqual([['spot', { first: 0, count: 4 }]]);
  });

  test('only as much goes there as may be paid for', () =>
    withRun({ ...fallback, policy: { fallback: { maxCost: 0.0027 }, runnableMs: 60_000 } }, async (run) => {
      await run.work(async () => {
        for (const id of run.jobIds.slice(1)) await run.succeedAll(id);
      });
      // 60 seconds of 1 vCPU and 2 GiB with requests and logs are $0.00087: three shards of five.
      expect((await run.intents()).map(({ job, shards }) => [job!.queue, shards])).toEqual([
        ['spot', { first: 0, count: 5 }],
        ['on-demand', { first: 0, count: 3 }],
        ['spot', { first: 3, count: 2 }],
      ]);
    }));

  test('what goes there is paid for by what that queue has: on Spot twice as much', () =>
    withRun(
      {
        ...fallback,
        policy: { fallback: { maxCost: 0.0025 }, runnableMs: 60_000 },
        environments: { spot: ['FARGATE_SPOT'], 'on-demand': ['FARGATE_SPOT'] },
      },
      async (run) => {
        await run.work(async () => {
          for (const id of run.jobIds.slice(1)) await run.succeedAll(id);
        });
        expect((await run.intents()).map(({ job, shards }) => [job!.queue, job!.capacity, shards])).toEqual([
          ['spot', 'fargate-spot', { first: 0, count: 5 }],
          ['on-demand', 'fargate-spot', { first: 0, count: 5 }],
        ]);
      },
    ));

  test('without another queue it is said, once in a while, and why it may be', () =>
    withRun({ policy: { runnableMs: 60_000 } }, async (run) => {
      await run.work(async (poll) => {
        if (poll === 14) await run.succeedAll('job-1');
      });
      expect(run.seen('warning').map(({ message }) => message)).toEqual(
        Array(2).fill(
          "5 shards of spot are runnable, but none has begun for 1 minutes: look at the queue's compute environments (state, maxvCpus, Spot capacity, subnets), or name a --fallback-queue",
        ),
      );
    }));
});

describe('what cannot be submitted to', () => {
  const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, '']));
  test.each([
    ['a queue that is not there', { queue: 'none' }, '--queue must name a job queue, none is none'],
    ['a disabled queue', { queue: 'disabled' }, 'the job queue disabled is disabled: it takes no jobs'],
    ['an invalid queue', { queue: 'invalid' }, 'the job queue invalid is invalid: AWS says no more'],
    [
      'a second queue that is not there',
      { fallbackQueue: 'none' },
      '--fallback-queue must name a job queue, none is none',
    ],
    [
      'a tag of AWS',
      { tags: { 'aws:x': '1' } },
      "--tags: a tag's key must have 1 to 128 characters and not begin with aws:",
    ],
    [
      '49 tags beside two of ours',
      { tags: tags(49) },
      '--tags: a job has at most 50 tags with those of its definition, this one would have 51',
    ],
    [
      'a definition that is not there',
      { jobDefinition: 'none' },
      '--job-definition must name an active job definition, none is none',
    ],
  ])('%s is said before anything is done', (_, settings, message) =>
    withFolder(async (folder) => {
      await expect(ArrayRun.plan(folder, { settings })).rejects.toThrow(message);
    }),
  );
});
