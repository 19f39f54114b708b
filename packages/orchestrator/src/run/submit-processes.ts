import { createSubmission, runKeys, runUri, WORKER_EXIT, writeOutcome, type Outcome } from '@winnow/core';
import type { BackendEvent, ProcessBackend } from '../backend/process-backend.ts';
import type { RunEvent } from '../events.ts';
import { failureEvent, judgeFailure, waitingAgain } from './judge-failure.ts';
import type { FailedShards } from './failed-shards.ts';
import { isGivenUp } from './give-up.ts';
import type { RunPlace, WaitingShard } from './run-place.ts';
import { namedShards } from './named-shards.ts';
import { shardIsDone } from './shards-to-do.ts';

const MIB = 2 ** 20;

/** Shards that are to be tried again. */
export interface SubmissionResult {
  readonly submission: number;
  readonly again: readonly WaitingShard[];
}

/**
 * Submits the shards: intent first, then the processes; judges each when it has ended; writes the outcome last.
 *
 * @param failed gets the shards that are given up. Once these are more than the run tolerates its processes are asked to
 * end, and what they leave is neither tried again nor given up.
 */
export async function submitProcesses(
  place: RunPlace<ProcessBackend>,
  shards: readonly number[],
  memoryMiB: number,
  failed: FailedShards,
  signal: AbortSignal,
): Promise<SubmissionResult> {
  const { run, output, backend } = place;
  const keys = runKeys(run.runId);
  const { n } = await createSubmission(output, keys, (number) => ({
    n: number,
    backend: backend.name,
    createdAt: place.now().toISOString(),
    grouping: [...place.grouping],
    shards: namedShards(shards),
    memoryMiB,
    settings: place.settings,
  }));
  const again: WaitingShard[] = [];
  const giveUp = new AbortController();
  const outcomes: Outcome['failed'] = [];
  const job = { submission: n, runUri: runUri(output.uri, run.runId), shards, memoryMiB };
  for await (const event of backend.submit(job, AbortSignal.any([signal, giveUp.signal]))) {
    if (event.kind === 'log') place.log.info(event.message);
    else if (event.kind !== 'ended') place.tell(runEventOf(event, memoryMiB));
    if (event.kind !== 'ended') continue;
    const { shard } = event;
    if (await shardIsDone(output, run, place.grouping, shard)) {
      place.tell({ kind: 'shard-done', shard });
      continue;
    }
    if (giveUp.signal.aborted && event.exitCode === WORKER_EXIT.again) continue;
    const verdict = await judgeFailure(place, { shard, submission: n, memoryMiB, end: event });
    place.tell(failureEvent(verdict));
    outcomes.push(verdict.outcome);
    const { decision } = verdict;
    if (decision.again) again.push(waitingAgain(shard, decision, place.now()));
    else failed.add(verdict);
    if (isGivenUp(place, failed)) giveUp.abort();
  }
  await writeOutcome(output, keys, { n, endedAt: place.now().toISOString(), failed: outcomes });
  return { submission: n, again };
}

/** What an event of a process is to those who watch the run. */
export function runEventOf(
  event: Exclude<BackendEvent, { kind: 'ended' | 'log' }>,
  memoryMiB: number,
): RunEvent {
  switch (event.kind) {
    case 'started':
      return { kind: 'shard-started', shard: event.shard };
    case 'progress':
      return {
        kind: 'progress',
        shard: event.shard,
        records: event.records,
        decodedBytes: event.decoded,
        memoryBytes: event.memoryBytes,
        memoryLimitBytes: memoryMiB * MIB,
      };
    case 'memory-high':
    case 'committed':
      return event;
  }
}
