import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWinnow, withFolder, type Ended } from '../winnow.ts';

/**
 * What the services answer to who may do nothing but these, by what was sent: `<method> <path>` of S3 and AWS Batch,
 * `<service> <operation>` of the others.
 */
type Answers = Readonly<Record<string, string | ((sent: string) => string)>>;
const ALLOWED: Answers = {
  'GET /lake':
    '<ListBucketResult><Name>lake</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>',
  'POST /v1/describejobqueues': JSON.stringify({
    jobQueues: [
      {
        ...{ jobQueueName: 'q', jobQueueArn: 'arn:q', priority: 1, state: 'ENABLED', status: 'VALID' },
        computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'arn:e' }],
      },
    ],
  }),
};

let server: Server;
let environment: NodeJS.ProcessEnv;
let allowed: Answers;

const JSON_SERVICES = ['batch', 'ecr', 'servicequotas'];

/** Of a service with one address for all of its operations: which one is asked for. */
function operationOf(service: string, { headers }: IncomingMessage, sent: string): string {
  const action = new URLSearchParams(sent).get('Action');
  const target = String(headers['x-amz-target'] ?? '').replace(/^.*\./, '');
  return `${service} ${action ?? target}`;
}

/** Each protocol has its own words for it. */
function denialOf(service: string): string {
  const [code, message] = ['AccessDenied', 'Access Denied'];
  if (JSON_SERVICES.includes(service)) return '{"message":"you may not do that"}';
  if (service === 's3') return `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  if (service === 'ec2')
    return `<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>${message}</Message></Error></Errors></Response>`;
  return `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

async function answerTo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sent = await text(request);
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://aws');
  // The credential's scope: date, region, service.
  const service =
    /Credential=[^,]*\/([a-z0-9-]+)\/aws4_request/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const isRest = service === 's3' || service === 'batch';
  // Of a bucket only its listing: what it is set up with stands under words of its own.
  const isOwnWord = ['lifecycle', 'versioning'].some((word) => searchParams.has(word));
  const asked = isRest
    ? `${request.method ?? ''} ${pathname.replace(/(?<=.)\/$/, '')}`
    : operationOf(service, request, sent);
  const answer = isOwnWord ? undefined : allowed[asked];
  response.statusCode = answer === undefined ? 403 : 200;
  response.setHeader(
    'content-type',
    JSON_SERVICES.includes(service) ? 'application/json' : 'application/xml',
  );
  if (answer !== undefined) return void response.end(typeof answer === 'string' ? answer : answer(sent));
  if (JSON_SERVICES.includes(service)) response.setHeader('x-amzn-errortype', 'AccessDeniedException');
  response.end(request.method === 'HEAD' ? '' : denialOf(service));
}

beforeAll(async () => {
  server = createServer((request, response) => void answerTo(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  environment = {
    ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing' },
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const WORDS = '--source s3://lake/in --output s3://lake/out --backend aws-batch --queue q --job-definition d';

async function linesWith(answers: Answers): Promise<[Ended['code'], string[]]> {
  allowed = answers;
  let ended: Ended | undefined;
  await withFolder(async (folder) => {
    ended = await startWinnow(['doctor', ...WORDS.split(' ')], folder, environment).ended;
  });
  return [ended?.code ?? null, (ended?.stdout ?? '').trimEnd().split('\n').slice(1)];
}

test('who may do nothing is told of each thing that it fails, with the permission', async () => {
  const [code, lines] = await linesWith({});
  expect(lines).toEqual([
    'unknown  credentials: you may not see it: allow sts:GetCallerIdentity to your role',
    expect.stringMatching(/^FAILED {3}source: .*s3:\/\/lake\/in.*s3:GetObject/),
    expect.stringMatching(/^FAILED {3}output: list s3:\/\/lake\/out.*s3:ListBucket/),
    'FAILED   job definition: AWS Batch DescribeJobDefinitions: you may not do that: allow batch:DescribeJobDefinitions to your role',
    'FAILED   queue: AWS Batch DescribeJobQueues: you may not do that: allow batch:DescribeJobQueues to your role',
  ]);
  expect(code).toBe(1);
});

test('what no run needs is unknown, with the permission', async () => {
  const [, lines] = await linesWith(ALLOWED);
  expect(lines.slice(2)).toEqual([
    'ok       output: s3://lake/out can be listed',
    expect.stringMatching(
      /^FAILED {3}output: .*_winnow\/doctor\/.*: Access Denied: check s3:GetObject, s3:PutObject/,
    ),
    'unknown  multipart leftovers: you may not see it: allow s3:GetLifecycleConfiguration to your role',
    'unknown  versions: you may not see it: allow s3:GetBucketVersioning to your role',
    expect.stringMatching(/^FAILED {3}job definition: /),
    'ok       queue: q is enabled and valid',
    'unknown  compute environment: you may not see it: allow batch:DescribeComputeEnvironments to your role',
    'unknown  runnable jobs: you may not see it: allow batch:ListJobs and batch:DescribeJobs to your role',
  ]);
});

test('a job that is stuck is told of in words, with the one at the front of the queue', async () => {
  const hour = 3_600_000;
  const [code, lines] = await linesWith({
    ...ALLOWED,
    'POST /v1/listjobs': (sent) =>
      JSON.stringify({
        jobSummaryList:
          (JSON.parse(sent) as { jobStatus?: string }).jobStatus === 'RUNNABLE'
            ? [
                {
                  ...{ jobId: 'j', jobName: 'n', status: 'RUNNABLE', createdAt: Date.now() - 2 * hour },
                  statusReason: 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated …',
                },
              ]
            : [],
      }),
    'POST /v1/getjobqueuesnapshot': JSON.stringify({
      frontOfQueue: {
        jobs: [{ jobArn: 'arn:aws:batch:us-east-1:1:job/j', earliestTimeAtPosition: Date.now() - hour }],
      },
    }),
  });
  expect(lines.slice(-2)).toEqual([
    expect.stringMatching(
      /^FAILED {3}runnable jobs: 1 job of q waits for a place, the first for 2:00:\d\d h: a job asks for more vCPUs than maxvCpus .*: raise maxvCpus/,
    ),
    expect.stringMatching(/^ok {7}front of the queue: job j, there for 1:00:\d\d h$/),
  ]);
  expect(code).toBe(1);
});

const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const ROLE = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
/** A definition, and a place for its jobs. */
const SET_UP: Answers = {
  ...ALLOWED,
  'POST /v1/describejobdefinitions': JSON.stringify({
    jobDefinitions: [
      {
        ...{ jobDefinitionName: 'd', revision: 1, status: 'ACTIVE', type: 'container' },
        jobDefinitionArn: 'arn:aws:batch:us-east-1:123456789012:job-definition/d:1',
        platformCapabilities: ['FARGATE'],
        containerProperties: {
          image: `${REGISTRY}/winnow:1`,
          executionRoleArn: ROLE('starts'),
          jobRoleArn: ROLE('works'),
          runtimePlatform: { cpuArchitecture: 'ARM64' },
        },
      },
    ],
  }),
  'POST /v1/describecomputeenvironments': JSON.stringify({
    computeEnvironments: [
      {
        ...{ computeEnvironmentName: 'e', computeEnvironmentArn: 'arn:e', state: 'ENABLED', status: 'VALID' },
        computeResources: {
          ...{ type: 'FARGATE_SPOT', maxvCpus: 16 },
          ...{ subnets: ['subnet-1'], securityGroupIds: ['sg-1'] },
        },
      },
    ],
  }),
};
const NAMED =
  /^\S+ +(?:execution role|job role|image|architecture|quota|network|security groups)(?: grants)?:/;

test('of what a definition and an environment name, too', async () => {
  const [, lines] = await linesWith(SET_UP);
  const denied = (check: string, permission: string): string =>
    `unknown  ${check}: you may not see it: allow ${permission} to your role`;
  expect(lines.filter((line) => NAMED.test(line))).toEqual([
    denied('execution role', 'iam:GetRole'),
    denied('execution role grants', 'iam:SimulatePrincipalPolicy'),
    denied('job role', 'iam:GetRole'),
    denied('job role grants', 'iam:SimulatePrincipalPolicy'),
    denied('image', 'ecr:DescribeImages'),
    denied('quota', 'servicequotas:GetServiceQuota'),
    denied('network', 'ec2:DescribeSubnets, ec2:DescribeRouteTables and ec2:DescribeVpcEndpoints'),
    denied('security groups', 'ec2:DescribeSecurityGroups'),
  ]);
});

/** As https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html has it. */
function simulated(sent: string): string {
  const words = new URLSearchParams(sent);
  const actions = [...words].filter(([name]) => name.startsWith('ActionNames.')).map(([, action]) => action);
  const resource = words.get('ResourceArns.member.1') ?? '';
  const decisionOf = (action: string): string => {
    if (action === 's3:DeleteObject') return 'explicitDeny';
    if (action.startsWith('logs:')) return 'implicitDeny';
    // Granted on that very object, and asked for with what conditions may name.
    if (
      action === 's3:GetObject' &&
      words.get('PolicySourceArn') === ROLE('works') &&
      sent.includes('SecureTransport')
    )
      return resource === 'arn:aws:s3:::lake/in' || resource.includes('/out/') ? 'allowed' : 'implicitDeny';
    return 'allowed';
  };
  const members = actions
    .map(
      (action) =>
        `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>${resource}</EvalResourceName><EvalDecision>${decisionOf(action)}</EvalDecision><MatchedStatements/><MissingContextValues/></member>`,
    )
    .join('');
  return `<SimulatePrincipalPolicyResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>${members}</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`;
}

test('simulated policies, a quota and the configuration of an image, which moto has not', async () => {
  const { AWS_ENDPOINT_URL: address = '' } = environment;
  const [code, lines] = await linesWith({
    ...SET_UP,
    'iam SimulatePrincipalPolicy': simulated,
    'servicequotas GetServiceQuota': (sent) =>
      JSON.stringify({ Quota: { ...(JSON.parse(sent) as object), Value: 6 } }),
    'ecr DescribeImages': JSON.stringify({ imageDetails: [{ imageSizeInBytes: 5e7 }] }),
    'ecr BatchGetImage': JSON.stringify({
      images: [{ imageManifest: '{"schemaVersion":2,"config":{"digest":"sha256:c"}}' }],
    }),
    'ecr GetDownloadUrlForLayer': (sent) =>
      JSON.stringify({
        downloadUrl: `${address}/layer?${(JSON.parse(sent) as { layerDigest: string }).layerDigest}`,
      }),
    // Fetched by its URL alone, as what signed it knows whose it is.
    ' ': '{"architecture":"amd64","os":"linux"}',
  });
  expect(lines.filter((line) => NAMED.test(line) && !line.startsWith('unknown'))).toEqual([
    'FAILED   execution role grants: no policy grants starts logs:CreateLogStream, logs:PutLogEvents on the log group /aws/batch/job: grant it to the role',
    'FAILED   job role grants: a statement denies works s3:DeleteObject on s3://lake/out: take it out of the Deny statement (policy, permissions boundary, or service control policy)',
    'ok       image: winnow:1 is there, 50.0 MB compressed',
    'FAILED   architecture: the image is for amd64, the definition for ARM64: no container would start: build it for linux/arm64, or set runtimePlatform.cpuArchitecture to what it is for',
    'warning  quota: Fargate Spot vCPU resource count is 6 (of the whole account): 6 containers of 1 vCPU at once; maxvCpus have room for 16: ask for more in Service Quotas (fargate, L-36FBB829), or keep to it with --max-running 6; the others wait in RUNNABLE',
  ]);
  expect(code).toBe(1);
});

/** A machine that has none, wherever they are looked for. */
const nobody = (folder: string): NodeJS.ProcessEnv => ({
  ...environment,
  ...{ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' },
  ...{ HOME: folder, AWS_CONFIG_FILE: `${folder}/none`, AWS_SHARED_CREDENTIALS_FILE: `${folder}/none` },
});
const NONE =
  'FAILED   credentials: there are none for AWS: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role; nothing of AWS was looked at';

test('without credentials one line stands for all that AWS would be asked', () =>
  withFolder(async (folder) => {
    const { code, stdout } = await startWinnow(['doctor', ...WORDS.split(' ')], folder, nobody(folder)).ended;
    expect([code, stdout.trimEnd().split('\n').slice(1)]).toEqual([1, [NONE]]);
  }));

test('what lies on the disk is looked at without credentials, and does not ask for them', () =>
  withFolder(async (folder) => {
    const words = ['doctor', '--output', 'out', '--source', 's3://lake/in'];
    const both = await startWinnow(words, folder, nobody(folder)).ended;
    expect(both.stdout).toContain(NONE);
    expect(both.stdout).toMatch(/^ok {7}output: /m);
    expect(both.stdout).not.toContain('source');
    const local = await startWinnow(words.slice(0, 3), folder, nobody(folder)).ended;
    expect([local.code, local.stdout]).toEqual([0, expect.not.stringContaining('credentials')]);
  }));
