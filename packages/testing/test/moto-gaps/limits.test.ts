import type { RegisterJobDefinitionRequest, RetryStrategy, SubmitJobRequest } from '@aws-sdk/client-batch';
import { describe, expect, test } from '@jest/globals';
import { definitionProblem, submissionProblem } from '../../src/moto-gaps/limits.ts';

const job = (fields: Partial<SubmitJobRequest> = {}): SubmitJobRequest => ({
  jobName: 'name',
  jobQueue: 'queue',
  jobDefinition: 'definition',
  ...fields,
});
const variable = (name: string, value = '') => ({ environment: [{ name, value }] });
const rules = (count: number): RetryStrategy['evaluateOnExit'] =>
  Array.from({ length: count }, () => ({ onExitCode: '1', action: 'RETRY' as const }));
/** Overrides whose JSON has that many characters. */
const overridesOf = (length: number) => {
  const empty = JSON.stringify(variable('A')).length;
  return variable('A', 'x'.repeat(length - empty));
};
const taskOverrides = (overrides: object) => ({ taskProperties: [{ containers: [overrides] }] });

describe('a submission', () => {
  test.each<[string, SubmitJobRequest, RegExp | undefined]>([
    ['that is plain', job(), undefined],
    ['named by one letter', job({ jobName: 'a' }), undefined],
    ['with a name of 128', job({ jobName: 'a'.repeat(128) }), undefined],
    ['with a name of 129', job({ jobName: 'a'.repeat(129) }), /Job name/],
    ['without a name', job({ jobName: '' }), /Job name/],
    ['with a name that begins with a dash', job({ jobName: '-a' }), /Job name/],
    ['with a name with a dot', job({ jobName: 'a.b' }), /Job name/],
    ['of an array of 1', job({ arrayProperties: { size: 1 } }), /Array size/],
    ['of an array of 2', job({ arrayProperties: { size: 2 } }), undefined],
    ['of an array of 10,000', job({ arrayProperties: { size: 10_000 } }), undefined],
    ['of an array of 10,001', job({ arrayProperties: { size: 10_001 } }), /Array size/],
    ['with overrides of 8,192', job({ containerOverrides: overridesOf(8192) }), undefined],
    ['with overrides of 8,193', job({ containerOverrides: overridesOf(8193) }), /Container Overrides length/],
    [
      'with task overrides of more than 8,192',
      job({ ecsPropertiesOverride: taskOverrides(overridesOf(8192)) }),
      /Container Overrides length/,
    ],
    ['with a reserved variable', job({ containerOverrides: variable('AWS_BATCH_X') }), /AWS_BATCH_X/],
    [
      'with a reserved variable of a task',
      job({ ecsPropertiesOverride: taskOverrides(variable('AWS_BATCH')) }),
      /AWS_BATCH/,
    ],
    ['with a variable that is not reserved', job({ containerOverrides: variable('AWS_X') }), undefined],
    ['with no attempt', job({ retryStrategy: { attempts: 0 } }), /attempts/],
    ['with 10 attempts', job({ retryStrategy: { attempts: 10 } }), undefined],
    ['with 11 attempts', job({ retryStrategy: { attempts: 11 } }), /attempts/],
    ['with 5 rules', job({ retryStrategy: { attempts: 2, evaluateOnExit: rules(5) } }), undefined],
    ['with 6 rules', job({ retryStrategy: { attempts: 2, evaluateOnExit: rules(6) } }), /evaluateOnExit/],
    ['with rules but no attempts', job({ retryStrategy: { evaluateOnExit: rules(1) } }), /attempts/],
    ['with 59 s', job({ timeout: { attemptDurationSeconds: 59 } }), /attemptDurationSeconds/],
    ['with 60 s', job({ timeout: { attemptDurationSeconds: 60 } }), undefined],
    [
      'with 21 dependencies',
      job({ dependsOn: Array.from({ length: 21 }, (_, i) => ({ jobId: `${i}` })) }),
      /dependencies/,
    ],
    [
      'with 51 tags',
      job({ tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`${i}`, ''])) }),
      /tags/,
    ],
  ])('%s', (_, request, problem) => {
    const found = submissionProblem(request, 100);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(problem);
  });

  test.each([
    [30_720, false],
    [30_721, true],
  ])('of %d bytes is refused: %s', (bytes, refused) => {
    expect(submissionProblem(job(), bytes) !== undefined).toBe(refused);
  });

  test.each<[RetryStrategy['evaluateOnExit'], boolean]>([
    [[{ onStatusReason: 'Your Spot Task was interrupted*', action: 'RETRY' }], false],
    [[{ onReason: '*', action: 'EXIT' }], false],
    [[{ onReason: 'CannotPull*Error', action: 'EXIT' }], true],
    [[{ onReason: 'no "quotes"', action: 'EXIT' }], true],
    [[{ onExitCode: '75', action: 'RETRY' }], false],
    [[{ onExitCode: '7*', action: 'RETRY' }], false],
    [[{ onExitCode: '-1', action: 'RETRY' }], true],
    [[{ onReason: 'a'.repeat(512), action: 'EXIT' }], false],
    [[{ onReason: 'a'.repeat(513), action: 'EXIT' }], true],
  ])('with the rules %j is refused: %s', (evaluateOnExit, refused) => {
    const request = job({ retryStrategy: { attempts: 2, ...(evaluateOnExit && { evaluateOnExit }) } });
    expect(submissionProblem(request, 100) !== undefined).toBe(refused);
  });
});

const role = { executionRoleArn: 'arn:aws:iam::123456789012:role/r' };
const sized = (vcpu: string, memory: string) => ({
  resourceRequirements: [
    { type: 'VCPU' as const, value: vcpu },
    { type: 'MEMORY' as const, value: memory },
  ],
});
const fargate = (containerProperties: object): RegisterJobDefinitionRequest => ({
  jobDefinitionName: 'name',
  type: 'container',
  platformCapabilities: ['FARGATE'],
  containerProperties,
});

describe('a job definition', () => {
  const definition = (fields: Partial<RegisterJobDefinitionRequest>): RegisterJobDefinitionRequest => ({
    jobDefinitionName: 'name',
    type: 'container',
    ...fields,
  });
  test.each<[string, RegisterJobDefinitionRequest, number, RegExp | undefined]>([
    ['that is plain', definition({ containerProperties: variable('A') }), 100, undefined],
    ['of more than 24 KiB', definition({}), 24_577, /24576/],
    [
      'with a reserved variable',
      definition({ containerProperties: variable('AWS_BATCH_A') }),
      100,
      /AWS_BATCH_A/,
    ],
    [
      'with a reserved variable in a task',
      definition({
        ecsProperties: { taskProperties: [{ containers: [{ image: 'i', ...variable('AWS_BATCH_A') }] }] },
      }),
      100,
      /AWS_BATCH_A/,
    ],
    ['with 11 attempts', definition({ retryStrategy: { attempts: 11 } }), 100, /attempts/],
    ['for Fargate', fargate({ ...role, ...sized('1', '2048') }), 100, undefined],
    ['for Fargate of no valid size', fargate({ ...role, ...sized('3', '2048') }), 100, /3 vCPU, 2048 MiB/],
    ['for Fargate without a role', fargate(sized('1', '2048')), 100, /executionRoleArn/],
    ['for EC2 of any size', definition({ containerProperties: sized('3', '777') }), 100, undefined],
    [
      'of a task for Fargate of no valid size',
      definition({
        platformCapabilities: ['FARGATE'],
        ecsProperties: { taskProperties: [{ ...role, containers: [{ image: 'i', ...sized('1', '1024') }] }] },
      }),
      100,
      /1 vCPU, 1024 MiB/,
    ],
    ['with 5 s', definition({ timeout: { attemptDurationSeconds: 5 } }), 100, /attemptDurationSeconds/],
  ])('%s', (_, request, bytes, problem) => {
    const found = definitionProblem(request, bytes);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(problem);
  });
});
