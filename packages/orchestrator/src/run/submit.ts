import {
  createSubmission,
  runKeys,
  runUri,
  writeOutcome,
  type Intent,
  type RunFile,
  type ShardSegment,
  type Storage,
} from '@winnow/core';
import type { Backend, BackendEvent } from '../backend/backend.ts';
import type { RunEvent } from '../events.ts';
import type { Log } from '../log.ts';
import { readAttempt } from './attempts.ts';
import { decideRetry, type FailedAttempt } from './budget.ts';
import { classify } from './classify.ts';
import { shardIsDone } from './shards-to-do.ts';

const MIB = 2 ** 20;

/** What all submissions of a run share. */
export interface SubmissionPlace {
  readonly run: RunFile;
  readonly output: Storage;
  readonly grouping: readonly ShardSegment[];
  readonly settings: Intent['settings'];
  readonly backend: Backend;
  readonly now: () => Date;
  readonly tell: (event: RunEvent) => void;
  readonly log: Log;
  /** By shard, over all submissions of this command. */
  readonly history: Map<number, FailedAttempt[]>;
}

/** Shards that are to be tried again, and those given up. */
export interface SubmissionResult {
  readonly submission: number;
  readonly again: readonly { readonly shard: number; readonly memoryMiB: number }[];
  readonly failed: readonly FailedShard[];
}

export interface FailedShard {
  readonly shard: number;
  readonly cause: string;
  readonly message: string;
}

/** Submits the shards: intent first, then the backend; judges each when it has ended; writes the outcome last. */
export async function submit(
  place: SubmissionPlace,
  shards: readonly number[],
  memoryMiB: number,
  signal: AbortSignal,
): Promise<SubmissionResult> {
  const { run, output, backend } = place;
  const keys = runKeys(run.runId);
  const { n } = await createSubmission(output, keys, (number) => ({
    n: number,
    backend: backend.name,
    createdAt: place.now().toISOString(),
    grouping: [...place.grouping],
    shards: shardsNamed(shards),
    memoryMiB,
    settings: place.settings,
  }));
  const again: { shard: number; memoryMiB: number }[] = [];
  const failed: FailedShard[] = [];
  const outcomes: { shard: number; cause: string; exitCode: number | null; message: string }[] = [];
  const job = { submission: n, runUri: runUri(output.uri, run.runId), shards, memoryMiB };
  for await (const event of backend.submit(job, signal)) {
    if (event.kind === 'log') place.log.info(event.message);
    else if (event.kind !== 'ended') place.tell(runEventOf(event, memoryMiB));
    if (event.kind !== 'ended') continue;
    const { shard, exitCode } = event;
    if (await shardIsDone(output, run, place.grouping, shard)) {
      place.tell({ kind: 'shard-done', shard });
      continue;
    }
    const record = await readAttempt(output, keys, shard, n);
    const attempt = classify(record, event, memoryMiB);
    const attempts = [...(place.history.get(shard) ?? []), attempt];
    place.history.set(shard, attempts);
    const message = record?.message ?? event.message;
    outcomes.push({ shard, cause: attempt.cause, exitCode, message });
    const decision = decideRetry(attempts);
    if (decision.again) again.push({ shard, memoryMiB: decision.memoryMiB });
    else failed.push({ shard, cause: attempt.cause, message });
    place.tell({ kind: 'shard-failed', shard, cause: attempt.cause, message, again: decision.again });
  }
  await writeOutcome(output, keys, { n, endedAt: place.now().toISOString(), failed: outcomes });
  return { submission: n, again, failed };
}

function shardsNamed(shards: readonly number[]): Intent['shards'] {
  const [first = 0] = shards;
  const consecutive = shards.every((shard, i) => shard === first + i);
  return consecutive ? { first, count: shards.length } : { list: [...shards] };
}

function runEventOf(event: Exclude<BackendEvent, { kind: 'ended' | 'log' }>, memoryMiB: number): RunEvent {
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
