import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateJobQueueCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  TerminateJobCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import {
  CreateBucketCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  S3Client,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Ended } from '../winnow.ts';
import { BUCKET, startCloud, type Cloud } from './cloud.ts';

const IMAGE = 'winnow/worker:1';
const ABORT: LifecycleRule = {
  ...{ ID: 'leftovers', Status: 'Enabled', Filter: { Prefix: '' } },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
};

let cloud: Cloud;
let s3: S3Client;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-test-'));
  // Containers that last, two at once: others wait.
  cloud = await startCloud({
    images: { [IMAGE]: { argv: [process.execPath, '-e', 'setTimeout(() => {}, 600_000)'] } },
    parallel: 2,
    graceSeconds: 1,
  });
  const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = cloud.environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  s3 = new S3Client({ endpoint: cloud.aws.steadyEndpoint, region, credentials, forcePathStyle: true });
  await lifecycle(BUCKET, [ABORT]);
  await cloud.objects.put('in/a.ndjson', '{"id":1}\n');
});
afterAll(async () => {
  s3.destroy();
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});
/** A probe leaves nothing, whatever was found. */
afterEach(async () => expect(await cloud.objects.keys('out/')).toEqual([]));

const lifecycle = async (Bucket: string, Rules: LifecycleRule[]): Promise<void> => {
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
};

const doctor = (...words: string[]): Promise<Ended> => cloud.winnow(['doctor', ...words], folder);
const onBatch = (more: Record<string, string> = {}): Promise<Ended> => {
  const flags = {
    backend: 'aws-batch',
    queue: cloud.prepared.jobQueue,
    'job-definition': cloud.prepared.jobDefinition,
    ...more,
  };
  return doctor(...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]));
};

/** Without the line of Node's version. */
const linesOf = ({ stdout }: Ended): string[] => stdout.trimEnd().split('\n').slice(1);
const notOk = (ended: Ended): string[] => linesOf(ended).filter((line) => !line.startsWith('ok '));

const DEFINITION = [
  'ok       job definition: winnow-container:1 is active; its image is winnow/worker:1',
  'ok       size: jobs get 1 vCPU and 2048 MiB, more where a unit needs it',
  'ok       execution role: arn:aws:iam::123456789012:role/winnow-role',
  'ok       job role: arn:aws:iam::123456789012:role/winnow-role',
  'ok       retries: each job of a run brings its rules; a job that you submit by it yourself is tried once',
  'ok       timeout: 14400 s an attempt (--timeout-seconds)',
  'ok       stop time: 30 s for the last commit; only ecsProperties can have more (stopTimeout)',
  'ok       logs: CloudWatch, /aws/batch/job',
];
const QUEUE = [
  'ok       queue: winnow-spot is enabled and valid',
  'ok       compute environment: winnow-spot-environment: FARGATE_SPOT, at most 256 vCPUs',
  'ok       room: 256 containers of 1 vCPU and 2048 MiB at once',
  'ok       runnable jobs: no job of winnow-spot waits for a place',
];
const OUTPUT = [
  'ok       output: s3://lake/out can be listed; its bucket lies in us-east-1',
  'ok       If-None-Match: an object that is there is not created again',
  'ok       If-Match: only the version that is expected is replaced',
  'ok       multipart leftovers: a lifecycle rule removes them after 1 day(s)',
  'ok       versions: the bucket keeps none',
];

test('all well: a line for each thing', async () => {
  const ended = await onBatch({ source: 's3://lake/in', output: 's3://lake/out' });
  expect(linesOf(ended)).toEqual([
    'ok       source: prefix s3://lake/in can be listed, and its first input a.ndjson be read',
    ...OUTPUT,
    ...DEFINITION,
    ...QUEUE,
  ]);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
});

test('a definition by ecsProperties, and a fallback queue', async () => {
  const ended = await onBatch({
    'job-definition': cloud.prepared.ecsJobDefinition,
    'fallback-queue': cloud.prepared.fallbackQueue,
  });
  expect([ended.code, notOk(ended)]).toEqual([0, []]);
  expect(linesOf(ended)).toContain(
    'ok       job definition: winnow-ecs:1 is active; its image is winnow/worker:1',
  );
  expect(linesOf(ended)).toContain('ok       stop time: 120 s for the last commit');
  expect(linesOf(ended)).toContain('ok       fallback queue: winnow-on-demand is enabled and valid');
});

test('a queue and a definition that are not there: a line each', async () => {
  const ended = await onBatch({ queue: 'none', 'job-definition': 'none' });
  expect(linesOf(ended)).toEqual([
    'FAILED   job definition: --job-definition must name an active job definition, none is none: check the name, its revision and the region',
    'FAILED   queue: --queue must name a job queue, none is none: check the name and the region',
  ]);
  expect(ended.code).toBe(1);
});

test('a bucket that is not there', async () => {
  const ended = await doctor('--source', 's3://nobodys/in', '--output', 's3://nobodys/out');
  expect(notOk(ended)).toEqual([
    'FAILED   source: s3://nobodys/in: there is no such bucket: check its name and the region and account of your credentials',
    'FAILED   output: s3://nobodys/out: there is no such bucket: check its name and the region and account of your credentials',
  ]);
  expect(ended.code).toBe(1);
});

test('a bucket without a rule for leftovers, with one that expires, and with versions', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'pond' }));
  const bare = await doctor('--output', 's3://pond/out');
  expect([bare.code, notOk(bare)]).toEqual([
    0,
    [
      'warning  multipart leftovers: no lifecycle rule removes what uploads that were killed have left: add a rule for the prefix with AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}; a closed run removes its own',
    ],
  ]);
  await lifecycle('pond', [
    ABORT,
    { ...{ ID: 'old', Status: 'Enabled', Filter: { Prefix: 'out/' } }, Expiration: { Days: 30 } },
  ]);
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: 'pond', VersioningConfiguration: { Status: 'Enabled' } }),
  );
  const kept = await doctor('--output', 's3://pond/out');
  expect(notOk(kept)).toEqual([
    'warning  expiry: lifecycle rules remove objects of the output: old: leave its prefix out of them: a run whose receipts go cannot be gone on with',
  ]);
  expect(linesOf(kept).at(-1)).toContain('ok       versions: the bucket keeps them');
});

test('a bucket in another region than the queue', async () => {
  await s3.send(
    new CreateBucketCommand({
      Bucket: 'far-away',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  );
  await lifecycle('far-away', [ABORT]);
  const ended = await onBatch({ source: 's3://lake/in', output: 's3://far-away/out' });
  expect([ended.code, notOk(ended)]).toEqual([
    0,
    [
      'warning  region: the bucket of s3://far-away/out lies in eu-west-1, the queue winnow-spot in us-east-1: each byte between them is charged: use a queue in eu-west-1',
    ],
  ]);
});

test('a queue and a compute environment that are disabled, and more at once than there is room for', async () => {
  const { batch } = cloud;
  const crowded = await onBatch({ 'max-running': '300' });
  expect([crowded.code, notOk(crowded)]).toEqual([
    0,
    [
      'warning  room: --max-running 300 is more than maxvCpus have room for: 256 containers of 1 vCPU and 2048 MiB at once: raise maxvCpus; the others wait for their turn',
    ],
  ]);
  const computeEnvironment = 'winnow-on-demand-environment';
  await batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, state: 'DISABLED' }));
  const jobQueueName = 'of-disabled';
  await batch.send(
    new CreateJobQueueCommand({
      ...{ jobQueueName, state: 'ENABLED', priority: 1 },
      computeEnvironmentOrder: [{ order: 1, computeEnvironment }],
    }),
  );
  const closed = await onBatch({ queue: jobQueueName });
  expect([closed.code, notOk(closed)]).toEqual([
    1,
    ['FAILED   compute environment: winnow-on-demand-environment is disabled: it takes no jobs: enable it'],
  ]);
  await batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, state: 'ENABLED' }));
  await batch.send(new UpdateJobQueueCommand({ jobQueue: jobQueueName, state: 'DISABLED' }));
  expect(notOk(await onBatch({ queue: jobQueueName }))).toEqual([
    'FAILED   queue: the job queue of-disabled is disabled: it takes no jobs: enable it',
  ]);
});

test('a definition without a job role, with rules of its own that give up too early', async () => {
  await cloud.batch.send(
    new RegisterJobDefinitionCommand({
      ...{ jobDefinitionName: 'bare', type: 'container', platformCapabilities: ['FARGATE'] },
      containerProperties: {
        image: IMAGE,
        executionRoleArn: 'arn:aws:iam::123456789012:role/winnow-role',
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '2048' },
        ],
      },
      retryStrategy: {
        attempts: 3,
        evaluateOnExit: [
          { onStatusReason: 'Host EC2*', action: 'RETRY' },
          { onReason: '*', action: 'EXIT' },
        ],
      },
    }),
  );
  const ended = await onBatch({ 'job-definition': 'bare', output: 's3://lake/out' });
  expect(notOk(ended).map((line) => line.slice(0, 24))).toEqual([
    'FAILED   job role: the d',
    'warning  retries: each j',
  ]);
  expect(ended.stdout).toContain('after exit code 75 and a Fargate Spot reclaim:');
  expect(ended.code).toBe(1);
});

test('jobs that wait for a place; what moto has not is unknown', async () => {
  const { jobId } = await cloud.batch.send(
    new SubmitJobCommand({
      ...{ jobName: 'waits', jobQueue: cloud.prepared.jobQueue, jobDefinition: cloud.prepared.jobDefinition },
      arrayProperties: { size: 5 },
      timeout: { attemptDurationSeconds: 600 },
    }),
  );
  try {
    // Two of them have to get their places first.
    while (cloud.aws.running().length < 2) await sleep(100);
    const ended = await onBatch();
    expect(linesOf(ended).at(-2)).toMatch(
      /^ok {7}runnable jobs: 3 jobs of winnow-spot wait for a place, the first for [\d.:]+ \w+: their turn comes, 2 run or start$/,
    );
    expect(linesOf(ended).at(-1)).toBe(
      'unknown  front of the queue: the service has no GetJobQueueSnapshot: look at the queue in the AWS console',
    );
    expect(ended.code).toBe(0);
  } finally {
    await cloud.batch.send(new TerminateJobCommand({ jobId, reason: 'the test is over' }));
  }
});
