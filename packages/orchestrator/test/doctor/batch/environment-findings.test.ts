import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch';
import { describe, expect, test } from '@jest/globals';
import {
  environmentFindings,
  platformFindings,
  roomFindings,
} from '../../../src/doctor/batch/environment-findings.ts';
import { findingLine } from '../../../src/doctor/finding-text.ts';

type Kind = NonNullable<ComputeEnvironmentDetail['computeResources']>['type'];

const environment = (
  name: string,
  more: Partial<ComputeEnvironmentDetail> = {},
  type: Kind = 'FARGATE_SPOT',
  maxvCpus = 16,
): ComputeEnvironmentDetail => ({
  computeEnvironmentName: name,
  computeEnvironmentArn: `arn:${name}`,
  state: 'ENABLED',
  status: 'VALID',
  computeResources: { type, maxvCpus, subnets: [] },
  ...more,
});
const invalid = environment('bad', { status: 'INVALID', statusReason: 'CLIENT_ERROR - the role is gone' });

describe('a queue with', () => {
  test.each<[string, string[], ComputeEnvironmentDetail[], RegExp[]]>([
    ['no environment', [], [], [/^FAILED .*q has none: its jobs wait for ever: connect one/]],
    [
      'two that are well, named by ARN and by name',
      ['arn:a', 'b'],
      [environment('a'), environment('b', {}, 'FARGATE', 8)],
      [/^ok .*: a: FARGATE_SPOT, at most 16 vCPUs$/, /^ok .*: b: FARGATE, at most 8 vCPUs$/],
    ],
    [
      'an invalid one alone',
      ['bad'],
      [invalid],
      [/^FAILED .*bad is invalid: CLIENT_ERROR - the role is gone: mend what it names/],
    ],
    [
      'an invalid one beside a good one',
      ['a', 'bad'],
      [environment('a'), invalid],
      [/^ok /, /^warning .*bad is invalid/],
    ],
    ['a disabled one', ['a'], [environment('a', { state: 'DISABLED' })], [/^FAILED .*a is disabled/]],
    [
      'one that is being deleted',
      ['a'],
      [environment('a', { status: 'DELETING' })],
      [/^FAILED .*a is deleting/],
    ],
    ['one that is gone', ['a'], [], [/^FAILED .*a of q is gone/]],
    [
      'one that is not managed',
      ['a'],
      [environment('a', { computeResources: undefined })],
      [/^ok .*a: unmanaged$/],
    ],
  ])('%s', (_what, names, environments, lines) => {
    expect(environmentFindings('q', names, environments).map(findingLine)).toEqual(
      lines.map((line) => expect.stringMatching(line)),
    );
  });
});

test.each<[string, ComputeEnvironmentDetail[], number, number | undefined, RegExp[]]>([
  [
    'of all that are well',
    [environment('a'), environment('b'), invalid],
    1,
    32,
    [/^ok .*: 32 containers of 1 vCPU/],
  ],
  // A container lies in one environment: halves of two are no place.
  [
    'whole containers',
    [environment('a', {}, 'FARGATE', 3), environment('b', {}, 'FARGATE', 3)],
    2,
    2,
    [/^ok .*: 2 containers/],
  ],
  ['more wanted', [environment('a')], 1, 17, [/^warning .*--max-running 17 .*: 16 containers/]],
  [
    'none fits',
    [environment('a', {}, 'FARGATE', 4)],
    8,
    undefined,
    [/^FAILED .*takes 8 vCPU, more than maxvCpus .*\(4\)/],
  ],
  ['nothing known', [invalid], 1, undefined, []],
])('room: %s', (_what, environments, vcpus, maxRunning, lines) => {
  expect(roomFindings(environments, { vcpus, memoryMiB: 2048 }, maxRunning).map(findingLine)).toEqual(
    lines.map((line) => expect.stringMatching(line)),
  );
});

test.each<[string, Kind, boolean, number]>([
  ['Fargate on Fargate', 'FARGATE_SPOT', true, 0],
  ['EC2 on EC2', 'SPOT', false, 0],
  ['Fargate on EC2', 'EC2', true, 1],
  ['EC2 on Fargate', 'FARGATE', false, 1],
])('platform: %s', (_what, type, fargate, failed) => {
  const found = platformFindings([environment('a', {}, type)], fargate);
  expect(found.map(({ state }) => state)).toEqual(Array.from({ length: failed }, () => 'failed'));
});
