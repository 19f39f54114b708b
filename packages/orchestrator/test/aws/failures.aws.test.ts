import {
  RegisterJobDefinitionCommand,
  type JobDetail,
  type RegisterJobDefinitionRequest,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runKeys, type Attempt, type Outcome, type Report } from '@winnow/core';
import { untilThereAre } from '../killing.ts';
import { startBatchRuns, type BatchRuns } from './batch-runs.ts';
import { BUCKET } from './cloud.ts';

let runs: BatchRuns;
beforeAll(async () => {
  runs = await startBatchRuns({ graceSeconds: 5 });
});
afterAll(() => runs.stop());

const winnow = (...args: string[]) => runs.cloud.winnow(args, runs.folder);
const runReport = (args: string[]) => runs.cloud.runReport(args, runs.folder);
const readJson = async <T>(key: string): Promise<T> =>
  JSON.parse((await runs.cloud.objects.get(key)).toString()) as T;
/** Its image is not there. */
const NO_IMAGE = {
  jobDefinitionName: 'no-image',
  type: 'container',
  platformCapabilities: ['FARGATE'],
  containerProperties: {
    image: 'no/such:image',
    executionRoleArn: 'arn:aws:iam::123456789012:role/winnow-role',
    resourceRequirements: [
      { type: 'VCPU', value: '1' },
      { type: 'MEMORY', value: '2048' },
    ],
  },
} satisfies RegisterJobDefinitionRequest;

/** Its machine is billed. */
const ON_EC2 = {
  ...NO_IMAGE,
  jobDefinitionName: 'on-ec2',
  platformCapabilities: ['EC2'],
} satisfies RegisterJobDefinitionRequest;

const untilReceipts = (output: string): Promise<void> =>
  untilThereAre(async () => (await runs.receipts(output)).length > 0);

describe('a container that ends too early', () => {
  test('killed: its shard alone comes back, as a job of its own', async () => {
    const running = runs.cloud.start(['run', ...runs.on('killed'), '--json'], runs.folder);
    await untilReceipts('killed');
    await untilThereAre(() => Promise.resolve(runs.cloud.aws.running().length > 0));
    // The last one: all of its shard is before it.
    const victim = runs.cloud.aws.running().at(-1);
    runs.cloud.aws.kill(victim!.jobId);
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    await runs.expectUndisturbed('killed', JSON.parse(stdout) as Report);
    const jobs = await runs.jobs('killed');
    expect(jobs).toHaveLength(2);
    const shard = Number(victim!.jobId.split(':')[1]);
    const outcome = await readJson<Outcome>(`killed/${runKeys(runs.runId).outcome(0)}`);
    expect(outcome.failed).toMatchObject([{ shard, cause: 'killed', exitCode: 137 }]);
    expect(outcome.told).toEqual([{ shard, seconds: [expect.any(Number)] }]);
    expect(outcome.told?.[0]?.seconds[0]).toBeGreaterThan(0);
    expect(jobs[1]?.arrayProperties?.size).toBeUndefined();
  });

  test('reclaimed: Batch attempts it again, nothing is submitted anew, and no failure is counted', async () => {
    const running = runs.cloud.start(['run', ...runs.on('reclaimed'), '--json'], runs.folder);
    await untilReceipts('reclaimed');
    await untilThereAre(() => Promise.resolve(runs.cloud.aws.running().length > 0));
    const [victim] = runs.cloud.aws.running();
    await runs.cloud.aws.reclaim(victim!.jobId);
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Report;
    await runs.expectUndisturbed('reclaimed', report);
    expect(report.attempts.failed).toBe(0);
    expect(await runs.jobs('reclaimed')).toHaveLength(1);
  });
});

describe('a run that is cancelled', () => {
  test('ends its jobs and its workers; the same command goes on', async () => {
    const running = runs.cloud.start(['run', ...runs.on('cancelled')], runs.folder);
    await untilReceipts('cancelled');
    const cancelled = await winnow('cancel', `s3://${BUCKET}/cancelled`);
    expect(cancelled).toMatchObject({ code: 0 });
    expect(cancelled.stdout).toMatch(/1 job ended/);
    const ended = await running.ended;
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^Run \S+: cancelled/);
    await untilThereAre(() => Promise.resolve(runs.cloud.aws.running().length === 0));
    const [job] = await runs.jobs('cancelled');
    expect(job?.arrayProperties?.statusSummary).toMatchObject({ RUNNABLE: 0, RUNNING: 0 });

    const { code, report } = await runReport(runs.on('cancelled'));
    expect(code).toBe(0);
    await runs.expectUndisturbed('cancelled', report);
  });
});

describe('what cannot work is told in one line, before anything is written', () => {
  beforeAll(() => runs.cloud.batch.send(new RegisterJobDefinitionCommand(ON_EC2)));

  test.each([
    [['--queue', 'none'], '--queue must name a job queue, none is none: check the name and the region'],
    [
      ['--job-definition', 'none'],
      '--job-definition must name an active job definition, none is none: check the name, its revision and the region',
    ],
    [
      ['--fallback-queue', 'none'],
      '--fallback-queue must name a job queue, none is none: check the name and the region',
    ],
    [['--memory', '300GiB'], 'Fargate has no size with 307200 MiB and 1 vCPU: its largest is'],
    [
      ['--job-definition', ON_EC2.jobDefinitionName, '--max-cost', '5'],
      '--max-cost must be left out on EC2: its machines are billed, not containers: name a queue',
    ],
    [['--tags', 'aws:x=1'], "--tags: a tag's key must have 1 to 128 characters and not begin with aws:"],
    [['--output', 's3://no-such-bucket/out'], 's3://no-such-bucket'],
    [['--source', 's3://no-such-bucket/in'], 's3://no-such-bucket'],
  ] as const)('%j', async (more, line) => {
    const { code, stdout, stderr } = await winnow('run', ...runs.on('refused', ...more));
    expect(stderr).toMatch(/^winnow: .*\n$/);
    expect(stderr).toContain(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(await runs.cloud.objects.keys('refused/')).toEqual([]);
  });
});

describe('what fails for all shards ends the run', () => {
  test('an image that is not there: nothing is tried again', async () => {
    await runs.cloud.batch.send(new RegisterJobDefinitionCommand(NO_IMAGE));
    const named = ['--job-definition', NO_IMAGE.jobDefinitionName];
    const { code, report } = await runReport(runs.on('imageless', ...named));
    expect(code).toBe(1);
    expect(report).toMatchObject({ state: 'failed', units: { committed: 0 } });
    expect(report.problems.join('\n')).toMatch(/failed \(image\): .*CannotPullContainerError/);
    expect(await runs.jobs('imageless')).toHaveLength(1);
  });

  test('workers that cannot read the run: in their own words, which only their log has', async () => {
    const running = runs.cloud.start(['run', ...runs.on('unreadable')], runs.folder);
    await untilReceipts('unreadable');
    await runs.cloud.objects.remove(`unreadable/${runKeys(runs.runId).run}`);
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/shards? .*failed \(configuration\): .*run\.json/);
  });
});

describe('what attempts leave', () => {
  let attempt: Attempt;
  let job: JobDetail | undefined;
  const uri = `s3://${BUCKET}/left`;
  beforeAll(async () => {
    const { code } = await runReport(runs.on('left', '--shard-units', '33'));
    expect(code).toBe(0);
    [job] = await runs.jobs('left');
    const [key] = await runs.cloud.objects.keys(`left/${runKeys(runs.runId).attempts}`);
    attempt = await readJson<Attempt>(key!);
  });

  test('is a record with the job and the attempt of AWS Batch, and what the process might use', () => {
    expect(attempt).toMatchObject({
      ...{ shard: 0, submission: 0, attempt: '1', state: 'committed', exitCode: 0 },
      jobId: job?.jobId,
      // Of 2048: the rest is the container's own.
      memoryMiB: 1966,
    });
  });

  test('is a log of all it had to say in the run directory, and a few lines in CloudWatch', async () => {
    const all = await winnow('logs', uri, '--shard', '0');
    expect(all.code).toBe(0);
    expect(all.stdout.match(/ committed /g)).toHaveLength(81);
    await runs.cloud.objects.remove(`left/${runKeys(runs.runId).log(0, 0, '1')}`);
    expect(await winnow('logs', uri)).toMatchObject({ code: 0, stdout: '' });

    // As its container would have been told by ECS.
    const logStream = job?.attempts?.[0]?.container?.logStreamName;
    expect(logStream).toBeDefined();
    const record = JSON.stringify({ ...attempt, logGroup: '/aws/batch/job', logStream });
    await runs.cloud.objects.put(`left/${runKeys(runs.runId).attempt(0, 0, '1')}`, record);
    const few = await winnow('logs', uri);
    expect(few.stdout.trim().split('\n')).toEqual([
      expect.stringContaining('shard-started'),
      expect.stringContaining('shard-ended'),
    ]);

    // An attempt that came to write no record: its job knows where it printed.
    await runs.cloud.objects.remove(`left/${runKeys(runs.runId).attempt(0, 0, '1')}`);
    expect((await winnow('logs', uri, '--shard', '0')).stdout).toBe(few.stdout);
  });
});
