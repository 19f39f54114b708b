import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from '@winnow/core';
import type { ArrayJob } from '../../../src/backend/array-backend.ts';
import type { DefinitionFacts } from '../../../src/backend/aws-batch/job-definition.ts';
import { submitRequest } from '../../../src/backend/aws-batch/submit-request.ts';

const RUN = 's3://b/out/_winnow/0000-89abcdef';
const DEFINITION: DefinitionFacts = {
  ...{
    arn: 'd:3',
    overrides: { kind: 'container' },
    fargate: true,
    architecture: 'x86',
    tags: 0,
    stopSeconds: 120,
    logGroup: '/g',
  },
};
const JOB: ArrayJob = {
  runId: '0000-89abcdef',
  submission: 4,
  runUri: RUN,
  shards: { first: 20_000, count: 10_000 },
  intended: {
    name: 'winnow-x-4',
    queue: 'spot',
    definition: 'd:3',
    vcpus: 1,
    memoryMiB: 2048,
    timeoutSeconds: 3600,
  },
};
const ENVIRONMENT = [
  { name: 'WINNOW_RUN', value: RUN },
  { name: 'WINNOW_SUBMISSION', value: '4' },
  { name: 'WINNOW_SHARD_BASE', value: '20000' },
  { name: 'WINNOW_MEMORY', value: '1966MiB' },
  { name: 'WINNOW_STOP_SECONDS', value: '120' },
];
const RESOURCES = [
  { type: 'VCPU', value: '1' },
  { type: 'MEMORY', value: '2048' },
];

describe('the request of a submission', () => {
  test('is an array with pointer, size, timeout, retries and propagated tags', () => {
    expect(submitRequest(JOB, DEFINITION, { team: 'data' })).toEqual({
      jobName: 'winnow-x-4',
      jobQueue: 'spot',
      jobDefinition: 'd:3',
      arrayProperties: { size: 10_000 },
      containerOverrides: { environment: ENVIRONMENT, resourceRequirements: RESOURCES },
      retryStrategy: { attempts: 10, evaluateOnExit: expect.any(Array) as unknown },
      timeout: { attemptDurationSeconds: 3600 },
      tags: { team: 'data', 'winnow:run': '0000-89abcdef', 'winnow:submission': '4' },
      propagateTags: true,
    });
  });

  test('is a plain job for a single shard', () => {
    const { arrayProperties } = submitRequest({ ...JOB, shards: { first: 7, count: 1 } }, DEFINITION, {});
    expect(arrayProperties).toBeUndefined();
  });

  test('leads to the list where shards do not follow each other', () => {
    const list = `${RUN}/submissions/4.shards.json`;
    const { containerOverrides } = submitRequest({ ...JOB, shards: { list, count: 3 } }, DEFINITION, {});
    expect(containerOverrides?.environment).toContainEqual({ name: 'WINNOW_SHARD_LIST', value: list });
    expect(containerOverrides?.environment?.map(({ name }) => name)).not.toContain('WINNOW_SHARD_BASE');
  });

  test('overrides a named container where the definition has its containers by name', () => {
    const overrides = { kind: 'ecs', container: 'worker' } as const;
    const request = submitRequest(JOB, { ...DEFINITION, overrides }, {});
    expect(request.containerOverrides).toBeUndefined();
    expect(request.ecsPropertiesOverride).toEqual({
      taskProperties: [
        { containers: [{ name: 'worker', environment: ENVIRONMENT, resourceRequirements: RESOURCES }] },
      ],
    });
  });

  test('is refused here where AWS would refuse it', () => {
    const tags = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`k${n}`, 'v']));
    const submit = () => submitRequest(JOB, { ...DEFINITION, tags: 20 }, tags);
    expect(submit).toThrow(ConfigurationError);
    expect(submit).toThrow(
      'AWS Batch would refuse the job winnow-x-4: a job has at most 50 tags with those of its definition, this one would have 52',
    );
  });
});
