import { highestStop, isStopped, runKeys } from '@winnow/core';
import type { ProcessBackend } from '../backend/process-backend.ts';
import { FailedShards } from './failed-shards.ts';
import { whyGivenUp } from './give-up.ts';
import type { RunPlace, WorkDone } from './run-place.ts';
import { waitingShards } from './shards-to-do.ts';
import { submitProcesses } from './submit-processes.ts';

/**
 * Submits all shards that are not done, one memory class at a time, then those that failed and may be tried again,
 * until none is left: one that is to wait before its next try keeps no other one from being done. Ends early when `signal`
 * aborts, the run is cancelled, or more shards were given up than it tolerates.
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
    const gaveUp = whyGivenUp(place, failed);
    if (gaveUp !== undefined) return { failed, cancelled: false, gaveUp };
    if (waiting.length === 0) return { failed, cancelled: false };
    const nowMs = place.now().getTime();
    const ready = waiting.filter(({ readyAtMs = 0 }) => readyAtMs <= nowMs);
    if (ready.length === 0) {
      await place.sleep(Math.min(...waiting.map(({ readyAtMs = 0 }) => readyAtMs)) - nowMs, signal);
      continue;
    }
    const memoryMiB = Math.min(...ready.map((shard) => shard.memoryMiB));
    const now = ready.filter((shard) => shard.memoryMiB === memoryMiB);
    const result = await submitProcesses(
      place,
      now.map(({ shard }) => shard).sort((a, b) => a - b),
      memoryMiB,
      failed,
      signal,
    );
    firstSubmission ??= result.submission;
    const taken = new Set(now);
    waiting = [...waiting.filter((shard) => !taken.has(shard)), ...result.again];
  }
}
