import { expect, test } from '@jest/globals';
import { FailedShards } from '../../src/run/failed-shards.ts';

const failed = (...shards: [number, string, string][]): FailedShards => {
  const all = new FailedShards();
  for (const [shard, cause, message] of shards) all.add({ shard, cause, message });
  return all;
};

test('each way of failing is a line, in the order of their first shards', () => {
  const all = failed([7, 'killed', 'a'], [3, 'bug', 'b'], [9, 'killed', 'a'], [4, 'killed', 'c']);
  expect(all.total).toBe(4);
  expect(all.lines()).toEqual([
    'shards 7, 9 failed (killed): a',
    'shard 3 failed (bug): b',
    'shard 4 failed (killed): c',
  ]);
});

test('of many the first are named', () => {
  const all = failed(...Array.from({ length: 12 }, (_, n): [number, string, string] => [n, 'bug', 'b']));
  expect(all.lines()).toEqual(['12 shards (the first of them 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) failed (bug): b']);
});

test('of many ways those beyond the first are counted', () => {
  const all = failed(
    ...Array.from({ length: 30 }, (_, n): [number, string, string] => [n, 'bug', `${n % 25}`]),
  );
  expect(all.total).toBe(30);
  expect(all.lines()).toHaveLength(21);
  expect(all.lines()[0]).toBe('shards 0, 25 failed (bug): 0');
  expect(all.lines().at(-1)).toBe('5 more shards failed');
  const one = failed(...Array.from({ length: 21 }, (_, n): [number, string, string] => [n, 'bug', `${n}`]));
  expect(one.lines().at(-1)).toBe('1 more shard failed');
});

test('none has no line', () => {
  expect(new FailedShards().lines()).toEqual([]);
});

test('those that a cancel ended have not failed', () => {
  const all = failed([1, 'cancelled', 'the run was cancelled'], [2, 'bug', 'b']);
  expect([all.total, all.lines()]).toEqual([1, ['shard 2 failed (bug): b']]);
});
