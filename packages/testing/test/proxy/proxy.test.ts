import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { FaultKind, FaultPlan } from '../../src/faults/fault-plan.ts';
import { startProxy, type ProxyOptions, type ReverseProxy } from '../../src/proxy/proxy.ts';
import { jsonReply } from '../../src/proxy/reply.ts';

const BODY = Buffer.alloc(100_000, 'winnow ');

let server: Server;
let target: string;
let seen: { request: IncomingMessage; body: Buffer }[];
const proxies: ReverseProxy[] = [];

beforeEach(async () => {
  seen = [];
  server = createServer((request, response) => {
    void buffer(request).then((body) => {
      seen.push({ request, body });
      response.writeHead(201, ['X-Answer', 'a', 'x-answer', 'b', 'Content-Length', String(BODY.length)]);
      response.end(BODY);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const proxy of proxies.splice(0)) await proxy.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function start(options: Omit<ProxyOptions, 'target'> = {}): Promise<ReverseProxy> {
  const proxy = await startProxy({ target, ...options });
  proxies.push(proxy);
  return proxy;
}

const failing = (...kinds: FaultKind[]): FaultPlan => ({ seed: 1, share: 1, kinds, stallMs: 50 });

test('requests and answers pass byte for byte, headers in their spelling and order', async () => {
  const proxy = await start();
  const answer = await fetch(`${proxy.url}/bucket/a%2Fb?x=%20&y`, {
    method: 'PUT',
    headers: { 'X-Amz-Date': 'now' },
    body: BODY,
  });
  expect(answer.status).toBe(201);
  expect(answer.headers.get('x-answer')).toBe('a, b');
  expect(Buffer.from(await answer.arrayBuffer()).equals(BODY)).toBe(true);
  const [{ request, body }] = seen as [{ request: IncomingMessage; body: Buffer }];
  expect(body.equals(BODY)).toBe(true);
  expect(request.url).toBe('/bucket/a%2Fb?x=%20&y');
  expect(request.headers).toMatchObject({ host: new URL(proxy.url).host, 'x-amz-date': 'now' });
  expect(proxy.requests()).toBe(1);
});

test('a body without a length is streamed', async () => {
  const proxy = await start();
  const body = ReadableStream.from([BODY, BODY]);
  await (await fetch(proxy.url, { method: 'POST', body, duplex: 'half' })).arrayBuffer();
  expect(seen[0]?.body).toHaveLength(2 * BODY.length);
});

test.each<[FaultKind, string, number, RegExp]>([
  ['unavailable', '/bucket/key', 503, /<Code>SlowDown<\/Code>/],
  ['unavailable', '/v1/submitjob', 503, /"__type":"ServiceUnavailableException"/],
  ['throttled', '/v1/submitjob', 429, /"__type":"TooManyRequestsException"/],
  ['conflict', '/bucket/key', 409, /<Code>ConditionalRequestConflict<\/Code>/],
])('%s: %s is answered with %d and not passed on', async (kind, path, status, text) => {
  const proxy = await start({ faults: failing(kind) });
  const method = path.startsWith('/v1/') ? 'POST' : 'PUT';
  const headers = { 'If-None-Match': '*' };
  const answer = await fetch(`${proxy.url}${path}`, { method, headers, body: BODY });
  expect(answer.status).toBe(status);
  expect(await answer.text()).toMatch(text);
  expect(seen).toHaveLength(0);
  expect(proxy.counts()[kind]).toBe(1);
});

test('reset: the connection is cut, nothing is passed on', async () => {
  const proxy = await start({ faults: failing('reset') });
  await expect(fetch(`${proxy.url}/bucket/key`, { method: 'PUT', body: 'x' })).rejects.toThrow();
  expect(seen).toHaveLength(0);
  expect(proxy.counts().reset).toBe(1);
});

test('lost-reply: carried out, then the connection is cut', async () => {
  const proxy = await start({ faults: failing('lost-reply') });
  await expect(fetch(`${proxy.url}/bucket/key`, { method: 'PUT', body: 'x' })).rejects.toThrow();
  expect(seen).toHaveLength(1);
  expect(proxy.counts()['lost-reply']).toBe(1);
});

test.each(['truncated', 'stalled'] as const)(
  '%s: half of the body, then the connection is cut',
  async (kind) => {
    const proxy = await start({ faults: failing(kind) });
    const answer = await fetch(`${proxy.url}/bucket/key`);
    expect(answer.status).toBe(201);
    let received = 0;
    const read = async (): Promise<void> => {
      for await (const chunk of answer.body as ReadableStream<Uint8Array>) received += chunk.length;
    };
    await expect(read()).rejects.toThrow();
    expect(received).toBe(BODY.length / 2);
    expect(proxy.counts()[kind]).toBe(1);
  },
);

test('an answer that stalls is silent for as long as asked', async () => {
  const proxy = await start({ faults: { ...failing('stalled'), stallMs: 300 } });
  const before = performance.now();
  const answer = await fetch(`${proxy.url}/bucket/key`);
  await expect(answer.arrayBuffer()).rejects.toThrow();
  expect(performance.now() - before).toBeGreaterThanOrEqual(290);
});

test('a stalled answer does not hold up the end', async () => {
  const proxy = await start({ faults: { ...failing('stalled'), stallMs: 100_000_000 } });
  const answer = await fetch(`${proxy.url}/bucket/key`);
  await proxy.stop();
  await expect(answer.arrayBuffer()).rejects.toThrow();
});

test('the plan holds for so many requests as it says', async () => {
  const proxy = await start({ faults: { ...failing('unavailable'), atMost: 2 } });
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await fetch(`${proxy.url}/bucket/key`)).status);
  expect(statuses).toEqual([503, 503, 201, 201]);
  expect(proxy.counts().unavailable).toBe(2);
});

test('the same plan over the same requests does the same, whatever their order', async () => {
  const faults: FaultPlan = { seed: 3, share: 0.5, kinds: ['unavailable'] };
  const keys = Array.from({ length: 30 }, (_, i) => `/bucket/${i}`);
  const statuses = async (order: readonly string[]): Promise<Record<string, number>> => {
    const proxy = await start({ faults });
    const answers = order.map(async (key) => [key, (await fetch(`${proxy.url}${key}`)).status] as const);
    return Object.fromEntries(await Promise.all(answers));
  };
  const first = await statuses(keys);
  expect(await statuses(keys.toReversed())).toEqual(first);
  expect(new Set(Object.values(first))).toEqual(new Set([201, 503]));
});

test('the same request again is drawn for anew', async () => {
  const proxy = await start({ faults: { seed: 3, share: 0.5, kinds: ['unavailable'] } });
  const statuses = new Set<number>();
  for (let i = 0; i < 30; i++) statuses.add((await fetch(`${proxy.url}/bucket/key`)).status);
  expect(statuses).toEqual(new Set([201, 503]));
});

test('a rewritten request: asked otherwise, answered otherwise, with faults on top', async () => {
  const rewrite: ProxyOptions['rewrite'] = ({ facts }) =>
    facts.method === 'POST'
      ? async (body, forward) => {
          const reply = await forward({
            method: 'PUT',
            path: '/other',
            body: Buffer.from(`<${body.toString()}>`),
          });
          return jsonReply(200, { status: reply.status, length: reply.body.length });
        }
      : undefined;
  const proxy = await start({ rewrite });
  const answer = await fetch(`${proxy.url}/asked`, {
    method: 'POST',
    body: 'hello',
    headers: { 'If-Match': 'e' },
  });
  expect(await answer.json()).toEqual({ status: 201, length: BODY.length });
  expect(seen[0]?.request).toMatchObject({ method: 'PUT', url: '/other' });
  expect(seen[0]?.request.headers['if-match']).toBeUndefined();
  expect(seen[0]?.body.toString()).toBe('<hello>');
  expect((await fetch(`${proxy.url}/asked`)).status).toBe(201);
  const faulty = await start({ rewrite, faults: failing('truncated') });
  const cut = await fetch(`${faulty.url}/asked`, { method: 'POST', body: 'hello' });
  await expect(cut.text()).rejects.toThrow();
});

test('where the server is gone the connection is cut', async () => {
  const proxy = await startProxy({ target: 'http://127.0.0.1:1' });
  proxies.push(proxy);
  await expect(fetch(proxy.url)).rejects.toThrow();
});
