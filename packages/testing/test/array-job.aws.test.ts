import { ListJobsCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startAwsUnderTest, type AwsUnderTest } from './aws-under-test.ts';

let under: AwsUnderTest;
beforeAll(async () => {
  under = await startAwsUnderTest({ environment: { FROM_OPTIONS: 'yes' } });
});
afterAll(() => under.stop());

describe('an array of 4', () => {
  let parent: string;
  beforeAll(async () => {
    parent = await under.submit({ MINE: 'kept', CHILD_EXITS: '0' }, { arrayProperties: { size: 4 } });
    await under.finished(parent);
  });

  test('runs each index once, with the environment that Batch gives', async () => {
    for (let index = 0; index < 4; index++) {
      expect(await under.environmentOf(`${parent}:${index}`, 1)).toMatchObject({
        AWS_BATCH_JOB_ID: `${parent}:${index}`,
        AWS_BATCH_JOB_ARRAY_INDEX: String(index),
        AWS_BATCH_JOB_ARRAY_SIZE: '4',
        AWS_BATCH_JOB_ATTEMPT: '1',
        AWS_BATCH_JQ_NAME: under.prepared.jobQueue,
        AWS_BATCH_CE_NAME: `${under.prepared.jobQueue}-environment`,
        AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
        AWS_ENDPOINT_URL: under.aws.endpoint,
        AWS_REGION: 'us-east-1',
        FROM_OPTIONS: 'yes',
        MINE: 'kept',
      });
    }
  });

  test('its parent SUCCEEDED, with all children in the summary', async () => {
    const job = await under.describe(parent);
    expect(job).toMatchObject({ jobId: parent, status: 'SUCCEEDED', attempts: [] });
    expect(job.statusReason).toBeUndefined();
    expect(job.arrayProperties).toMatchObject({
      size: 4,
      statusSummary: { SUCCEEDED: 4, FAILED: 0, RUNNING: 0 },
    });
  });

  test('a child tells its index, exit code, reason and attempt, and what was submitted, nothing else', async () => {
    const child = await under.describe(`${parent}:2`);
    expect(child).toMatchObject({
      status: 'SUCCEEDED',
      statusReason: 'Essential container in task exited',
      arrayProperties: { index: 2 },
      container: { exitCode: 0 },
      attempts: [{ container: { exitCode: 0 }, statusReason: 'Essential container in task exited' }],
    });
    // However often somebody asks: moto adds a variable each time.
    for (let i = 0; i < 3; i++) await under.describe(`${parent}:1`);
    expect((await under.describe(`${parent}:2`)).container?.environment).toEqual([
      { name: 'MINE', value: 'kept' },
      { name: 'CHILD_EXITS', value: '0' },
    ]);
  });

  test('its log is in the stream that the child names', async () => {
    const { container, attempts } = await under.describe(`${parent}:3`);
    expect(attempts?.[0]?.container?.logStreamName).toBe(container?.logStreamName);
    const answer = await fetch(under.aws.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Logs_20140328.GetLogEvents',
        authorization:
          'AWS4-HMAC-SHA256 Credential=t/20260101/us-east-1/logs/aws4_request, SignedHeaders=host',
      },
      body: JSON.stringify({ logGroupName: '/aws/batch/job', logStreamName: container?.logStreamName }),
    });
    const { events } = (await answer.json()) as { events: { message: string }[] };
    expect(events.map(({ message }) => message)).toEqual([`attempt 1 of ${parent}:3`]);
  });

  test('its children are listed by status, each with its index and ending', async () => {
    const list = async (jobStatus?: 'FAILED' | 'SUCCEEDED') =>
      (await under.batch.send(new ListJobsCommand({ arrayJobId: parent, ...(jobStatus && { jobStatus }) })))
        .jobSummaryList!;
    const succeeded = await list('SUCCEEDED');
    expect(succeeded.map((row) => row.arrayProperties?.index)).toEqual([0, 1, 2, 3]);
    for (const row of succeeded)
      expect(row).toMatchObject({
        status: 'SUCCEEDED',
        statusReason: 'Essential container in task exited',
        container: { exitCode: 0 },
      });
    expect(await list('FAILED')).toEqual([]);
    expect(await list()).toEqual([]);
  });
});

test('an array is PENDING while children wait or run, and FAILED when one of them failed', async () => {
  const parent = await under.submit(
    { CHILD_DOES: 'wait', CHILD_EXITS: '70' },
    { arrayProperties: { size: 3 } },
  );
  const children = await under.running(2);
  expect(await under.describe(parent)).toMatchObject({
    status: 'PENDING',
    arrayProperties: { size: 3, statusSummary: { RUNNING: 2, RUNNABLE: 1, SUCCEEDED: 0, FAILED: 0 } },
  });
  const { jobSummaryList: rows } = await under.batch.send(new ListJobsCommand({ arrayJobId: parent }));
  expect(rows?.map(({ status }) => status)).toEqual(['RUNNING', 'RUNNING']);
  for (const row of rows!) expect(row.startedAt).toBeGreaterThan(0);

  for (const { pid } of children) process.kill(pid, 'SIGTERM');
  const [last] = await under.running(1, children);
  process.kill(last!.pid, 'SIGTERM');
  expect(await under.finished(parent)).toMatchObject({
    status: 'FAILED',
    statusReason: 'Array Child Job failed',
    arrayProperties: { statusSummary: { RUNNING: 0, RUNNABLE: 0, SUCCEEDED: 0, FAILED: 3 } },
  });
  const failed = await under.batch.send(new ListJobsCommand({ arrayJobId: parent, jobStatus: 'FAILED' }));
  expect(failed.jobSummaryList?.map(({ container }) => container)).toEqual(
    Array.from({ length: 3 }, () => ({ exitCode: 70 })),
  );
});

test('one child that fails makes the array FAILED, the others stay SUCCEEDED', async () => {
  const parent = await under.submit(
    { CHILD_EXITS: '70', CHILD_FAILS_AT: '1' },
    { arrayProperties: { size: 3 } },
  );
  expect(await under.finished(parent)).toMatchObject({
    status: 'FAILED',
    arrayProperties: { statusSummary: { SUCCEEDED: 2, FAILED: 1 } },
  });
  const failed = await under.batch.send(new ListJobsCommand({ arrayJobId: parent, jobStatus: 'FAILED' }));
  expect(failed.jobSummaryList).toMatchObject([
    { jobId: `${parent}:1`, arrayProperties: { index: 1 }, container: { exitCode: 70 } },
  ]);
});
