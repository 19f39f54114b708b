import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startWinnow, withFolder, type Ended } from '../winnow.ts';

/** What the services answer to who may do nothing but these: `<method> <path>` and the body, by what was sent. */
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

async function answerTo(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const sent = await text(request);
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://aws');
  const isBatch = pathname.startsWith('/v1/');
  // Of a bucket only its listing: what it is set up with stands under words of its own.
  const isOwnWord = ['lifecycle', 'versioning'].some((word) => searchParams.has(word));
  const answer = isOwnWord
    ? undefined
    : allowed[`${request.method ?? ''} ${pathname.replace(/(?<=.)\/$/, '')}`];
  response.statusCode = answer === undefined ? 403 : 200;
  response.setHeader('content-type', isBatch ? 'application/json' : 'application/xml');
  if (answer !== undefined) return void response.end(typeof answer === 'string' ? answer : answer(sent));
  response.setHeader('x-amzn-errortype', 'AccessDeniedException');
  const json = '{"message":"you may not do that"}';
  const xml = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';
  response.end(request.method === 'HEAD' ? '' : isBatch ? json : xml);
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
    expect.stringMatching(/^FAILED {3}source: .*s3:\/\/lake\/in.*s3:GetObject/),
    expect.stringMatching(/^FAILED {3}output: list s3:\/\/lake\/out.*s3:ListBucket/),
    'FAILED   job definition: AWS Batch DescribeJobDefinitions: you may not do that: allow batch:DescribeJobDefinitions to your role',
    'FAILED   queue: AWS Batch DescribeJobQueues: you may not do that: allow batch:DescribeJobQueues to your role',
  ]);
  expect(code).toBe(1);
});

test('what no run needs is unknown, with the permission', async () => {
  const [, lines] = await linesWith(ALLOWED);
  expect(lines.slice(1)).toEqual([
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
