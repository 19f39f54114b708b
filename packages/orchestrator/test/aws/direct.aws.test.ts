import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeJobsCommand,
  SubmitJobCommand,
  type JobDetail,
  type SubmitJobCommandInput,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runKeys, type Report } from '@winnow/core';
import { untilThereAre } from '../killing.ts';
import { startBatchRuns, type BatchRuns } from './batch-runs.ts';
import { BUCKET } from './cloud.ts';

let runs: BatchRuns;
beforeAll(async () => {
  runs = await startBatchRuns({ parallel: 3, graceSeconds: 10 });
});
afterAll(() => runs.stop());

const SPEC = {
  WINNOW_SOURCE: `s3://${BUCKET}/in`,
  WINNOW_MAX_QUARANTINED: '9',
  WINNOW_UNIT_BYTES: '256KiB',
  WINNOW_SHARD_UNITS: '3',
};

const pairs = (variables: Record<string, string>) =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));

const submit = async (input: Partial<SubmitJobCommandInput>): Promise<string> => {
  const { jobQueue, jobDefinition } = runs.cloud.prepared;
  const command = new SubmitJobCommand({
    ...{ jobName: 'direct', jobQueue, jobDefinition },
    retryStrategy: {
      attempts: 3,
      evaluateOnExit: [
        { onExitCode: '75', action: 'RETRY' },
        { onReason: '*', action: 'EXIT' },
      ],
    },
    ...input,
  });
  return (await runs.cloud.batch.send(command)).jobId ?? '';
};

const describe = async (jobId: string): Promise<JobDetail | undefined> =>
  (await runs.cloud.batch.send(new DescribeJobsCommand({ jobs: [jobId] }))).jobs?.[0];

/** The job, once it and all of its children have ended. */
async function ended(jobId: string): Promise<JobDetail> {
  for (;;) {
    const job = await describe(jobId);
    if (job?.status === 'SUCCEEDED' || job?.status === 'FAILED') return job;
    await sleep(300);
  }
}

const reportOf = async (output: string): Promise<Report> =>
  JSON.parse((await runs.cloud.objects.get(`${output}/${runKeys(runs.runId).report}`)).toString()) as Report;

test('a plain job with environment overrides does the whole job', async () => {
  const environment = pairs({ ...SPEC, WINNOW_OUTPUT: `s3://${BUCKET}/plain` });
  const job = await ended(await submit({ containerOverrides: { environment } }));
  expect([job.status, job.container?.exitCode]).toEqual(['SUCCEEDED', 0]);
  await runs.expectUndisturbed('plain', await reportOf('plain'));
  // The same job again has nothing to do.
  expect(await ended(await submit({ containerOverrides: { environment } }))).toMatchObject({
    status: 'SUCCEEDED',
  });
  expect((await reportOf('plain')).attempts.total).toBe(11);
});

test('an array plans once and shares the shards; one of its children is reclaimed', async () => {
  const environment = pairs({ ...SPEC, WINNOW_OUTPUT: `s3://${BUCKET}/array` });
  const jobId = await submit({
    jobDefinition: runs.cloud.prepared.ecsJobDefinition,
    arrayProperties: { size: 3 },
    ecsPropertiesOverride: { taskProperties: [{ containers: [{ name: 'main', environment }] }] },
  });
  await untilThereAre(async () => (await runs.receipts('array')).length > 3);
  const [victim] = runs.cloud.aws.running();
  await runs.cloud.aws.reclaim(victim!.jobId);
  const job = await ended(jobId);
  expect(job).toMatchObject({ status: 'SUCCEEDED', arrayProperties: { statusSummary: { SUCCEEDED: 3 } } });
  const report = await reportOf('array');
  await runs.expectUndisturbed('array', report);
  // Each shard was done by one child; what the reclaimed one had in hand by two at most.
  expect(report.attempts.failed).toBe(0);
  expect(report.attempts.total).toBeLessThanOrEqual(11 + 2);
  const submissions = await runs.cloud.objects.keys(`array/${runKeys(runs.runId).submissions}`);
  expect(submissions.map((key) => key.split('/').at(-1))).toEqual(['0.intent.json', '0.outcome.json']);
});

test("the plain variables of a job that knows nothing of Winnow are read, and Winnow's own beat them", async () => {
  const environment = pairs({
    INPUT_PATH: `s3://${BUCKET}/nowhere`,
    OUTPUT_PATH: `s3://${BUCKET}/mapped`,
    JOB_PARAMS: JSON.stringify({ max_quarantined: 9, unitBytes: '256KiB', shardUnits: 3 }),
    WINNOW_SOURCE: `s3://${BUCKET}/in`,
  });
  const job = await ended(await submit({ containerOverrides: { environment } }));
  expect(job.status).toBe('SUCCEEDED');
  await runs.expectUndisturbed('mapped', await reportOf('mapped'));
});

test.each([
  ['a spec that cannot be', { WINNOW_OUTPUT: `s3://${BUCKET}/bad`, WINNOW_LEVEL: '99' }, 78],
  ['no output', {}, 78],
  [
    'a source that is not there',
    { WINNOW_SOURCE: `s3://${BUCKET}/none/`, WINNOW_OUTPUT: `s3://${BUCKET}/bad` },
    78,
  ],
  [
    'more quarantined than allowed',
    { WINNOW_OUTPUT: `s3://${BUCKET}/many`, WINNOW_MAX_QUARANTINED: '3' },
    65,
  ],
])('%s ends it without another attempt', async (_, variables, exitCode) => {
  const environment = pairs({ ...SPEC, ...variables });
  const job = await ended(await submit({ containerOverrides: { environment } }));
  expect([job.status, job.container?.exitCode, job.attempts?.length]).toEqual(['FAILED', exitCode, 1]);
});
