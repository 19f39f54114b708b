import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SubmitJobCommandInput } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigurationError, type Waiting } from '@winnow/core';
import type { ArrayBackend, ArrayCounts, ArrayJob, FailedChild } from '../../src/backend/array-backend.ts';
import { openAwsBatch } from '../../src/backend/aws-batch/aws-batch.ts';
import type { BatchApi } from '../../src/backend/aws-batch/batch-api.ts';
import { problemsOfRequest } from '../../src/backend/aws-batch/limits.ts';
import { sdkBatchApi } from '../../src/backend/aws-batch/sdk-batch-api.ts';
import { submitRequest } from '../../src/backend/aws-batch/submit-request.ts';
import { factsOfDefinition } from '../../src/backend/aws-batch/job-definition.ts';
import { lastWords } from '../../src/run/arrays/last-words.ts';
import { cloudWatchLogs } from '../../src/cloudwatch/log-stream.ts';
import { DEFINITIONS, startBatchUnderTest, type BatchUnderTest } from './batch-under-test.ts';

const waiting: Waiting = { sleep: (ms) => sleep(ms), random: Math.random };
/** No worker takes it for a run: each exits with 78 at once. */
const RUN_URI = `nowhere://${randomBytes(4).toString('hex')}/_winnow/0000-89abcdef`;

let under: BatchUnderTest;
let api: BatchApi;
const before = { ...process.env };
beforeAll(async () => {
  under = await startBatchUnderTest();
  Object.assign(process.env, under.environment);
  api = sdkBatchApi(waiting, () => performance.now());
});
afterAll(async () => {
  process.env = before;
  await under.stop();
});

const settingsOf = (jobDefinition: string) => ({
  ...{ queue: under.queue, jobDefinition, fallbackQueue: undefined, vcpus: 1, timeoutSeconds: 600, tags: {} },
});
const open = (definition: string): Promise<ArrayBackend> =>
  openAwsBatch(
    { api, logStreams: () => Promise.resolve(cloudWatchLogs()), sleep: (ms) => sleep(ms) },
    settingsOf(definition),
  );

let submissions = 0;
function jobOf(backend: ArrayBackend, count: number, submission = submissions++): ArrayJob {
  const runId = '0000-89abcdef';
  const intended = backend.intend({ runUri: RUN_URI, runId, submission, memoryMiB: 2048, fallback: false });
  return { runId, submission, runUri: RUN_URI, shards: { first: 0, count }, intended };
}

const NEVER = new AbortController().signal;

/** Polls until no child changes any more; on the way every child is in one state, always. */
async function ended(backend: ArrayBackend, jobId: string): Promise<ArrayCounts> {
  for (;;) {
    const counts = (await backend.poll([jobId])).get(jobId);
    if (counts !== undefined) {
      const { size, waiting: wait, running, succeeded, failed } = counts;
      expect(wait + running + succeeded + failed).toBe(size);
      if (counts.ended) return counts;
    }
    await sleep(under.pollMs);
  }
}

const failuresOf = async (
  backend: ArrayBackend,
  jobId: string,
  counts: ArrayCounts,
): Promise<FailedChild[]> =>
  (await Array.fromAsync(backend.failures(jobId, counts))).sort((a, b) => a.index - b.index);

describe.each(DEFINITIONS)('jobs of the definition %s', (definition) => {
  let backend: ArrayBackend;
  beforeAll(async () => {
    backend = await open(definition);
  });

  test.each([3, 1])(
    'of %d shards run each; the failed children tell their index and exit code',
    async (size) => {
      const job = jobOf(backend, size);
      const jobId = await backend.submit(job, NEVER);
      const counts = await ended(backend, jobId);
      expect(counts).toMatchObject({ size, failed: size, succeeded: 0, waiting: 0, running: 0 });
      const failed = await failuresOf(backend, jobId, counts);
      expect(failed).toEqual(
        Array.from({ length: size }, (_, index) => ({
          ...{ index, exitCode: 78, message: expect.any(String), said: undefined },
          attemptSeconds: [expect.any(Number)],
        })),
      );
      expect(await lastWords(backend, { jobId, index: size - 1, size })).toContain('WINNOW_RUN');
    },
  );

  test('are found by their name, run and submission, and by nothing less', async () => {
    const job = jobOf(backend, 2);
    const jobId = await backend.submit(job, NEVER);
    // A listing may come late.
    let found: string | undefined;
    while ((found = await backend.find(job)) === undefined) await sleep(under.pollMs);
    expect(found).toBe(jobId);
    expect(await backend.find({ ...job, submission: job.submission + 1000 })).toBeUndefined();
    expect(await backend.find({ ...job, runUri: `${RUN_URI}0` })).toBeUndefined();
    await backend.terminate([jobId]);
    await ended(backend, jobId);
  });

  test('submitted twice are one: the first goes on, the other ends', async () => {
    const job = jobOf(backend, 2);
    const first = await backend.submit(job, NEVER);
    const second = await backend.submit(job, NEVER);
    await seenByListings(job, 2);
    expect(await backend.find(job)).toBe(first);
    const counts = await ended(backend, second);
    expect(counts.failed).toBe(2);
    await ended(backend, first);
  });

  test('that wait are taken back, or are over', async () => {
    const jobId = await backend.submit(jobOf(backend, 40), NEVER);
    await backend.withdraw([jobId]);
    const counts = await ended(backend, jobId);
    const failed = await failuresOf(backend, jobId, counts);
    expect(failed).toHaveLength(40);
    for (const { said, exitCode } of failed) expect(said ?? exitCode).toEqual(said ? 'withdrawn' : 78);
    expect(failed.filter(({ said }) => said === 'withdrawn').length).toBeGreaterThan(0);
  });

  test('are ended, several together', async () => {
    const [one, other] = [
      await backend.submit(jobOf(backend, 20), NEVER),
      await backend.submit(jobOf(backend, 20), NEVER),
    ];
    await backend.terminate([one, other]);
    for (const jobId of [one, other]) {
      const failed = await failuresOf(backend, jobId, await ended(backend, jobId));
      expect(failed).toHaveLength(20);
      expect(failed.filter(({ said }) => said === 'cancelled').length).toBeGreaterThan(0);
    }
  });

  async function seenByListings(job: ArrayJob, count: number): Promise<void> {
    const query = {
      jobQueue: job.intended.queue,
      filters: [{ name: 'JOB_NAME', values: [job.intended.name] }],
    };
    while ((await api.listJobs(query)).jobs.length < count) await sleep(under.pollMs);
  }
});

describe('what is not there', () => {
  test('is undefined, or missing', async () => {
    expect(await api.jobQueue('no-such-queue')).toBeUndefined();
    expect(await api.jobDefinition('no-such-definition')).toBeUndefined();
    expect(await api.jobDefinition('no-such-definition:7')).toBeUndefined();
    expect(await api.describeJobs(['6b6b1f0e-0000-4000-8000-000000000000'])).toEqual([]);
  });

  test('a definition is found by its name and by its ARN', async () => {
    const definition = await api.jobDefinition(DEFINITIONS[0]!);
    expect(definition?.status).toBe('ACTIVE');
    const again = await api.jobDefinition(definition?.jobDefinitionArn ?? '');
    expect(again?.revision).toBe(definition?.revision);
  });
});

describe('what our limits refuse, AWS refuses', () => {
  const many = (count: number, of: (n: number) => string): string[] =>
    Array.from({ length: count }, (_, n) => of(n));
  const changes: [string, Partial<SubmitJobCommandInput>][] = [
    ['an array of one', { arrayProperties: { size: 1 } }],
    ['an array of 10,001', { arrayProperties: { size: 10_001 } }],
    ['a name of 129 letters', { jobName: 'n'.repeat(129) }],
    ['a name with a dot', { jobName: 'a.b' }],
    ['a timeout of 59 seconds', { timeout: { attemptDurationSeconds: 59 } }],
    ['11 attempts', { retryStrategy: { attempts: 11 } }],
    [
      'six rules',
      {
        retryStrategy: {
          attempts: 2,
          evaluateOnExit: many(6, String).map((onExitCode) => ({ onExitCode, action: 'EXIT' as const })),
        },
      },
    ],
    ['51 tags', { tags: Object.fromEntries(many(51, (n) => `t${n}`).map((key) => [key, ''])) }],
    ['a tag of 257 letters', { tags: { key: 'v'.repeat(257) } }],
    ['a tag key of 129 letters', { tags: { ['k'.repeat(129)]: '' } }],
    ['a tag that begins with aws:', { tags: { 'aws:key': '' } }],
    [
      'a request of more than 30 KiB',
      { parameters: Object.fromEntries(many(40, (n) => `p${n}`).map((key) => [key, 'v'.repeat(1000)])) },
    ],
  ];
  test.each(changes)('%s', async (_, change) => {
    const backend = await open(DEFINITIONS[0]!);
    const facts = factsOfDefinition((await api.jobDefinition(DEFINITIONS[0]!))!);
    const request = { ...submitRequest(jobOf(backend, 2), facts, {}), ...change };
    expect(problemsOfRequest(request, 0)).toHaveLength(1);
    await expect(api.submitJob(request)).rejects.toThrow(ConfigurationError);
  });
});
