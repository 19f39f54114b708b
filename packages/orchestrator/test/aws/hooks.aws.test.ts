import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readZstdLines } from '@winnow/core';
import { startAws, TEST_CREDENTIALS, type Aws } from '@winnow/testing';
import { startWinnow } from '../winnow.ts';

const REGION = TEST_CREDENTIALS.AWS_REGION;
/** Planted: wherever these are found later, they leaked. */
const TOKEN = 'tok-5f0c9e1d7b';
const PASSWORD = 'pass phrase/8d21+e4';
/** What services say that are not well. */
const BROKEN_SECRET = `{"SecretString":${TOKEN}`;
const FULL_BUS =
  '{"FailedEntryCount":1,"Entries":[{"ErrorCode":"ThrottlingException","ErrorMessage":"full"}]}';
const VALUES = [TOKEN, PASSWORD, encodeURIComponent(PASSWORD)];

let aws: Aws;
let server: Server;
let base: string;
/** URLs of requests to the server. */
const requests: string[] = [];
let folder: string;
let secrets: Record<string, string>;
const clients: { destroy(): void }[] = [];

beforeAll(async () => {
  aws = await startAws({ images: {} });
  folder = await mkdtemp(join(tmpdir(), 'winnow-test-'));
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in/a.ndjson'), '{"id":1}\nbad\n');
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    const isBad = request.url?.startsWith('/bad') === true;
    const isBus = request.headers['x-amz-target'] === 'AWSEvents.PutEvents';
    response.writeHead(isBad ? 404 : 200).end(isBus ? FULL_BUS : BROKEN_SECRET);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [token, password] = [
    await plant('token', TOKEN),
    await plant('ops/password', json({ it: PASSWORD })),
  ];
  secrets = {
    WINNOW_SECRET_TOKEN: token,
    WINNOW_SECRET_PASSWORD: `${password}#it`,
    WINNOW_SECRET_NO_KEY: `${password}#that`,
    WINNOW_SECRET_NO_JSON: `${token}#it`,
    WINNOW_SECRET_GONE: `${token}-gone`,
  };
});

afterAll(async () => {
  clients.forEach((client) => client.destroy());
  server.closeAllConnections();
  server.close();
  await aws.stop();
  await rm(folder, { recursive: true, force: true });
});

const json = (value: unknown): string => JSON.stringify(value);

function configOf() {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = TEST_CREDENTIALS;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  return { endpoint: aws.steadyEndpoint, region: REGION, credentials };
}

function kept<T extends { destroy(): void }>(client: T): T {
  clients.push(client);
  return client;
}

async function plant(Name: string, SecretString: string): Promise<string> {
  const client = kept(new SecretsManagerClient(configOf()));
  return (await client.send(new CreateSecretCommand({ Name, SecretString }))).ARN ?? '';
}

/** SQS by its JSON protocol: no client of it is needed elsewhere. */
async function queues(operation: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(aws.steadyEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=testing/20260101/${REGION}/sqs/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: json(body),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, unknown>;
}

async function queue(name: string) {
  const { QueueUrl } = await queues('CreateQueue', { QueueName: name });
  return {
    arn: `arn:aws:sqs:${REGION}:123456789012:${name}`,
    take: async (): Promise<Record<string, unknown>[]> => {
      const { Messages = [] } = await queues('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 });
      return (Messages as { Body: string }[]).map(({ Body }) => JSON.parse(Body) as Record<string, unknown>);
    },
  };
}

const run = (output: string, hooks: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  startWinnow(
    [
      ...['run', '--source', 'in', '--output', output, '--json', '--log-level', 'debug'],
      ...hooks.flatMap((text) => ['--on-failure', text]),
    ],
    folder,
    { ...aws.environment, ...secrets, ...environment },
  ).ended;

async function* chunksOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

/** All that a folder holds, as it is and unpacked. */
async function texts(path: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    const lines = entry.name.endsWith('.zst') ? await Array.fromAsync(readZstdLines(chunksOf(bytes))) : [];
    found.set(join(entry.parentPath, entry.name), `${bytes.toString('latin1')}\n${lines.join('\n')}`);
  }
  return found;
}

test('secrets get to those that they are for, and their values nowhere else', async () => {
  const hooks = [
    `${base}/good/\${secret:TOKEN}`,
    'printf %s "${secret:PASSWORD}" > received; cat /proc/[0-9]*/cmdline > titles 2> /dev/null; true',
    // All the rest fails.
    `${base}/bad/\${secret:TOKEN}`,
    'http://${secret:TOKEN}.invalid/',
    'http://ops:${secret:TOKEN}@127.0.0.1:1/',
    'echo "${secret:PASSWORD}"; echo "${secret:PASSWORD}" >&2; exit 5',
    '"${secret:PASSWORD}"',
    '${secret:PASSWORD}',
    'true ${secret:NO_KEY}',
    'true ${secret:NO_JSON}',
    `${base}/\${secret:GONE}`,
  ];
  const { code, stdout, stderr } = await run('out', hooks);
  expect(code).toBe(1);
  expect(requests).toEqual([`/good/${TOKEN}`, `/bad/${TOKEN}`]);
  expect(await readFile(join(folder, 'received'), 'utf8')).toBe(PASSWORD);

  const failures = stderr.split('\n').filter((line) => line.includes('hook') && line.startsWith('winnow: '));
  const failed = (text: string, why: string): string => `winnow: the onFailure hook ${text} failed: ${why}`;
  expect(failures).toEqual([
    failed(hooks[2] ?? '', 'the answer was 404'),
    expect.stringMatching(
      /^winnow: the onFailure hook http:\/\/\$\{secret:TOKEN\}\.invalid\/ failed: no answer/,
    ),
    failed(hooks[4] ?? '', 'no answer (the connection failed)'),
    failed(hooks[5] ?? '', 'exit code 5'),
    failed(hooks[6] ?? '', 'exit code 127'),
    failed(hooks[7] ?? '', 'its secrets do not make it an http:// or https:// URL'),
    failed(hooks[8] ?? '', 'WINNOW_SECRET_NO_KEY: its secret has no key that'),
    failed(hooks[9] ?? '', 'WINNOW_SECRET_NO_JSON: its secret is no JSON object, and has no keys'),
    failed(
      hooks[10] ?? '',
      "WINNOW_SECRET_GONE: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
    ),
  ]);

  const written = await texts(join(folder, 'out'));
  // What is looked through is what there is: the texts with their names, the log, what is packed.
  const all = [...written.values()].join('\n');
  expect(all).toContain('${secret:PASSWORD}');
  expect([...written.keys()].filter((name) => name.endsWith('.zst')).length).toBeGreaterThan(2);
  expect(all).toContain('"input":"a.ndjson"');
  expect(stderr).toContain('"message":"hook"');
  const titles = await readFile(join(folder, 'titles'), 'utf8');
  expect(titles).toContain('${WINNOW_VALUE_PASSWORD}');
  for (const value of VALUES)
    for (const [where, text] of [
      ...written,
      ['stdout', stdout],
      ['stderr', stderr],
      ['titles', titles],
    ] as const)
      expect({ where, leaks: text.includes(value) }).toEqual({ where, leaks: false });
});

test('an answer that cannot be read is not quoted', async () => {
  const { code, stdout, stderr } = await run('cut', ['true ${secret:TOKEN}'], { AWS_ENDPOINT_URL: base });
  expect(code).toBe(1);
  expect(stderr).toContain('failed: WINNOW_SECRET_TOKEN: Secrets Manager gave no answer (SyntaxError)\n');
  expect(stdout + stderr).not.toContain(TOKEN);
});

test('an event that the bus does not take is a failure, although its call succeeds', async () => {
  const bus = `arn:aws:events:${REGION}:123456789012:event-bus/full`;
  const { code, stderr } = await run('full', [bus], { AWS_ENDPOINT_URL: base });
  expect(code).toBe(1);
  expect(stderr).toContain(`the onFailure hook ${bus} failed: ThrottlingException: full\n`);
});

test('a topic and a bus get the summary; those that are not there are a warning', async () => {
  const [byTopic, byBus] = [await queue('by-topic'), await queue('by-bus')];
  const [topics, events] = [kept(new SNSClient(configOf())), kept(new EventBridgeClient(configOf()))];
  const { TopicArn = '' } = await topics.send(new CreateTopicCommand({ Name: 'runs' }));
  await topics.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: byTopic.arn }));
  const { EventBusArn = '' } = await events.send(new CreateEventBusCommand({ Name: 'runs' }));
  const rule = { EventBusName: 'runs', EventPattern: json({ source: ['winnow'] }) };
  await events.send(new PutRuleCommand({ Name: 'all', ...rule }));
  const Targets = [{ Id: 'queue', Arn: byBus.arn }];
  await events.send(new PutTargetsCommand({ Rule: 'all', EventBusName: 'runs', Targets }));

  const missing = [TopicArn, EventBusArn].map((arn) => `${arn}-missing`);
  const { code, stdout, stderr } = await run('told', [TopicArn, ...missing, EventBusArn]);
  expect(code).toBe(1);
  expect(stderr.split('\n').filter((line) => line.startsWith('winnow: the onFailure'))).toEqual(
    missing.map((arn) => expect.stringMatching(`hook ${arn} failed: .*(?:NotFound|not exist)`) as unknown),
  );
  const { runId } = JSON.parse(stdout) as { runId: string };
  const summary = {
    ...{ runId, state: 'partial', output: join(folder, 'told') },
    records: { read: 2, written: 1, filtered: 0, quarantined: 1 },
    report: join(folder, 'told/_winnow', runId, 'report.json'),
  };
  const [message, ...more] = await byTopic.take();
  expect([message?.['Subject'], more]).toEqual([`Winnow run ${runId} partial`, []]);
  expect(JSON.parse(String(message?.['Message']))).toMatchObject(summary);
  expect(await byBus.take()).toMatchObject([
    { source: 'winnow', 'detail-type': 'Winnow run partial', detail: summary },
  ]);
});
