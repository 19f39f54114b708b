import { highestStop, isStopped, processMemoryMiB, runKeys, type ShardSegment } from '@winnow/core';
import { submit, type FailedShard, type SubmissionPlace } from './submit.ts';
import { shardsToDo } from './shards-to-do.ts';

/** How the work on a run ended. */
export interface WorkDone {
  readonly failed: readonly FailedShard[];
  /** By `winnow cancel`. */
  readonly cancelled: boolean;
}

interface Waiting {
  readonly shard: number;
  readonly memoryMiB: number;
}

/**
 * Submits all shards that are not done, one memory class at a time, then those that failed and may be tried again,
 * until none is left. Ends early when `signal` aborts or the run is cancelled.
 */
export async function workOff(
  place: SubmissionPlace,
  isDone: (unit: number) => boolean,
  signal: AbortSignal,
): Promise<WorkDone> {
  const keys = runKeys(place.run.runId);
  const failed: FailedShard[] = [];
  let waiting = place.grouping.flatMap((segment) => waitingOf(segment, place, isDone));
  let firstSubmission: number | undefined;
  while (waiting.length > 0) {
    signal.throwIfAborted();
    if (firstSubmission !== undefined && isStopped(firstSubmission, await highestStop(place.output, keys))) {
      return { failed, cancelled: true };
    }
    const memoryMiB = Math.min(...waiting.map((shard) => shard.memoryMiB));
    const now = waiting.filter((shard) => shard.memoryMiB === memoryMiB).map(({ shard }) => shard);
    const result = await submit(
      place,
      now.sort((a, b) => a - b),
      memoryMiB,
      signal,
    );
    firstSubmission ??= result.submission;
    failed.push(...result.failed);
    waiting = [...waiting.filter((shard) => shard.memoryMiB !== memoryMiB), ...result.again];
  }
  return { failed, cancelled: false };
}

function waitingOf(
  segment: ShardSegment,
  { run, settings }: SubmissionPlace,
  isDone: (unit: number) => boolean,
): Waiting[] {
  const needed = run.plan.classes.find(({ firstUnit, units }) => {
    return segment.firstUnit >= firstUnit && segment.firstUnit < firstUnit + units;
  });
  const memoryMiB = processMemoryMiB(needed?.memoryMiB ?? 0, settings.memoryMiB, run.frozen.columns);
  return shardsToDo(segment, isDone).map((shard) => ({ shard, memoryMiB }));
}
