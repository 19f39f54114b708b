import {
  readIntent,
  readOutcome,
  readSubmittedJob,
  runKeys,
  submissionNumbers,
  type RunFile,
  type Storage,
} from '@winnow/core';
import type { ArrayJobs, PrintedLog } from '../backend/array-backend.ts';
import { allNamed } from '../run/named-shards.ts';

/** Shards that are asked for: what keeps a worker from leaving a record mostly holds for all of them. */
const MOST_SHARDS = 100;

/** What attempts printed that have left no record: they came to no storage, or never ran at all. */
export interface UnrecordedLogs {
  readonly shard: number;
  readonly submission: number;
  /** None where nothing is left of them. */
  readonly logs: readonly PrintedLog[];
}

/**
 * Asks the service for what became of shards without a record: of the one shard that is asked for in each submission it
 * was in, else of those that failed.
 *
 * @param hasRecord whether an attempt of that submission at that shard has left one
 */
export async function* unrecordedLogs(
  { output, run }: { readonly output: Storage; readonly run: RunFile },
  only: number | undefined,
  hasRecord: (shard: number, submission: number) => boolean,
  openJobs: () => Promise<Pick<ArrayJobs, 'printed'>>,
): AsyncGenerator<UnrecordedLogs> {
  const keys = runKeys(run.runId);
  let left = MOST_SHARDS;
  for (const submission of await submissionNumbers(output, keys)) {
    const submitted = await readSubmittedJob(output, keys, submission);
    if (submitted === undefined) continue;
    const { jobId } = submitted;
    const { shards } = await readIntent(output, keys, submission);
    const asked = only === undefined ? await failedShards(output, run, submission) : [only];
    const named = allNamed(shards);
    for (const { shard, index } of indexed(asked, named)) {
      if (hasRecord(shard, submission)) continue;
      if (left-- <= 0) return;
      const logs = await (await openJobs()).printed({ jobId, index, size: named.length });
      yield { shard, submission, logs };
    }
  }
}

const indexed = (asked: readonly number[], named: Iterable<number>): { shard: number; index: number }[] => {
  const indices = new Map([...named].map((shard, index) => [shard, index]));
  return asked.flatMap((shard) => {
    const index = indices.get(shard);
    return index === undefined ? [] : [{ shard, index }];
  });
};

const failedShards = async (output: Storage, { runId }: RunFile, n: number): Promise<number[]> =>
  ((await readOutcome(output, runKeys(runId), n))?.failed ?? []).map(({ shard }) => shard);
