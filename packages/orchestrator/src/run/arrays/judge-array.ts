import { atOnce, runKeys, WORKER_EXIT, writeOutcome, type Intent, type ShardSeconds } from '@winnow/core';
import type { ArrayBackend, FailedChild } from '../../backend/array-backend.ts';
import { failureEvent, judgeFailure, waitingAgain, type Verdict } from '../judge-failure.ts';
import { namedCount, shardAt } from '../named-shards.ts';
import type { FailedShard, RunPlace } from '../run-place.ts';
import { lastWords } from './last-words.ts';
import type { LiveArray } from './live-array.ts';
import { unfinishedIndices } from './shard-receipts.ts';
import type { ToldUnits } from './told-units.ts';
import type { WaitingForArray } from './waiting.ts';

/** Records of failed shards that are read at once. */
const JUDGED_AT_ONCE = 32;
/** Children without a record of whom the logs are asked: what keeps one from writing it mostly holds for all. */
const LISTENED_TO = 3;

export interface JudgedArray {
  readonly again: readonly WaitingForArray[];
  readonly failed: readonly FailedShard[];
}

/**
 * Judges a submission whose children will not change any more: receipts say what is done, whatever became of the job.
 * What has units left is looked up among the failed children; a child that is not there has succeeded without its
 * receipts, or was forgotten by the service.
 */
export async function judgeArray(
  place: RunPlace<ArrayBackend>,
  told: ToldUnits,
  array: LiveArray,
): Promise<JudgedArray> {
  const { submission, intent, counts, jobId } = array;
  const unfinished = await unfinishedIndices(place, told, intent);
  const isUnfinished = new Set(unfinished);
  for (let index = 0; index < namedCount(intent.shards); index++)
    if (!isUnfinished.has(index)) place.tell({ kind: 'shard-done', shard: shardAt(intent.shards, index) });
  const failures = new Map<number, FailedChild>();
  if (unfinished.length > 0 && counts !== undefined && counts.failed > 0)
    for await (const child of place.backend.failures(jobId, counts)) failures.set(child.index, child);

  let listens = LISTENED_TO;
  const verdicts = await atOnce(unfinished, JUDGED_AT_ONCE, (index) =>
    verdictOf(place, array, failures.get(index) ?? unheard(array, index), () =>
      listens-- > 0
        ? lastWords(place.backend, { jobId, index, size: namedCount(intent.shards) })
        : Promise.resolve(undefined),
    ),
  );
  const judged = verdicts.filter((verdict) => 'decision' in verdict);
  for (const verdict of judged) place.tell(failureEvent(verdict));
  const endedAt = place.now().toISOString();
  await writeOutcome(place.output, runKeys(place.run.runId), {
    n: submission,
    endedAt,
    failed: judged.map(({ outcome }) => outcome),
    ...(failures.size > 0 && { told: toldOf(intent.shards, failures.values()) }),
  });
  return {
    again: verdicts.flatMap((verdict) => ('decision' in verdict ? againBy(verdict, place.now()) : [verdict])),
    failed: judged.filter(({ decision }) => !decision.again),
  };
}

/** Attempts that were killed before they came to their first record are known by this alone. */
const toldOf = (shards: Intent['shards'], children: Iterable<FailedChild>): ShardSeconds[] =>
  [...children]
    .filter(({ attemptSeconds }) => attemptSeconds.length > 0)
    .map(({ index, attemptSeconds }) => ({ shard: shardAt(shards, index), seconds: [...attemptSeconds] }));

/**
 * A child that never began is no failure: there is no attempt to look at, and nothing that counts. Nor is one that our own
 * call ended: where that was a cancel, nothing is submitted any more; where the run was given up, the same command goes on
 * with it.
 */
function verdictOf(
  place: RunPlace<ArrayBackend>,
  { submission, intent }: LiveArray,
  { index, exitCode, message, said }: FailedChild,
  lastWordsOf: () => Promise<string | undefined>,
): Promise<Verdict | WaitingForArray> {
  const shard = shardAt(intent.shards, index);
  if (said === 'withdrawn' || said === 'cancelled')
    return Promise.resolve({ shard, memoryMiB: intent.memoryMiB, fallback: said === 'withdrawn' });
  const end = { exitCode, signal: null, message, said };
  const { memoryMiB } = intent.job;
  return judgeFailure(place, { shard, submission, memoryMiB, end, lastWords: lastWordsOf });
}

const againBy = ({ shard, cause, decision }: Verdict, now: Date): WaitingForArray[] =>
  decision.again ? [{ ...waitingAgain(shard, decision, now), fallback: cause === 'reclaimed' }] : [];

const UNTOLD = { said: undefined, attemptSeconds: [] };

/** Not among those that failed: succeeded without receipts, or never looked up, for the job is known no more. */
function unheard({ counts }: LiveArray, index: number): FailedChild {
  if (counts === undefined)
    return { index, exitCode: null, message: 'the service knows its job no more', ...UNTOLD };
  const succeeded = counts.failed === 0 || counts.succeeded > 0;
  return {
    index,
    exitCode: succeeded ? WORKER_EXIT.committed : null,
    message: counts.reason || 'it ended without its receipts',
    ...UNTOLD,
  };
}
