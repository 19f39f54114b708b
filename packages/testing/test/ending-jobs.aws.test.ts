import {
  CancelJobCommand,
  CancelJobsCommand,
  TerminateJobCommand,
  TerminateJobsCommand,
} from '@aws-sdk/client-batch';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { RETRY_INTERRUPTED, startAwsUnderTest, type AwsUnderTest } from './aws-under-test.ts';

let under: AwsUnderTest;
beforeAll(async () => {
  under = await startAwsUnderTest({ graceSeconds: 1 });
});
afterAll(() => under.stop());

const waiting = { CHILD_DOES: 'wait', CHILD_EXITS: '75' };
const array = (size: number) => ({ arrayProperties: { size }, retryStrategy: RETRY_INTERRUPTED });
const UNKNOWN = '0a1b2c3d-4e5f-6789-abcd-ef0123456789';

afterEach(() => {
  expect(under.aws.running()).toEqual([]);
});

test('terminating an array ends its children, those that wait too, and no attempt follows', async () => {
  const parent = await under.submit(waiting, array(4));
  const running = await under.running(2);
  await under.batch.send(new TerminateJobCommand({ jobId: parent, reason: 'no longer wanted' }));
  expect(await under.finished(parent)).toMatchObject({
    status: 'FAILED',
    statusReason: 'no longer wanted',
    isTerminated: true,
    arrayProperties: { statusSummary: { FAILED: 4 } },
  });
  for (let index = 0; index < 4; index++) {
    const child = await under.describe(`${parent}:${index}`);
    const ran = running.some(({ jobId }) => jobId === child.jobId);
    expect(child).toMatchObject({ status: 'FAILED', statusReason: 'no longer wanted' });
    expect(child.attempts?.map(({ container }) => container?.exitCode)).toEqual(ran ? [75] : []);
    expect(child.container?.exitCode).toBe(ran ? 75 : undefined);
  }
});

test('terminating a child ends it alone', async () => {
  const parent = await under.submit(waiting, array(2));
  const running = await under.running(2);
  await under.batch.send(new TerminateJobCommand({ jobId: `${parent}:0`, reason: 'only this' }));
  expect(await under.finished(`${parent}:0`)).toMatchObject({ status: 'FAILED', statusReason: 'only this' });
  expect(await under.describe(`${parent}:1`)).toMatchObject({ status: 'RUNNING' });
  const other = running.find(({ jobId }) => jobId === `${parent}:1`);
  expect(under.aws.running()).toEqual([other]);
  await under.batch.send(new TerminateJobCommand({ jobId: parent, reason: 'the rest' }));
  await under.finished(parent);
  expect(await under.describe(`${parent}:0`)).toMatchObject({ statusReason: 'only this' });
  expect(await under.describe(`${parent}:1`)).toMatchObject({ statusReason: 'the rest' });
});

test('canceling an array ends the children that wait and leaves alone those that run', async () => {
  const parent = await under.submit({ ...waiting, CHILD_EXITS: '0' }, array(4));
  const running = await under.running(2);
  await under.batch.send(new CancelJobCommand({ jobId: parent, reason: 'too late' }));
  const canceled = [0, 1, 2, 3]
    .map((index) => `${parent}:${index}`)
    .filter((id) => !running.some(({ jobId }) => jobId === id));
  for (const id of canceled)
    expect(await under.finished(id)).toMatchObject({
      status: 'FAILED',
      statusReason: 'too late',
      isCancelled: true,
      attempts: [],
    });
  expect(under.aws.running()).toEqual(running);
  expect(await under.describe(parent)).toMatchObject({
    status: 'PENDING',
    arrayProperties: { statusSummary: { RUNNING: 2, FAILED: 2 } },
  });
  for (const { pid } of running) process.kill(pid, 'SIGTERM');
  expect(await under.finished(parent)).toMatchObject({
    arrayProperties: { statusSummary: { SUCCEEDED: 2, FAILED: 2 } },
  });
});

test('a plain job that runs is not canceled; terminated, it ends', async () => {
  const jobId = await under.submit(waiting, { retryStrategy: RETRY_INTERRUPTED });
  await under.running(1);
  await under.batch.send(new CancelJobCommand({ jobId, reason: 'not yet' }));
  expect(await under.describe(jobId)).toMatchObject({ status: 'RUNNING' });
  await under.batch.send(new TerminateJobCommand({ jobId, reason: 'now' }));
  const job = await under.finished(jobId);
  expect(job).toMatchObject({ status: 'FAILED', statusReason: 'now', container: { exitCode: 75 } });
  expect(job.isCancelled).toBeUndefined();
});

test('a job that has finished stays as it is, one that does not exist is no error', async () => {
  const jobId = await under.submit();
  const before = await under.finished(jobId);
  for (const id of [jobId, UNKNOWN]) {
    await under.batch.send(new TerminateJobCommand({ jobId: id, reason: 'late' }));
    await under.batch.send(new CancelJobCommand({ jobId: id, reason: 'late' }));
  }
  expect(await under.describe(jobId)).toEqual({ ...before });
});

test('in bulk: 50 ids at most, failures one by one', async () => {
  const ids = await Promise.all([0, 1, 2].map(() => under.submit(waiting)));
  await under.running(2);
  const reason = 'all of them';
  const canceled = await under.batch.send(new CancelJobsCommand({ jobs: [...ids, UNKNOWN], reason }));
  expect(canceled).toMatchObject({ successful: [...ids, UNKNOWN], errors: [] });
  const states = await Promise.all(ids.map(async (id) => (await under.describe(id)).isCancelled === true));
  expect(states.filter(Boolean)).toHaveLength(1);
  const ended = await under.batch.send(new TerminateJobsCommand({ jobs: [...ids, 'nonsense'], reason }));
  expect(ended).toMatchObject({ successful: ids, errors: [{ job: 'nonsense', code: 'ClientException' }] });
  for (const id of ids)
    expect(await under.finished(id)).toMatchObject({ status: 'FAILED', statusReason: reason });
  const many = Array.from({ length: 51 }, () => UNKNOWN);
  for (const Command of [TerminateJobsCommand, CancelJobsCommand])
    await expect(under.batch.send(new Command({ jobs: many, reason }))).rejects.toMatchObject({
      name: 'ClientException',
    });
});

test('without the bulk calls they are answered with a page that is no JSON', async () => {
  const old = await startAwsUnderTest({ bulk: false });
  try {
    for (const Command of [TerminateJobsCommand, CancelJobsCommand])
      await expect(old.batch.send(new Command({ jobs: [UNKNOWN], reason: 'x' }))).rejects.toMatchObject({
        $metadata: { httpStatusCode: 404 },
      });
  } finally {
    await old.stop();
  }
});

test('what was canceled and then terminated keeps its first reason', async () => {
  const parent = await under.submit(waiting, array(3));
  await under.running(2);
  await under.batch.send(new CancelJobCommand({ jobId: parent, reason: 'first' }));
  await under.batch.send(new TerminateJobCommand({ jobId: parent, reason: 'second' }));
  expect(await under.finished(parent)).toMatchObject({
    status: 'FAILED',
    statusReason: 'first',
    isCancelled: true,
    arrayProperties: { statusSummary: { FAILED: 3 } },
  });
});

test.each([
  ['none', () => under.batch.send(new TerminateJobCommand({ jobId: UNKNOWN, reason: '' }))],
  ['1025', () => under.batch.send(new CancelJobCommand({ jobId: UNKNOWN, reason: 'x'.repeat(1025) }))],
])('a reason must have 1 to 1024 characters, not %s', async (_, send) => {
  await expect(send()).rejects.toMatchObject({ name: 'ClientException' });
});
