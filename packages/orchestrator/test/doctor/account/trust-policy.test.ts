import { expect, test } from '@jest/globals';
import { trustOfTasks, type Trust } from '../../../src/doctor/account/trust-policy.ts';

const TASKS = { Service: 'ecs-tasks.amazonaws.com' };
const ALLOW = { Effect: 'Allow', Principal: TASKS, Action: 'sts:AssumeRole' };
const CONDITION = { StringEquals: { 'aws:SourceAccount': '123456789012' } };

test.each<[string, unknown, Trust]>([
  ['one statement, without brackets', ALLOW, 'yes'],
  [
    'among other services',
    [{ ...ALLOW, Principal: { Service: ['batch.amazonaws.com', TASKS.Service] } }],
    'yes',
  ],
  ['among other actions', [{ ...ALLOW, Action: ['sts:TagSession', 'STS:assumeRole'] }], 'yes'],
  ['any action of STS', [{ ...ALLOW, Action: 'sts:*' }], 'yes'],
  ['everybody', [{ ...ALLOW, Principal: '*' }], 'yes'],
  ['another service', [{ ...ALLOW, Principal: { Service: 'ec2.amazonaws.com' } }], 'no'],
  ['an account', [{ ...ALLOW, Principal: { AWS: 'arn:aws:iam::123456789012:root' } }], 'no'],
  ['another action', [{ ...ALLOW, Action: 'sts:TagSession' }], 'no'],
  ['no statement', [], 'no'],
  ['no policy', undefined, 'no'],
  ['on a condition', [{ ...ALLOW, Condition: CONDITION }], 'on conditions'],
  ['with one and without', [{ ...ALLOW, Condition: CONDITION }, ALLOW], 'yes'],
  ['and denied', [ALLOW, { ...ALLOW, Effect: 'Deny' }], 'no'],
  ['and denied on a condition', [ALLOW, { ...ALLOW, Effect: 'Deny', Condition: CONDITION }], 'on conditions'],
  ['denied alone', [{ ...ALLOW, Effect: 'Deny', Condition: CONDITION }], 'no'],
])('tasks may assume a role: %s', (_what, Statement, trust) => {
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  expect(trustOfTasks(encodeURIComponent(document))).toBe(trust);
});
