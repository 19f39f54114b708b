import {
  BatchClient,
  DeregisterJobDefinitionCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobsCommand,
  ListJobsCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  UpdateJobQueueCommand,
  type SubmitJobRequest,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  clientConfig,
  IMAGE,
  overrides,
  RETRY_INTERRUPTED,
  startAwsUnderTest,
  type AwsUnderTest,
} from './aws-under-test.ts';

let under: AwsUnderTest;
beforeAll(async () => {
  under = await startAwsUnderTest();
});
afterAll(() => under.stop());

const refused = { name: 'ClientException', $metadata: { httpStatusCode: 400 } };
const resourceRequirements = [
  { type: 'VCPU' as const, value: '1' },
  { type: 'MEMORY' as const, value: '2048' },
];

test.each<[string, Partial<SubmitJobRequest>]>([
  ['an array of one', { arrayProperties: { size: 1 } }],
  ['an array of 10,001', { arrayProperties: { size: 10_001 } }],
  ['a name with a dot', { jobName: 'a.b' }],
  ['overrides of more than 8,192 characters', { containerOverrides: overrides({ A: 'x'.repeat(8192) }) }],
  ['more than 30 KiB', { parameters: { a: 'x'.repeat(31_000) } }],
  ['a time-out of 59 s', { timeout: { attemptDurationSeconds: 59 } }],
  ['11 attempts', { retryStrategy: { attempts: 11 } }],
  [
    '6 rules',
    { retryStrategy: { attempts: 2, evaluateOnExit: Array(6).fill({ onExitCode: '1', action: 'RETRY' }) } },
  ],
  [
    'a size that Fargate does not have',
    { containerOverrides: { resourceRequirements: [{ type: 'MEMORY', value: '1024' }] } },
  ],
  ['a reserved variable', { containerOverrides: overrides({ AWS_BATCH_JOB_ATTEMPT: '1' }) }],
  ['no such queue', { jobQueue: 'nowhere' }],
  ['no such job definition', { jobDefinition: 'nothing' }],
  ['overrides for a task', { ecsPropertiesOverride: { taskProperties: [{ containers: [{}] }] } }],
])('a job is refused for %s', async (_, fields) => {
  await expect(under.submit({}, fields)).rejects.toMatchObject(refused);
  const filters = [{ name: 'JOB_NAME', values: ['*'] }];
  const { jobSummaryList } = await under.batch.send(
    new ListJobsCommand({ jobQueue: under.prepared.jobQueue, filters }),
  );
  expect(jobSummaryList).toEqual([]);
});

test.each([0, 101])('describing %d jobs is refused', async (count) => {
  const jobs = Array.from({ length: count }, () => '0a1b2c3d-4e5f-6789-abcd-ef0123456789');
  await expect(under.batch.send(new DescribeJobsCommand({ jobs }))).rejects.toMatchObject(refused);
});

test('describing a job that does not exist gives none', async () => {
  const { jobs } = await under.batch.send(new DescribeJobsCommand({ jobs: ['nothing'] }));
  expect(jobs).toEqual([]);
});

test('a job that moto has, but has not yet told of, is not seen', async () => {
  // As in the moment in which moto is still making the children.
  const direct = new BatchClient(clientConfig(under.aws.motoUrl));
  const { jobQueue, jobDefinition } = under.prepared;
  const { jobId } = await direct.send(new SubmitJobCommand({ jobName: 'early', jobQueue, jobDefinition }));
  direct.destroy();
  const { jobs } = await under.batch.send(new DescribeJobsCommand({ jobs: [jobId!] }));
  expect(jobs).toEqual([]);
  const filters = [{ name: 'JOB_NAME', values: ['early'] }];
  const list = await under.batch.send(new ListJobsCommand({ jobQueue, filters }));
  expect(list.jobSummaryList).toEqual([]);
});

test('what is submitted is described: strategy, time-out, resources', async () => {
  const fields = {
    retryStrategy: RETRY_INTERRUPTED,
    timeout: { attemptDurationSeconds: 3600 },
    containerOverrides: {
      resourceRequirements: [{ type: 'MEMORY' as const, value: '4096' }],
      command: ['one', 'two'],
    },
  };
  const jobId = await under.submit({}, fields);
  const { retryStrategy, timeout, container } = await under.finished(jobId);
  expect({ retryStrategy, timeout }).toEqual({
    retryStrategy: fields.retryStrategy,
    timeout: fields.timeout,
  });
  expect(container).toMatchObject({ image: IMAGE, command: ['one', 'two'], environment: [] });
  expect(container?.resourceRequirements).toEqual([
    { type: 'VCPU', value: '1' },
    { type: 'MEMORY', value: '4096' },
  ]);
  expect((await under.environmentOf(jobId, 1))['arguments']).toEqual(['one', 'two']);
});

describe('a job definition with ecsProperties', () => {
  const task = (variables: Record<string, string>, name?: string) => ({
    ecsPropertiesOverride: {
      taskProperties: [{ containers: [{ ...overrides(variables), ...(name !== undefined && { name }) }] }],
    },
  });

  test('is described as it was registered', async () => {
    const { jobDefinitions } = await under.batch.send(
      new DescribeJobDefinitionsCommand({ jobDefinitionName: under.prepared.ecsJobDefinition }),
    );
    expect(jobDefinitions).toMatchObject([
      {
        status: 'ACTIVE',
        platformCapabilities: ['FARGATE'],
        ecsProperties: {
          taskProperties: [{ containers: [{ name: 'main', image: IMAGE, stopTimeout: 120 }] }],
        },
      },
    ]);
    expect(jobDefinitions?.[0]?.containerProperties).toBeUndefined();
  });

  test('gives jobs whose exit codes are told by task, not by container', async () => {
    const parent = await under.submit(
      {},
      {
        jobDefinition: under.prepared.ecsJobDefinition,
        arrayProperties: { size: 2 },
        retryStrategy: RETRY_INTERRUPTED,
        ...task({ MINE: 'kept', CHILD_EXITS: '75,70' }, 'main'),
      },
    );
    expect((await under.finished(parent)).status).toBe('FAILED');
    expect(await under.environmentOf(`${parent}:1`, 2)).toMatchObject({ MINE: 'kept' });
    const child = await under.describe(`${parent}:1`);
    expect(child.container).toEqual({});
    expect(child.ecsProperties?.taskProperties).toMatchObject([
      {
        containers: [
          {
            name: 'main',
            exitCode: 70,
            environment: [
              { name: 'MINE', value: 'kept' },
              { name: 'CHILD_EXITS', value: '75,70' },
            ],
          },
        ],
      },
    ]);
    expect(child.attempts).toMatchObject([
      {
        taskProperties: [
          { containers: [{ name: 'main', exitCode: 75, logStreamName: expect.stringContaining(parent) }] },
        ],
      },
      { taskProperties: [{ containers: [{ name: 'main', exitCode: 70 }] }] },
    ]);
    expect(child.attempts?.[0]?.container).toBeUndefined();
  });

  test.each<[string, Partial<SubmitJobRequest>]>([
    ['containerOverrides', { containerOverrides: overrides({ A: 'b' }) }],
    ['another container', task({ A: 'b' }, 'sidecar')],
  ])('refuses overrides for %s', async (_, fields) => {
    const job = { jobDefinition: under.prepared.ecsJobDefinition, ...fields };
    await expect(under.submit({}, job)).rejects.toMatchObject(refused);
  });
});

test('a reference without revision means the latest active one, by name and by ARN', async () => {
  const register = async (variables: Record<string, string>) => {
    const { jobDefinitionArn } = await under.batch.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName: 'revised',
        type: 'container',
        containerProperties: { image: IMAGE, resourceRequirements, ...overrides(variables) },
      }),
    );
    return jobDefinitionArn!;
  };
  const first = await register({ REVISION: 'first' });
  const second = await register({ REVISION: 'second' });
  const revisionOf = async (jobDefinition: string): Promise<string | undefined> => {
    const jobId = await under.submit({}, { jobDefinition });
    return (await under.environmentOf(jobId, 1))['REVISION'];
  };
  expect(await revisionOf('revised')).toBe('second');
  expect(await revisionOf('revised:1')).toBe('first');
  expect(await revisionOf(first)).toBe('first');
  expect(await revisionOf(first.slice(0, -2))).toBe('second');
  await under.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition: second }));
  expect(await revisionOf('revised')).toBe('first');
});

const main = { name: 'main', image: IMAGE, resourceRequirements };
test.each([
  [
    'a reserved variable',
    { containerProperties: { image: IMAGE, resourceRequirements, ...overrides({ AWS_BATCH_A: 'x' }) } },
  ],
  ['a time-out of 5 s', { timeout: { attemptDurationSeconds: 5 } }],
  [
    'two containers in a task',
    { ecsProperties: { taskProperties: [{ containers: [main, { ...main, name: 'sidecar' }] }] } },
  ],
])('a job definition is refused for %s', async (_, fields) => {
  const command = new RegisterJobDefinitionCommand({
    jobDefinitionName: 'bad',
    type: 'container',
    ...fields,
  });
  await expect(under.batch.send(command)).rejects.toMatchObject(refused);
});

test('a disabled queue takes no jobs', async () => {
  const jobQueue = under.prepared.fallbackQueue;
  await under.batch.send(new UpdateJobQueueCommand({ jobQueue, state: 'DISABLED' }));
  await expect(under.submit({}, { jobQueue })).rejects.toMatchObject(refused);
  await under.batch.send(new UpdateJobQueueCommand({ jobQueue, state: 'ENABLED' }));
  expect((await under.finished(await under.submit({}, { jobQueue }))).jobQueue).toMatch(jobQueue);
});
