import type { Intent } from '@winnow/core';

/** Shards as an intent names them: those that follow each other by the first one and their number. */
export function namedShards(shards: readonly number[]): Intent['shards'] {
  const [first = 0] = shards;
  const consecutive = shards.every((shard, i) => shard === first + i);
  return consecutive ? { first, count: shards.length } : { list: [...shards] };
}

/** How many an intent names. */
export const namedCount = (shards: Intent['shards']): number =>
  'list' in shards ? shards.list.length : shards.count;

/** The shard of the child with this index. */
export const shardAt = (shards: Intent['shards'], index: number): number =>
  'list' in shards ? (shards.list[index] ?? -1) : shards.first + index;

/** All of them, in the order of their indices. */
export const allNamed = (shards: Intent['shards']): number[] =>
  Array.from({ length: namedCount(shards) }, (_, index) => shardAt(shards, index));
