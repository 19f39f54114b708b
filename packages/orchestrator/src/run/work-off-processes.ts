import { highestStop, isStopped, runKeys } from '@winnow/core';
import type { ProcessBackend } from '../backend/process-backend.ts';
import { FailedShards } from './failed-shards.ts';
import type { RunPlace, WorkDone } from './run-place.ts';
import { waitingShards } from './shards-to-do.ts';
import { submitProcesses } from './submit-processes.ts';

/**
 * Submits all shards that are not done, one memory class at a time, then those that failed and may be tried again,
 * until none is left. Ends early when `signal` aborts or the run is cancelled.
 */
export async function workOffProcesses(
  place: RunPlace<ProcessBackend>,
  signal: AbortSignal,
): Promise<WorkDone> {
  const keys = runKeys(place.run.runId);
  const failed = new FailedShards();
  let waiting = waitingShards(place);
  let firstSubmission: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    if (firstSubmission !== undefined && isStopped(firstSubmission, await highestStop(place.output, keys)))
      return { failed, cancelled: true };
    if (waiting.length === 0) return { failed, cancelled: false };
    const memoryMiB = Math.min(...waiting.map((shard) => shard.memoryMiB));
    const now = waiting.filter((shard) => shard.memoryMiB === memoryMiB).map(({ shard }) => shard);
    const result = await submitProcesses(
      place,
      now.sort((a, b) => a - b),
      memoryMiB,
      signal,
    );
    firstSubmission ??= result.submission;
    for (const shard of result.failed) failed.add(shard);
    waiting = [...waiting.filter((shard) => shard.memoryMiB !== memoryMiB), ...result.again];
  }
}
