import { expect, test } from '@jest/globals';
import type { ShardTolerance } from '@winnow/core';
import { beyondText, isBeyond } from '../../src/run/tolerance.ts';

test.each<[ShardTolerance | undefined, number, number, boolean]>([
  [undefined, 1000, 1000, false],
  [{ shards: 0 }, 0, 10, false],
  [{ shards: 0 }, 1, 10, true],
  [{ shards: 3 }, 3, 10, false],
  [{ shards: 3 }, 4, 10, true],
  [{ share: 0.1 }, 1, 10, false],
  [{ share: 0.1 }, 2, 10, true],
  [{ share: 0.01 }, 1, 10, true],
  [{ share: 1 }, 10, 10, false],
])('%j: %d of %d shards given up are beyond it: %p', (tolerance, failed, total, beyond) => {
  expect(isBeyond(tolerance, { failed, total })).toBe(beyond);
});

test('says how many, and what was allowed', () => {
  const rest = 'nothing more was submitted; the same command again goes on';
  expect(beyondText({ shards: 1 }, { failed: 2, total: 1000 })).toBe(
    `2 of 1,000 shards given up, --tolerate allows 1: ${rest}`,
  );
  expect(beyondText({ share: 0.025 }, { failed: 1, total: 1 })).toBe(
    `1 of 1 shard given up, --tolerate allows 2.5%: ${rest}`,
  );
});
