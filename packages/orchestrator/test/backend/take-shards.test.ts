import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { takeShards } from '../../src/backend/take-shards.ts';

test.each<[string, number[], number, number[]]>([
  ['one by one when little is left', [4, 5, 6], 2, [4]],
  [
    'many while much is left',
    Array.from({ length: 40 }, (_, i) => i),
    2,
    Array.from({ length: 10 }, (_, i) => i),
  ],
  [
    'never more than 32 for one process',
    Array.from({ length: 1000 }, (_, i) => i),
    2,
    Array.from({ length: 32 }, (_, i) => i),
  ],
  ['consecutive ones only', [7, 8, 20, ...Array.from({ length: 20 }, (_, i) => 30 + i)], 2, [7, 8]],
])('%s', (_title, waiting, slots, taken) => {
  const left = waiting.slice(taken.length);
  expect(takeShards(waiting, slots)).toEqual(taken);
  expect(waiting).toEqual(left);
});

test('every shard is taken once, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(500)), fc.integer({ min: 1, max: 16 }), (shards, slots) => {
      const waiting = shards.sort((a, b) => a - b);
      const all = [...waiting];
      const taken: number[] = [];
      while (waiting.length > 0) taken.push(...takeShards(waiting, slots));
      expect(taken).toEqual(all);
    }),
  );
});
