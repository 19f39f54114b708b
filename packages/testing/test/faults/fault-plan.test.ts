import { expect, test } from '@jest/globals';
import {
  chooseFault,
  FAULT_KINDS,
  requestIdentity,
  type FaultKind,
  type FaultPlan,
} from '../../src/faults/fault-plan.ts';
import { requestFacts } from '../../src/proxy/request-facts.ts';

const get = requestFacts('GET', '/bucket/key', {});
const put = requestFacts('PUT', '/bucket/key', {});
const create = requestFacts('PUT', '/bucket/key', { 'if-none-match': '*' });
const submit = requestFacts('POST', '/v1/submitjob', {});
const list = requestFacts('POST', '/v1/listjobs', {});
const role = requestFacts('POST', '/', { authorization: 'Credential=a/20260101/us-east-1/iam/aws4_request' });

const draws = (plan: FaultPlan, request = get, count = 2000): (FaultKind | undefined)[] =>
  Array.from({ length: count }, (_, occurrence) => chooseFault(plan, request, occurrence));
const share = (faults: readonly unknown[]): number =>
  faults.filter((fault) => fault !== undefined).length / faults.length;

test('the same seed gives the same faults, another seed others', () => {
  const plan = { seed: 7, share: 0.3 };
  expect(draws(plan)).toEqual(draws(plan));
  expect(draws(plan)).not.toEqual(draws({ ...plan, seed: 8 }));
  const other = requestFacts('GET', '/bucket/other', {});
  expect(draws(plan)).not.toEqual(draws(plan, other));
});

test.each([0, 0.05, 0.5, 1])('about the share %d of the requests suffers', (wanted) => {
  const got = share(draws({ seed: 1, share: wanted }));
  expect(Math.abs(got - wanted)).toBeLessThan(0.03);
});

test.each([
  ['GET', get, ['unavailable', 'reset', 'lost-reply', 'truncated', 'stalled']],
  ['PUT', put, ['unavailable', 'reset', 'lost-reply']],
  ['conditional PUT', create, ['unavailable', 'conflict', 'reset', 'lost-reply']],
  ['Batch', list, ['unavailable', 'throttled', 'reset', 'lost-reply', 'truncated', 'stalled']],
  ['other services', role, []],
])('%s gets every kind that suits it, and no other', (_, request, kinds) => {
  const drawn = new Set(draws({ seed: 1, share: 1 }, request));
  drawn.delete(undefined);
  expect([...drawn].sort()).toEqual([...kinds].sort());
});

test('only the kinds of the plan', () => {
  const drawn = new Set(draws({ seed: 1, share: 1, kinds: ['reset', 'throttled'] }));
  expect([...drawn]).toEqual(['reset']);
  expect(new Set(draws({ seed: 1, share: 1, kinds: ['throttled'] }))).toEqual(new Set([undefined]));
  expect(FAULT_KINDS).toHaveLength(7);
});

test('replies to SubmitJob are lost in a share of their own', () => {
  const plan: FaultPlan = { seed: 1, share: 0, submitLostReplies: 0.3 };
  const faults = draws(plan, submit);
  expect(new Set(faults)).toEqual(new Set([undefined, 'lost-reply']));
  expect(Math.abs(share(faults) - 0.3)).toBeLessThan(0.03);
  expect(share(draws(plan, list))).toBe(0);
});

test('Batch may have a share of its own', () => {
  const plan: FaultPlan = { seed: 1, share: 0, batchShare: 0.4 };
  expect(share(draws(plan))).toBe(0);
  const faults = draws(plan, list);
  expect(Math.abs(share(faults) - 0.4)).toBeLessThan(0.03);
  expect(new Set(faults)).toContain('throttled');
});

test('requests that the plan does not mean are spared', () => {
  const plan: FaultPlan = { seed: 1, share: 1, only: ({ operation }) => operation === 'GetObject' };
  expect(share(draws(plan))).toBe(1);
  expect(share(draws(plan, list))).toBe(0);
});

test.each([
  ['the order of the query', '/b/k?b=2&a=1', '/b/k?a=1&b=2', true],
  ['an upload id', '/b/k?partNumber=1&uploadId=x', '/b/k?partNumber=1&uploadId=y', true],
  ['a page token', '/b?list-type=2&continuation-token=x', '/b?list-type=2', true],
  ['a part number', '/b/k?partNumber=1', '/b/k?partNumber=2', false],
  ['a key', '/b/k', '/b/l', false],
])('%s: are they the same request? %s %s', (_, one, other, same) => {
  const [a, b] = [one, other].map((url) => requestIdentity(requestFacts('GET', url, {})));
  expect(a === b).toBe(same);
});
