import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch';
import { expect, test } from '@jest/globals';
import {
  placesByKind,
  quotaFinding,
  type FargateKind,
  type QuotaValue,
} from '../../../src/doctor/account/quota-findings.ts';
import { findingLine } from '../../../src/doctor/finding-text.ts';

const of = (vcpus: number): QuotaValue => ({ vcpus, isDefault: false });
type Asked = Parameters<typeof quotaFinding>[2];

test.each<[string, FargateKind, QuotaValue | undefined, Asked, RegExp]>([
  [
    'more than there is room for',
    'FARGATE_SPOT',
    of(4000),
    { vcpus: 1, places: 256 },
    /^ok {7}quota: Fargate Spot vCPU resource count is 4,000 \(of the whole account\): 4,000 containers of 1 vCPU at once$/,
  ],
  ['as much as there is room for', 'FARGATE', of(256), { vcpus: 1, places: 256 }, /^ok .*On-Demand/],
  [
    'less than there is room for',
    'FARGATE',
    of(6),
    { vcpus: 1, places: 256 },
    /^warning {2}quota: .* is 6 \(of the whole account\): 6 containers of 1 vCPU at once; maxvCpus have room for 256: ask for more in Service Quotas \(fargate, L-3032A538\), or keep to it with --max-running 6; the others wait in RUNNABLE$/,
  ],
  ['as many as are asked for', 'FARGATE', of(6), { vcpus: 1, places: 256, maxRunning: 6 }, /^ok /],
  [
    'less than are asked for',
    'FARGATE_SPOT',
    of(6),
    { vcpus: 2, places: 256, maxRunning: 4 },
    /^warning .*: 3 containers of 2 vCPU at once; --max-running asks for 4: .*L-36FBB829.* --max-running 3;/,
  ],
  [
    'asked for more than there is room for',
    'FARGATE',
    of(64),
    { vcpus: 1, places: 64, maxRunning: 500 },
    /^ok /,
  ],
  [
    'quarters of a vCPU',
    'FARGATE',
    of(6),
    { vcpus: 0.25, places: 24 },
    /^ok .*: 24 containers of 0\.25 vCPU at once$/,
  ],
  [
    'none at all',
    'FARGATE',
    of(6),
    { vcpus: 8, places: 32 },
    /^FAILED .*: 0 containers of 8 vCPU at once: ask for more .*, or give less with --vcpus$/,
  ],
  [
    'a default',
    'FARGATE',
    { vcpus: 4000, isDefault: true },
    { vcpus: 1, places: 1 },
    /^ok .* is 4,000 \(AWS's default, a new account may have less\)/,
  ],
  [
    'nothing told',
    'FARGATE',
    undefined,
    { vcpus: 1, places: 1 },
    /^unknown {2}quota: AWS tells none for Fargate On-Demand vCPU resource count \(L-3032A538\): /,
  ],
])('a quota: %s', (_what, kind, value, asked, line) => {
  expect(findingLine(quotaFinding(kind, value, asked))).toMatch(line);
});

test('whole containers of each environment, by kind; EC2 has other quotas', () => {
  const environment = (
    type: NonNullable<ComputeEnvironmentDetail['computeResources']>['type'],
    maxvCpus: number,
  ): ComputeEnvironmentDetail => ({
    ...{ computeEnvironmentName: 'e', computeEnvironmentArn: 'arn:e' },
    computeResources: { type, maxvCpus, subnets: [] },
  });
  const environments = [
    ...[environment('FARGATE', 3), environment('FARGATE_SPOT', 8)],
    ...[environment('FARGATE', 3), environment('EC2', 16)],
    { computeEnvironmentName: 'unmanaged', computeEnvironmentArn: 'arn:u' },
  ];
  expect([...placesByKind(environments, 2)]).toEqual([
    ['FARGATE', 2],
    ['FARGATE_SPOT', 4],
  ]);
});
