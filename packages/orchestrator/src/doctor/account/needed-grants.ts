import type { ContextEntry } from '@aws-sdk/client-iam';
import { isS3Uri, s3Place } from '@winnow/core';
import type { ContainerFacts } from '../batch/container-facts.ts';
import { ecrImage } from './image-reference.ts';

/** Actions that a role needs on one thing. */
export interface NeededGrant {
  readonly actions: readonly string[];
  /** In words: an URI, a repository. */
  readonly on: string;
  /** ARNs that the thing may have: a grant on any of them suffices. */
  readonly resources: readonly string[];
  /** Whether the thing may have a policy of its own, which may grant what the role's do not. */
  readonly hasOwnPolicy: boolean;
  readonly context: readonly ContextEntry[];
}

/** Where an account's things are: both stand in the ARN of each of its roles. */
export interface AccountFacts {
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  readonly account: string;
  /** Of the jobs. */
  readonly region: string;
}

/** Any object below a prefix. */
const SOME_OBJECT = 'winnow-doctor';
/** Winnow speaks TLS with AWS, and many policies ask for it. */
const OVER_TLS: ContextEntry = {
  ...{ ContextKeyName: 'aws:SecureTransport', ContextKeyValues: ['true'], ContextKeyType: 'boolean' },
};

/** What docs/s3.md lists: of the job role, on the buckets of a spec. */
export function neededOfJobRole(
  spec: { readonly source?: string | undefined; readonly output?: string | undefined },
  { partition }: Pick<AccountFacts, 'partition'>,
): NeededGrant[] {
  const of = (uri: string | undefined, onBucket: string[], onObjects: string[]): NeededGrant[] => {
    // A list, `@s3://…`, is read here; what it names is not known yet.
    if (uri === undefined || !isS3Uri(uri)) return [];
    const { bucket, prefix, object } = placeOf(uri);
    // An access point is named by its ARN, and has its objects a step below.
    const isAccessPoint = bucket.startsWith('arn:');
    const arn = isAccessPoint ? bucket : `arn:${partition}:s3:::${bucket}`;
    const objects = isAccessPoint ? `${arn}/object` : arn;
    const listed: ContextEntry = {
      ...{ ContextKeyName: 's3:prefix', ContextKeyValues: [prefix], ContextKeyType: 'string' },
    };
    const shared = { on: uri, hasOwnPolicy: true };
    return [
      { ...shared, actions: onBucket, resources: [arn], context: [OVER_TLS, listed] },
      {
        ...{ ...shared, actions: onObjects, context: [OVER_TLS] },
        resources: [prefix + SOME_OBJECT, ...object].map((key) => `${objects}/${key}`),
      },
    ];
  };
  return [
    ...of(spec.source, ['s3:ListBucket'], ['s3:GetObject']),
    ...of(
      spec.output,
      ['s3:ListBucket', 's3:ListBucketMultipartUploads'],
      ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
    ),
  ];
}

/**
 * What the keys begin with that a URI takes in, and which one is itself such a key:
 *
 * | URI             | begins with | itself |
 * |-----------------|-------------|--------|
 * | `s3://b/in/`    | `in/`       |        |
 * | `s3://b/in`     | `in/`       | `in`   |
 * | `s3://b/in/a*`  | `in/a`      |        |
 */
function placeOf(uri: string): { bucket: string; prefix: string; object: readonly string[] } {
  const literal = uri.replace(/[*?[{].*$/s, '');
  const { bucket, prefix } = s3Place(literal);
  if (prefix === '' || literal.endsWith('/')) return { bucket, prefix, object: [] };
  const name = prefix.slice(0, -1);
  return literal === uri ? { bucket, prefix, object: [name] } : { bucket, prefix: name, object: [] };
}

/**
 * What starts a container: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
 *
 * @param logGroup undefined where containers do not print to CloudWatch
 */
export function neededOfExecutionRole(
  { image = '', logOptions, secrets }: Pick<ContainerFacts, 'image' | 'logOptions' | 'secrets'>,
  logGroup: string | undefined,
  { partition, account, region }: AccountFacts,
): NeededGrant[] {
  const inEcr = ecrImage(image);
  const logRegion = logOptions['awslogs-region'] ?? region;
  const creates = logOptions['awslogs-create-group'] === 'true';
  const arn = (service: string, where: string, owner: string, name: string): string =>
    `arn:${partition}:${service}:${where}:${owner}:${name}`;
  const own = { hasOwnPolicy: false, context: [] };
  const shared = { hasOwnPolicy: true, context: [] };
  return [
    ...(inEcr === undefined
      ? []
      : [
          { ...own, actions: ['ecr:GetAuthorizationToken'], on: 'ECR', resources: ['*'] },
          {
            ...shared,
            actions: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
            on: `the repository ${inEcr.repository}`,
            resources: [arn('ecr', inEcr.region, inEcr.registryId, `repository/${inEcr.repository}`)],
          },
        ]),
    ...(logGroup === undefined
      ? []
      : [
          {
            ...own,
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            on: `the log group ${logGroup}`,
            resources: [arn('logs', logRegion, account, `log-group:${logGroup}:log-stream:${SOME_OBJECT}`)],
          },
          ...(creates
            ? [
                {
                  ...{ ...own, actions: ['logs:CreateLogGroup'], on: `the log group ${logGroup}` },
                  resources: [arn('logs', logRegion, account, `log-group:${logGroup}`)],
                },
              ]
            : []),
        ]),
    ...secrets.map((secret) =>
      isSecretsManager(secret)
        ? {
            ...{ ...shared, actions: ['secretsmanager:GetSecretValue'], on: `the secret ${secret}` },
            // Behind the seventh colon stand a key, a stage and a version.
            resources: [secret.split(':').slice(0, 7).join(':')],
          }
        : {
            ...{ ...own, actions: ['ssm:GetParameters'], on: `the parameter ${secret}` },
            resources: [
              secret.startsWith('arn:')
                ? secret
                : arn('ssm', region, account, `parameter/${secret.replace(/^\//, '')}`),
            ],
          },
    ),
  ];
}

export const isSecretsManager = (secret: string): boolean => secret.split(':')[2] === 'secretsmanager';
