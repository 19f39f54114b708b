import type { JobDefinition, RetryStrategy } from '@aws-sdk/client-batch';
import { describe, expect, test } from '@jest/globals';
import { RETRY_STRATEGY } from '../../../src/backend/aws-batch/retry-rules.ts';
import { definitionFindings, type Wanted } from '../../../src/doctor/batch/definition-findings.ts';
import { triesAgain } from '../../../src/doctor/batch/tries-again.ts';
import { findingLine } from '../../../src/doctor/finding-text.ts';

const WANTED: Wanted = { memory: 512, vcpus: 1, timeoutSeconds: 3600, usesS3: true };
const size = (vcpus: string, memory: string) => [
  { type: 'VCPU' as const, value: vcpus },
  { type: 'MEMORY' as const, value: memory },
];
const container = {
  image: 'i',
  executionRoleArn: 'e',
  jobRoleArn: 'j',
  resourceRequirements: size('1', '2048'),
};
const GOOD = {
  ...{ jobDefinitionName: 'd', jobDefinitionArn: 'arn:d:3', revision: 3, type: 'container' },
  platformCapabilities: ['FARGATE'],
  containerProperties: container,
} satisfies JobDefinition;
const ecs = (stopTimeout?: number): JobDefinition => ({
  ...{ ...GOOD, containerProperties: undefined },
  ecsProperties: {
    taskProperties: [
      {
        ...{ executionRoleArn: 'e', taskRoleArn: 'j' },
        containers: [
          { image: 'i', name: 'main', essential: true, resourceRequirements: size('1', '2048'), stopTimeout },
        ],
      },
    ],
  },
});
const withContainer = (more: Partial<typeof container> & object): JobDefinition => ({
  ...GOOD,
  containerProperties: { ...container, ...more },
});

describe('what is not well with a definition', () => {
  test.each<[string, JobDefinition, Partial<Wanted>, RegExp[]]>([
    ['nothing', GOOD, {}, []],
    ['nothing, by ecsProperties', ecs(120), {}, []],
    ['a short stop time', ecs(), {}, [/^warning {2}stop time: .* has 30 s .*: set stopTimeout: 120/]],
    ['no image', withContainer({ image: '' }), {}, [/^FAILED {3}job definition: d:3 names no image/]],
    [
      'no roles',
      { ...GOOD, containerProperties: { image: 'i' } },
      {},
      [/^FAILED {3}execution role: /, /^FAILED {3}job role: /],
    ],
    [
      'no job role, and folders alone',
      { ...GOOD, containerProperties: { image: 'i', executionRoleArn: 'e' } },
      { usesS3: false },
      [/^warning {2}job role: /],
    ],
    [
      'no roles on EC2, whose machines may have one',
      { ...GOOD, platformCapabilities: ['EC2'], containerProperties: { image: 'i' } },
      {},
      [/^warning {2}job role: /],
    ],
    [
      'a size that Fargate has not',
      withContainer({ resourceRequirements: size('3', '777') }),
      {},
      [/^warning {2}size: .*\(3 vCPU, 777 MiB\).* jobs of a run ask for 1 vCPU and 2048 MiB/],
    ],
    [
      'more than Fargate has',
      GOOD,
      { memory: 300_000 },
      [/^FAILED {3}size: Fargate has no size with 300000 MiB and 1 vCPU: ask for less/],
    ],
    [
      'a short timeout',
      { ...GOOD, timeout: { attemptDurationSeconds: 5 } },
      {},
      [/^warning {2}timeout: .* own is 5 s, AWS has 60 s at least/],
    ],
    [
      'other logs',
      { ...GOOD, containerProperties: { ...container, logConfiguration: { logDriver: 'splunk' } } },
      {},
      [/^warning {2}logs: containers print to splunk/],
    ],
    [
      'rules that know EC2 only',
      {
        ...GOOD,
        retryStrategy: {
          attempts: 3,
          evaluateOnExit: [
            { onStatusReason: 'Host EC2*', action: 'RETRY' },
            { onReason: '*', action: 'EXIT' },
          ],
        },
      },
      {},
      [/^warning {2}retries: .* after exit code 75 and a Fargate Spot reclaim: attempts: 10/],
    ],
    [
      'one attempt',
      { ...GOOD, retryStrategy: { attempts: 1 } },
      {},
      [/^warning {2}retries: .* after exit code 75 and a Fargate Spot reclaim/],
    ],
    [
      'the rules of a run',
      { ...GOOD, retryStrategy: { ...RETRY_STRATEGY, evaluateOnExit: [...RETRY_STRATEGY.evaluateOnExit] } },
      {},
      [],
    ],
  ])('%s', (_what, definition, wanted, lines) => {
    const found = definitionFindings(definition, { ...WANTED, ...wanted }).map(findingLine);
    expect(found.filter((line) => !line.startsWith('ok '))).toEqual(
      lines.map((line) => expect.stringMatching(line)),
    );
  });
});

test.each<[string, RetryStrategy, boolean]>([
  ['no rules and several attempts', { attempts: 3 }, true],
  ['no rules and one attempt', {}, false],
  [
    'a rule that fits in all its patterns',
    { attempts: 2, evaluateOnExit: [{ onExitCode: '75', onReason: '', action: 'EXIT' }] },
    false,
  ],
  [
    'a rule that fits in one pattern alone',
    { attempts: 2, evaluateOnExit: [{ onExitCode: '75', onReason: 'x', action: 'EXIT' }] },
    true,
  ],
  [
    'the first that fits',
    {
      attempts: 2,
      evaluateOnExit: [
        { onExitCode: '7*', action: 'RETRY' },
        { onReason: '*', action: 'EXIT' },
      ],
    },
    true,
  ],
  [
    'in other letters',
    { attempts: 2, evaluateOnExit: [{ onStatusReason: 'ESSENTIAL*', action: 'EXIT' }] },
    false,
  ],
  [
    'an action in small letters',
    { attempts: 2, evaluateOnExit: [{ onExitCode: '75', action: 'retry' as 'RETRY' }] },
    true,
  ],
])('tried again: %s', (_what, strategy, again) => {
  const end = { exitCode: '75', reason: '', statusReason: 'Essential container in task exited' };
  expect(triesAgain(strategy, end)).toBe(again);
});
