import { describe, expect, test } from '@jest/globals';
import {
  neededOfExecutionRole,
  neededOfJobRole,
  type NeededGrant,
} from '../../../src/doctor/account/needed-grants.ts';

const ACCOUNT = { partition: 'aws', account: '123456789012', region: 'eu-west-1' };
/** Each grant as actions and the resources that they may be granted on. */
const brief = (grants: readonly NeededGrant[]) =>
  grants.map(({ actions, resources }) => [actions.join(' '), ...resources]);

const BUCKET_OF_OUTPUT = 's3:ListBucket s3:ListBucketMultipartUploads';
const OBJECTS_OF_OUTPUT = 's3:GetObject s3:PutObject s3:DeleteObject s3:AbortMultipartUpload';

describe('a job role', () => {
  test.each<[string, Parameters<typeof neededOfJobRole>[0], string[][]]>([
    ['folders', { source: '/in', output: '/out' }, []],
    [
      'an object or what is below it',
      { source: 's3://lake/in' },
      [
        ['s3:ListBucket', 'arn:aws:s3:::lake'],
        ['s3:GetObject', 'arn:aws:s3:::lake/in/winnow-doctor', 'arn:aws:s3:::lake/in'],
      ],
    ],
    [
      'a glob, up to where it begins',
      { source: 's3://lake/in/*.gz' },
      [
        ['s3:ListBucket', 'arn:aws:s3:::lake'],
        ['s3:GetObject', 'arn:aws:s3:::lake/in/winnow-doctor'],
      ],
    ],
    [
      'a glob within a name',
      { source: 's3://lake/in/a*.gz' },
      [
        ['s3:ListBucket', 'arn:aws:s3:::lake'],
        ['s3:GetObject', 'arn:aws:s3:::lake/in/awinnow-doctor'],
      ],
    ],
    [
      'a folder by its slash',
      { source: 's3://lake/in/' },
      [
        ['s3:ListBucket', 'arn:aws:s3:::lake'],
        ['s3:GetObject', 'arn:aws:s3:::lake/in/winnow-doctor'],
      ],
    ],
    [
      'an access point',
      { source: 's3://arn:aws:s3:eu-west-1:123456789012:accesspoint:in/a/' },
      [
        ['s3:ListBucket', 'arn:aws:s3:eu-west-1:123456789012:accesspoint:in'],
        ['s3:GetObject', 'arn:aws:s3:eu-west-1:123456789012:accesspoint:in/object/a/winnow-doctor'],
      ],
    ],
    ['a list, which names others', { source: '@s3://lake/list.txt' }, []],
    [
      'a bucket',
      { output: 's3://lake' },
      [
        [BUCKET_OF_OUTPUT, 'arn:aws:s3:::lake'],
        [OBJECTS_OF_OUTPUT, 'arn:aws:s3:::lake/winnow-doctor'],
      ],
    ],
  ])('%s', (_what, spec, wanted) => {
    const needed = neededOfJobRole(spec, ACCOUNT);
    expect(brief(needed)).toEqual(wanted);
    // A bucket may have a policy of its own.
    expect(needed.every(({ hasOwnPolicy }) => hasOwnPolicy)).toBe(true);
  });

  test('a listing is of the prefix, and over TLS, as conditions may ask for', () => {
    const [listing, objects] = neededOfJobRole({ source: 's3://lake/in' }, { partition: 'aws-cn' });
    const contextOf = (grant: NeededGrant | undefined) =>
      grant?.context.map((entry) => [entry.ContextKeyName, entry.ContextKeyValues?.[0]]);
    expect(listing?.resources).toEqual(['arn:aws-cn:s3:::lake']);
    expect(contextOf(listing)).toEqual([
      ['aws:SecureTransport', 'true'],
      ['s3:prefix', 'in/'],
    ]);
    expect(contextOf(objects)).toEqual([['aws:SecureTransport', 'true']]);
  });
});

describe('an execution role', () => {
  const PLAIN = { image: 'docker.io/winnow:1', logOptions: {}, secrets: [] };
  const SECRET = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf';

  test.each<
    [string, Partial<Parameters<typeof neededOfExecutionRole>[0]>, string | undefined, (string | boolean)[][]]
  >([
    ['nothing of AWS', {}, undefined, []],
    [
      'an image in ECR of another region and account',
      { image: '210987654321.dkr.ecr.us-east-1.amazonaws.com/etl/winnow:1' },
      undefined,
      [
        [false, 'ecr:GetAuthorizationToken', '*'],
        [
          true,
          'ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ecr:BatchGetImage',
          'arn:aws:ecr:us-east-1:210987654321:repository/etl/winnow',
        ],
      ],
    ],
    [
      'logs',
      {},
      '/aws/batch/job',
      [
        [
          false,
          'logs:CreateLogStream logs:PutLogEvents',
          'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/batch/job:log-stream:winnow-doctor',
        ],
      ],
    ],
    [
      'logs in a group that is made, elsewhere',
      { logOptions: { 'awslogs-create-group': 'true', 'awslogs-region': 'us-east-1' } },
      'own',
      [
        [
          false,
          'logs:CreateLogStream logs:PutLogEvents',
          'arn:aws:logs:us-east-1:123456789012:log-group:own:log-stream:winnow-doctor',
        ],
        [false, 'logs:CreateLogGroup', 'arn:aws:logs:us-east-1:123456789012:log-group:own'],
      ],
    ],
    [
      'a key of a secret, and parameters by ARN and by name',
      { secrets: [`${SECRET}:key::`, 'arn:aws:ssm:us-east-1:1:parameter/a', '/b/c'] },
      undefined,
      [
        [true, 'secretsmanager:GetSecretValue', SECRET],
        [false, 'ssm:GetParameters', 'arn:aws:ssm:us-east-1:1:parameter/a'],
        [false, 'ssm:GetParameters', 'arn:aws:ssm:eu-west-1:123456789012:parameter/b/c'],
      ],
    ],
  ])('%s', (_what, container, logGroup, wanted) => {
    const needed = neededOfExecutionRole({ ...PLAIN, ...container }, logGroup, ACCOUNT);
    expect(
      needed.map(({ hasOwnPolicy, actions, resources }) => [hasOwnPolicy, actions.join(' '), ...resources]),
    ).toEqual(wanted);
  });
});
