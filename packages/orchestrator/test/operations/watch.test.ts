import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, sumLedger, type Report } from '@winnow/core';
import { batchJobs } from '../../src/backend/aws-batch/aws-batch.ts';
import type { RunEvent } from '../../src/events.ts';
import { createLog } from '../../src/log.ts';
import { processEdge } from '../../src/operations/edge.ts';
import { watchRun } from '../../src/operations/watch.ts';
import { closeWithReport } from '../../src/run/close.ts';
import { FailedShards } from '../../src/run/failed-shards.ts';
import { ArrayRun } from '../run/arrays/array-run.ts';
import { withFolder } from '../winnow.ts';

/** A run of five shards whose only array was submitted, and then left by its command. */
async function leftRun(folder: string): Promise<ArrayRun> {
  const run = await ArrayRun.plan(join(folder, 'out'));
  await run.work(() => run.abort.abort()).catch(() => undefined);
  run.again();
  return run;
}

interface Watched {
  readonly result: Promise<Report>;
  readonly events: readonly RunEvent[];
}

/** Watches as a command on another machine does; `onPoll` is the world going on between two looks. */
function watch(run: ArrayRun, onPoll: (poll: number) => void | Promise<void> = () => undefined): Watched {
  const events: RunEvent[] = [];
  let polls = 0;
  const result = watchRun(
    { output: run.output.uri },
    {
      ...processEdge(),
      now: () => new Date(run.nowMs),
      sleep: async (ms) => {
        run.nowMs += ms;
        await onPoll(polls++);
        if (polls > 1000) throw new Error('watches for ever');
      },
      openStorage: () => Promise.resolve(run.output),
      batchJobs: () => Promise.resolve(batchJobs({ api: run.api, logStreams: run.api.logStreams })),
    },
    {
      cwd: '/',
      signal: new AbortController().signal,
      log: createLog('error', () => undefined),
      onEvent: (event) => events.push(event),
    },
  );
  return { result, events };
}

/** A command closes the run as it stands. */
const close = (run: ArrayRun): Promise<Report> =>
  closeWithReport(run.output, run.run, {
    work: { failed: new FailedShards(), cancelled: false },
    place: {
      grouping: run.grouping,
      settings: { concurrency: 0, memoryMiB: 512, maxQuarantined: { records: 0 } },
    },
    startedAt: new Date(run.nowMs),
    now: () => new Date(run.nowMs),
  });

describe('watching a run whose command is gone', () => {
  test('tells how far its arrays are, closes it a minute after all is committed, and gives the report', () =>
    withFolder(async (folder) => {
      const run = await leftRun(folder);
      const [id = ''] = run.jobIds;
      let endedAt = 0;
      const { result, events } = watch(run, async (poll) => {
        if (poll < 5) await run.succeed(id, poll);
        if (poll === 4) endedAt = run.nowMs;
      });
      expect(await result).toMatchObject({ state: 'succeeded', units: { total: 5, committed: 5 } });
      expect(run.nowMs - endedAt).toBeGreaterThanOrEqual(60_000);
      expect(run.nowMs - endedAt).toBeLessThan(90_000);
      const succeeded = events.flatMap((event) => (event.kind === 'arrays' ? [event.succeeded] : []));
      expect(succeeded).toEqual(expect.arrayContaining([1, 2, 3, 4]));
      expect(events.filter(({ kind }) => kind === 'committed')).toHaveLength(5);
      expect(events.at(-1)?.kind).toBe('done');
      expect(run.api.calls['ListJobs'] ?? 0).toBe(0);
    }));

  test.each([
    [1, '4 of 5 units are not committed, and no job works on them', 'goes on with them'],
    [4, '1 of 5 units is not committed, and no job works on it', 'goes on with it'],
  ])('says what to do where %d of five units are done and nobody does the rest', (done, left, hint) =>
    withFolder(async (folder) => {
      const run = await leftRun(folder);
      const [id = ''] = run.jobIds;
      const { result } = watch(run, async (poll) => {
        if (poll > 0) return;
        for (let shard = 0; shard < done; shard++) await run.succeed(id, shard);
        run.api.setRest(id, 'FAILED');
      });
      await expect(result).rejects.toMatchObject({
        message: `run 0000-abababab: ${left}`,
        hint: expect.stringContaining(hint) as unknown,
      });
      expect((await sumLedger(run.output, run.run)).sums.units.committed).toBe(done);
    }),
  );

  test('takes up what another command submits meanwhile', () =>
    withFolder(async (folder) => {
      const run = await leftRun(folder);
      const { result } = watch(run, async (poll) => {
        if (poll === 0) run.api.setRest(run.jobIds[0]!, 'FAILED');
        // Another command judges that, submits once more, and is gone.
        if (poll === 3) {
          let polls = 0;
          const leave = (): void => {
            if (polls++ === 1) run.abort.abort();
          };
          await run.work(leave).catch(() => undefined);
        }
        if (poll === 20) await run.succeedAll(run.jobIds[1]!);
      });
      expect(await result).toMatchObject({ state: 'succeeded' });
      expect(run.jobIds).toHaveLength(2);
    }));
});

describe('watching a run whose command is there', () => {
  test('ends with its report', () =>
    withFolder(async (folder) => {
      const run = await leftRun(folder);
      const { result } = watch(run, async (poll) => {
        if (poll === 0) await run.succeedAll(run.jobIds[0]!);
        if (poll === 2) await close(run);
      });
      expect((await result).state).toBe('succeeded');
    }));

  test('a report of an earlier command that failed is no end while shards may be running again', () =>
    withFolder(async (folder) => {
      const run = await leftRun(folder);
      await run.succeed(run.jobIds[0]!, 0);
      run.nowMs -= 60_000;
      expect((await close(run)).state).toBe('failed');
      run.nowMs += 120_000;
      const { result } = watch(run, async (poll) => {
        if (poll === 1) await run.succeedAll(run.jobIds[0]!);
      });
      expect((await result).state).toBe('succeeded');
    }));

  test('where this machine may not ask AWS Batch, the run directory alone tells', () =>
    withFolder(async (folder) => {
      const run = await leftRun(folder);
      run.api.describeJobs = () => Promise.reject(new ConfigurationError('AWS Batch DescribeJobs: denied'));
      const { result, events } = watch(run, async (poll) => {
        if (poll === 1) {
          await run.succeedAll(run.jobIds[0]!);
          await close(run);
        }
      });
      expect((await result).state).toBe('succeeded');
      expect(events.filter(({ kind }) => kind === 'warning')).toEqual([
        {
          kind: 'warning',
          message: 'AWS Batch DescribeJobs: denied: only what is in the run directory is shown',
        },
      ]);
    }));
});
