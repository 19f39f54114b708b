import {
  processMemoryMiB,
  runKeys,
  shardUnits,
  unitProgress,
  type RunFile,
  type ShardSegment,
  type Storage,
} from '@winnow/core';
import type { RunPlace, WaitingShard } from './run-place.ts';

/** Whether every unit of the shard has all of its receipts. */
export async function shardIsDone(
  output: Storage,
  run: RunFile,
  grouping: readonly ShardSegment[],
  shard: number,
): Promise<boolean> {
  const keys = runKeys(run.runId);
  const { firstUnit, count } = shardUnits(grouping, shard);
  for (let unit = firstUnit; unit < firstUnit + count; unit++) {
    const { committed } = await unitProgress(output, keys, unit);
    if (!committed) return false;
  }
  return true;
}

/** All shards that are not done, with the memory that a process for each may use. */
export function waitingShards({ grouping, run, settings, ledger }: RunPlace): WaitingShard[] {
  return grouping.flatMap((segment) => {
    const needed = run.plan.classes.find(
      ({ firstUnit, units }) => segment.firstUnit >= firstUnit && segment.firstUnit < firstUnit + units,
    );
    const memoryMiB = processMemoryMiB(needed?.memoryMiB ?? 0, settings.memoryMiB, run.frozen.columns);
    return shardsToDo(segment, ledger.isCommitted).map((shard) => ({ shard, memoryMiB }));
  });
}

/** Shards of a segment that have a unit which `isDone` does not know. */
export function shardsToDo(segment: ShardSegment, isDone: (unit: number) => boolean): number[] {
  const shards: number[] = [];
  for (let at = 0; at < segment.units; at += segment.unitsPerShard) {
    const end = Math.min(segment.units, at + segment.unitsPerShard);
    for (let unit = at; unit < end; unit++) {
      if (isDone(segment.firstUnit + unit)) continue;
      shards.push(segment.firstShard + at / segment.unitsPerShard);
      break;
    }
  }
  return shards;
}
