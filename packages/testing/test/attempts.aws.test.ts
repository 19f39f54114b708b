import { ListJobsCommand, RegisterJobDefinitionCommand, TerminateJobCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { RETRY_INTERRUPTED, startAwsUnderTest, type AwsUnderTest } from './aws-under-test.ts';

let under: AwsUnderTest;
beforeAll(async () => {
  under = await startAwsUnderTest({ graceSeconds: 1 });
});
afterAll(() => under.stop());

const exitCodes = async (jobId: string): Promise<unknown[]> =>
  (await under.describe(jobId)).attempts!.map(({ container }) => container?.exitCode);

test('exit code 75 is tried again, 70 is not', async () => {
  const retryStrategy = RETRY_INTERRUPTED;
  const [again, never, until0] = await Promise.all([
    under.submit({ CHILD_EXITS: '75' }, { retryStrategy }),
    under.submit({ CHILD_EXITS: '70' }, { retryStrategy }),
    under.submit({ CHILD_EXITS: '75,0' }, { retryStrategy }),
  ]);
  expect(await under.finished(again)).toMatchObject({
    status: 'FAILED',
    container: { exitCode: 75 },
    retryStrategy,
  });
  expect(await exitCodes(again)).toEqual([75, 75, 75]);
  expect((await under.finished(never)).status).toBe('FAILED');
  expect(await exitCodes(never)).toEqual([70]);
  expect((await under.finished(until0)).status).toBe('SUCCEEDED');
  expect(await exitCodes(until0)).toEqual([75, 0]);
});

test('without a retry strategy there is one attempt', async () => {
  const jobId = await under.submit({ CHILD_EXITS: '75' });
  expect((await under.finished(jobId)).status).toBe('FAILED');
  expect(await exitCodes(jobId)).toEqual([75]);
});

test('a child that Spot reclaims gets SIGTERM and a second attempt; its siblings go on', async () => {
  const parent = await under.submit(
    { CHILD_DOES: 'wait', CHILD_EXITS: '75,0' },
    { arrayProperties: { size: 2 }, retryStrategy: RETRY_INTERRUPTED },
  );
  await under.running(2);
  await under.aws.reclaim(`${parent}:1`);
  expect(await under.environmentOf(`${parent}:1`, 2)).toMatchObject({
    AWS_BATCH_JOB_ATTEMPT: '2',
    AWS_BATCH_JOB_ARRAY_INDEX: '1',
  });
  const again = await under.running(2);
  expect(again.map(({ jobId, attempt }) => [jobId, attempt]).sort()).toEqual([
    [`${parent}:0`, 1],
    [`${parent}:1`, 2],
  ]);
  const reclaimed = await under.describe(`${parent}:1`);
  expect(reclaimed).toMatchObject({
    status: 'RUNNING',
    attempts: [{ statusReason: 'Your Spot Task was interrupted.', container: { exitCode: 75 } }],
  });
  process.kill(again.find(({ attempt }) => attempt === 2)!.pid, 'SIGTERM');
  expect(await under.finished(`${parent}:1`)).toMatchObject({
    status: 'SUCCEEDED',
    container: { exitCode: 0 },
    statusReason: 'Essential container in task exited',
  });
  await under.batch.send(new TerminateJobCommand({ jobId: parent, reason: 'seen enough' }));
  await under.finished(parent);
});

test('what does not heed SIGTERM is killed after the grace', async () => {
  const jobId = await under.submit(
    { CHILD_DOES: 'ignore' },
    { retryStrategy: { ...RETRY_INTERRUPTED, attempts: 1 } },
  );
  await under.running(1);
  await under.aws.reclaim(jobId);
  expect(await under.finished(jobId)).toMatchObject({
    status: 'FAILED',
    statusReason: 'Your Spot Task was interrupted.',
    container: { exitCode: 137 },
  });
});

test('a job whose image does not exist fails to start', async () => {
  await under.batch.send(
    new RegisterJobDefinitionCommand({
      jobDefinitionName: 'no-image',
      type: 'container',
      containerProperties: {
        image: 'no/such:image',
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '2048' },
        ],
      },
    }),
  );
  const job = await under.finished(await under.submit({}, { jobDefinition: 'no-image' }));
  expect(job).toMatchObject({ status: 'FAILED', statusReason: 'Task failed to start' });
  expect(job.container?.exitCode).toBeUndefined();
  expect(job.container?.reason).toMatch(/^CannotPullContainerError/);
  const { jobSummaryList } = await under.batch.send(
    new ListJobsCommand({ jobQueue: under.prepared.jobQueue, jobStatus: 'FAILED' }),
  );
  const row = jobSummaryList?.find(({ jobId }) => jobId === job.jobId);
  expect(row?.container).toEqual({ reason: job.container?.reason });
});
