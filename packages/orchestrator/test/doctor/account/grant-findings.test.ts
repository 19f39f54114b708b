import type { EvaluationResult } from '@aws-sdk/client-iam';
import { expect, test } from '@jest/globals';
import { grantFindings, verdictsOf } from '../../../src/doctor/account/grant-findings.ts';
import type { NeededGrant } from '../../../src/doctor/account/needed-grants.ts';
import { findingLine } from '../../../src/doctor/finding-text.ts';

const BUCKET: NeededGrant = {
  ...{ actions: ['s3:GetObject', 's3:PutObject'], on: 's3://lake/out', hasOwnPolicy: true },
  ...{ resources: ['r'], context: [] },
};
const LOGS: NeededGrant = {
  ...{ actions: ['logs:PutLogEvents'], on: 'the log group g', hasOwnPolicy: false },
  ...{ resources: ['r'], context: [] },
};
type Decision = NonNullable<EvaluationResult['EvalDecision']>;
const result = (
  EvalActionName: string,
  EvalDecision: Decision,
  missing: string[] = [],
): EvaluationResult => ({
  ...{ EvalActionName, EvalDecision, MissingContextValues: missing },
});
const [GET, PUT, LOG] = ['s3:GetObject', 's3:PutObject', 'logs:PutLogEvents'] as const;
const CHECK = 'job role grants';

test.each<[string, NeededGrant, EvaluationResult[][], string[]]>([
  [
    'all of it',
    BUCKET,
    [[result(GET, 'allowed'), result(PUT, 'allowed')]],
    ['ok       job role grants: r is granted what a run needs of s3://lake/out'],
  ],
  [
    'one of two, on what may have its own policy',
    BUCKET,
    [[result(GET, 'allowed'), result(PUT, 'implicitDeny')]],
    [
      'warning  job role grants: no policy of r grants it s3:PutObject on s3://lake/out: grant it to the role, unless the policy of that resource itself does, which is not looked at',
    ],
  ],
  [
    'none, and nothing else could',
    LOGS,
    [[result(LOG, 'implicitDeny')]],
    [
      'FAILED   job role grants: no policy grants r logs:PutLogEvents on the log group g: grant it to the role',
    ],
  ],
  [
    'a denial',
    BUCKET,
    [[result(GET, 'explicitDeny'), result(PUT, 'explicitDeny')]],
    [
      'FAILED   job role grants: a statement denies r s3:GetObject, s3:PutObject on s3://lake/out: take it out of the Deny statement (policy, permissions boundary, or service control policy)',
    ],
  ],
  [
    'what depends on the request, once for both',
    BUCKET,
    [[result(GET, 'implicitDeny', ['aws:SourceVpce']), result(PUT, 'implicitDeny', ['aws:SourceVpce'])]],
    [
      'unknown  job role grants: whether r is granted s3:GetObject, s3:PutObject on s3://lake/out depends on aws:SourceVpce: see that the conditions of its policies hold for the containers',
    ],
  ],
  [
    'what is allowed whatever a condition says',
    LOGS,
    [[result(LOG, 'allowed', ['aws:SourceVpce'])]],
    ['ok       job role grants: r is granted what a run needs of the log group g'],
  ],
  [
    'a grant on the second ARN alone, in other letters',
    LOGS,
    [[result(LOG, 'implicitDeny')], [result('LOGS:putlogevents', 'allowed')]],
    ['ok       job role grants: r is granted what a run needs of the log group g'],
  ],
  [
    'nothing said of it',
    LOGS,
    [[]],
    [
      'FAILED   job role grants: no policy grants r logs:PutLogEvents on the log group g: grant it to the role',
    ],
  ],
])('%s', (_what, grant, simulated, lines) => {
  expect(grantFindings(CHECK, 'r', verdictsOf(grant, simulated)).map(findingLine)).toEqual(lines);
});

test('a line for each kind, and the things in order', () => {
  const verdicts = [
    ...verdictsOf(BUCKET, [[result(GET, 'explicitDeny'), result(PUT, 'implicitDeny')]]),
    ...verdictsOf({ ...BUCKET, on: 's3://pond' }, [[result(GET, 'implicitDeny'), result(PUT, 'allowed')]]),
    ...verdictsOf(LOGS, [[result(LOG, 'implicitDeny')]]),
  ];
  const found = grantFindings(CHECK, 'r', verdicts);
  expect(found.map(({ state }) => state)).toEqual(['failed', 'failed', 'warning']);
  expect(found[2]?.message).toBe(
    'no policy of r grants it s3:PutObject on s3://lake/out; s3:GetObject on s3://pond',
  );
});
