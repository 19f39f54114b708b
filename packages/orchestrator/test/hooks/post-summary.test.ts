import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { postSummary } from '../../src/hooks/post-summary.ts';
import { callOf, SUMMARY } from './summary.ts';

interface Got {
  readonly url: string | undefined;
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

let server: Server;
let base: string;
let got: Got[];
/** Of the next answers; then 200. 0: no answer at all. */
let answers: number[];

beforeEach(async () => {
  [got, answers] = [[], []];
  server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      const { url, method, headers } = request;
      got.push({ url, method, type: headers['content-type'], authorization: headers.authorization, body });
      const status = answers.shift() ?? 200;
      if (status === 0) return;
      response.writeHead(status, { location: `${base}/elsewhere` }).end('thanks');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('the summary is POSTed as JSON, with the secrets in the URL', async () => {
  const call = callOf({ TOKEN: 't0ken', BASE: base, PASSWORD: 'p%40ss' });
  expect(await postSummary(`${base}/hooks/\${secret:TOKEN}?a=b`, call)).toBeUndefined();
  expect(got).toMatchObject([{ url: '/hooks/t0ken?a=b', method: 'POST', type: 'application/json' }]);
  expect(JSON.parse(got[0]?.body ?? '')).toEqual(SUMMARY);
  expect(await postSummary('${secret:BASE}', call)).toBeUndefined();
  expect(await postSummary(base.replace('//', '//ops:${secret:PASSWORD}@'), call)).toBeUndefined();
  expect(got[2]?.authorization).toBe(`Basic ${Buffer.from('ops:p@ss').toString('base64')}`);
});

test.each<[number[], string | undefined, number]>([
  [[500, 503], undefined, 3],
  [[429, 408], undefined, 3],
  [[500, 502, 503], 'the answer was 503', 3],
  [[404], 'the answer was 404', 1],
  [[302], 'the answer was 302', 1],
  [[204], undefined, 1],
])('answers of %j end as %s after %d requests', async (statuses, failure, requests) => {
  answers = [...statuses];
  expect(await postSummary(base, callOf())).toBe(failure);
  expect(got.map(({ url }) => url)).toEqual(Array.from({ length: requests }, () => '/'));
});

test('a server without an answer is tried three times', async () => {
  answers = [0, 0, 0];
  // However slow the machine, none of these comes in time.
  expect(await postSummary(base, callOf(), 200)).toBe('no answer within 0.2 s');
});

test('a server that is not there is told by a code, and its secrets are not', async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(await postSummary(`${base}/\${secret:A}`, callOf({ A: 'hunter2' }))).toBe(
    'no answer (ECONNREFUSED)',
  );
  const nobody = await postSummary('http://${secret:A}.invalid/', callOf({ A: 'hunter2' }));
  expect(nobody).toMatch(/^no answer/);
  expect(nobody).not.toContain('hunter2');
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

test.each(['hunter2', 'ftp://hunter2', 'http://', 'file:///hunter2', 'javascript:hunter2'])(
  'the secret %s makes no URL, and is no command',
  async (value) => {
    expect(await postSummary('${secret:A}', callOf({ A: value }))).toBe(
      'its secrets do not make it an http:// or https:// URL',
    );
  },
);

test('an interrupt ends it', async () => {
  const stop = new AbortController();
  answers = [0];
  const ended = postSummary(base, callOf({}, { signal: stop.signal }));
  while (got.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  expect(await ended).toBe('interrupted');
  expect(got).toHaveLength(1);
});
