import type { MemoryClass } from '../shapes/run.ts';
import type { ShardSegment } from '../shapes/submission.ts';

/** Groups every unit into shards, class by class, so that a shard's units need the same memory. Changes no output. */
export function groupShards(classes: readonly MemoryClass[], unitsPerShard: number): ShardSegment[] {
  if (!Number.isInteger(unitsPerShard) || unitsPerShard < 1)
    throw new RangeError(`units per shard must be a whole number of at least 1, got ${unitsPerShard}`);
  let firstShard = 0;
  return classes.map(({ firstUnit, units }) => {
    const segment = { firstShard, firstUnit, units, unitsPerShard };
    firstShard += Math.ceil(units / unitsPerShard);
    return segment;
  });
}

const shardsOfSegment = ({ units, unitsPerShard }: ShardSegment): number => Math.ceil(units / unitsPerShard);

export const shardCount = (grouping: readonly ShardSegment[]): number =>
  grouping.reduce((sum, segment) => sum + shardsOfSegment(segment), 0);

/** @throws RangeError when the grouping has no such shard. */
export function shardUnits(
  grouping: readonly ShardSegment[],
  shard: number,
): { firstUnit: number; count: number } {
  for (const segment of grouping) {
    const index = shard - segment.firstShard;
    if (index < 0 || index >= shardsOfSegment(segment)) continue;
    const skipped = index * segment.unitsPerShard;
    return {
      firstUnit: segment.firstUnit + skipped,
      count: Math.min(segment.unitsPerShard, segment.units - skipped),
    };
  }
  throw new RangeError(`shard ${shard} is not in the grouping, which has ${shardCount(grouping)} shards`);
}
