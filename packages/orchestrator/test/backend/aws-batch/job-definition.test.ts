import { describe, expect, test } from '@jest/globals';
import type { JobDefinition } from '@aws-sdk/client-batch';
import { factsOfDefinition } from '../../../src/backend/aws-batch/job-definition.ts';

const ARN = 'arn:aws:batch:eu-west-1:1:job-definition/winnow:3';
const base: JobDefinition = {
  jobDefinitionName: 'winnow',
  jobDefinitionArn: ARN,
  revision: 3,
  type: 'container',
};

describe('a job definition', () => {
  test('by containerProperties', () => {
    const facts = factsOfDefinition({
      ...base,
      containerProperties: {
        image: 'i',
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/winnow' } },
      },
      platformCapabilities: ['FARGATE'],
      tags: { a: 'b', c: 'd' },
    });
    expect(facts).toEqual({
      ...{
        arn: ARN,
        overrides: { kind: 'container' },
        fargate: true,
        architecture: 'x86',
        tags: 2,
        stopSeconds: 30,
        logGroup: '/winnow',
      },
    });
  });

  test('by ecsProperties: the essential container, by its name, with its stop time', () => {
    const facts = factsOfDefinition({
      ...base,
      ecsProperties: {
        taskProperties: [
          {
            containers: [
              { name: 'sidecar', image: 's', essential: false },
              { name: 'worker', image: 'i', essential: true, stopTimeout: 120 },
            ],
          },
        ],
      },
      platformCapabilities: ['FARGATE'],
    });
    expect(facts).toMatchObject({ overrides: { kind: 'ecs', container: 'worker' }, stopSeconds: 120 });
  });

  test('on ARM, by either kind', () => {
    const runtimePlatform = { cpuArchitecture: 'ARM64' };
    expect(
      factsOfDefinition({ ...base, containerProperties: { image: 'i', runtimePlatform } }),
    ).toMatchObject({
      architecture: 'arm64',
    });
    const containers = [{ name: 'worker', image: 'i' }];
    const taskProperties = [{ runtimePlatform, containers }];
    expect(factsOfDefinition({ ...base, ecsProperties: { taskProperties } })).toMatchObject({
      architecture: 'arm64',
    });
  });

  test('on EC2, with logs that go elsewhere', () => {
    const facts = factsOfDefinition({
      ...base,
      containerProperties: { image: 'i', logConfiguration: { logDriver: 'splunk' } },
      platformCapabilities: ['EC2'],
    });
    expect(facts).toMatchObject({ fargate: false, logGroup: undefined });
  });

  test.each<[Partial<JobDefinition>, string]>([
    [{ type: 'multinode' }, `the job definition ${ARN} is of the type multinode`],
    [{ eksProperties: {} }, `the job definition ${ARN} has neither containerProperties nor ecsProperties`],
    [
      { ecsProperties: { taskProperties: [{ containers: [{ image: 'i' }] }] } },
      `the job definition ${ARN} has a container without a name`,
    ],
  ])('refuses %j', (facts, message) => {
    expect(() => factsOfDefinition({ ...base, ...facts })).toThrow(message);
  });
});
