import { BatchClient, DescribeJobsCommand, ListJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { FaultKind, FaultPlan } from '../src/faults/fault-plan.ts';
import { startProxy, type ReverseProxy } from '../src/proxy/proxy.ts';
import { clientConfig, startAwsUnderTest, type AwsUnderTest } from './aws-under-test.ts';

let under: AwsUnderTest;
beforeAll(async () => {
  under = await startAwsUnderTest({ faults: { seed: 1, share: 1, kinds: ['unavailable'], atMost: 1 } });
});
afterAll(() => under.stop());

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Faulty {
  readonly proxy: ReverseProxy;
  readonly s3: S3Client;
  readonly batch: BatchClient;
}

/** Clients that meet the faults, and try so often. */
async function start(faults: FaultPlan, maxAttempts: number): Promise<Faulty> {
  const proxy = await startProxy({ target: under.aws.steadyEndpoint, faults });
  const clients = clientsOf(proxy.url, maxAttempts);
  stops.push(() => proxy.stop());
  return { proxy, ...clients };
}

function clientsOf(endpoint: string, maxAttempts: number): { s3: S3Client; batch: BatchClient } {
  const config = { ...clientConfig(endpoint), maxAttempts };
  const clients = { s3: new S3Client(config), batch: new BatchClient(config) };
  stops.push(
    () => clients.s3.destroy(),
    () => clients.batch.destroy(),
  );
  return clients;
}

const object = { Bucket: 'children', Key: 'object' };
const getBody = async (s3: S3Client): Promise<string> =>
  (await s3.send(new GetObjectCommand(object))).Body!.transformToString();

// What the SDK's clients make of a fault that they do not try to get over.

test.each<[FaultKind, object]>([
  ['unavailable', { name: 'SlowDown', $metadata: { httpStatusCode: 503 } }],
  ['reset', { code: 'ECONNRESET' }],
  ['lost-reply', { code: 'ECONNRESET' }],
  ['truncated', { code: 'ECONNRESET' }],
  ['stalled', { code: 'ECONNRESET' }],
])('%s, seen by a client of S3', async (kind, error) => {
  const { proxy, s3 } = await start({ seed: 1, share: 1, kinds: [kind], stallMs: 20 }, 1);
  await under.s3.send(new PutObjectCommand({ ...object, Body: 'x'.repeat(100_000) }));
  await expect(getBody(s3)).rejects.toMatchObject(error);
  expect(proxy.counts()[kind]).toBe(1);
});

test.each<[FaultKind, object]>([
  ['unavailable', { name: 'ServiceUnavailableException', $metadata: { httpStatusCode: 503 } }],
  ['throttled', { name: 'TooManyRequestsException', $metadata: { httpStatusCode: 429 } }],
  ['reset', { code: 'ECONNRESET' }],
  ['lost-reply', { code: 'ECONNRESET' }],
  ['truncated', { code: 'ECONNRESET' }],
  ['stalled', { code: 'ECONNRESET' }],
])('%s, seen by a client of Batch', async (kind, error) => {
  const { proxy, batch } = await start({ seed: 1, share: 1, kinds: [kind], stallMs: 20 }, 1);
  const command = new DescribeJobsCommand({ jobs: ['0a1b2c3d-4e5f-6789-abcd-ef0123456789'] });
  await expect(batch.send(command)).rejects.toMatchObject(error);
  expect(proxy.counts()[kind]).toBe(1);
});

test('a conflict meets conditional writes only', async () => {
  const { s3 } = await start({ seed: 1, share: 1, kinds: ['conflict'] }, 1);
  await s3.send(new PutObjectCommand({ ...object, Body: 'first' }));
  await expect(
    s3.send(new PutObjectCommand({ ...object, Body: 'second', IfNoneMatch: '*' })),
  ).rejects.toMatchObject({ name: 'ConditionalRequestConflict', $metadata: { httpStatusCode: 409 } });
});

test('a client that tries again gets over a fault that meets it once', async () => {
  const { proxy, s3 } = await start({ seed: 1, share: 1, kinds: ['reset'], atMost: 1 }, 3);
  await s3.send(new PutObjectCommand({ ...object, Body: 'once more' }));
  expect(await getBody(s3)).toBe('once more');
  expect(proxy.counts().reset).toBe(1);
});

test('a job whose reply is lost is submitted all the same, twice by a client that tries again', async () => {
  const { proxy, batch } = await start({ seed: 1, share: 0, submitLostReplies: 1, atMost: 1 }, 3);
  const { jobQueue, jobDefinition } = under.prepared;
  await batch.send(new SubmitJobCommand({ jobName: 'twin', jobQueue, jobDefinition }));
  const filters = [{ name: 'JOB_NAME', values: ['twin'] }];
  const { jobSummaryList } = await under.batch.send(new ListJobsCommand({ jobQueue, filters }));
  expect(jobSummaryList).toHaveLength(2);
  expect(proxy.counts()['lost-reply']).toBe(1);
});

test('the endpoint of startAws does what its plan says, the steady one does not', async () => {
  const steady = clientsOf(under.aws.steadyEndpoint, 1);
  await steady.s3.send(new PutObjectCommand({ ...object, Body: 'hello' }));
  const { s3 } = clientsOf(under.aws.endpoint, 1);
  const before = under.aws.requests();
  await expect(getBody(s3)).rejects.toMatchObject({ name: 'SlowDown' });
  expect(await getBody(s3)).toBe('hello');
  expect(under.aws.requests()).toBe(before + 2);
  expect(under.aws.faultCounts()).toEqual({
    unavailable: 1,
    throttled: 0,
    conflict: 0,
    reset: 0,
    'lost-reply': 0,
    truncated: 0,
    stalled: 0,
  });
});
