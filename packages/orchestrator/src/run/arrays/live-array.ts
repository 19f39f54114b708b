import {
  isStopped,
  highestStop,
  readIntent,
  readOutcome,
  readSubmittedJob,
  runKeys,
  runUri,
  shardUnits,
  submissionNumbers,
  writeJob,
  type Intent,
  type IntendedJob,
  type RunFile,
  type Storage,
  type UnitRange,
} from '@winnow/core';
import type { ArrayCounts, ArrayJobs } from '../../backend/array-backend.ts';
import { allNamed } from '../named-shards.ts';

/** A submission that a service works on, as far as is known. */
export interface LiveArray {
  readonly submission: number;
  readonly intent: Intent & { readonly job: IntendedJob };
  readonly jobId: string;
  /** As told last; undefined as long as the service has told nothing. */
  counts: ArrayCounts | undefined;
  /** When the service told of it last, or when it was taken up. */
  seenAt: number;
  /** When a child of it began or ended last, as far as the counts tell. */
  movedAt: number;
  /** Its waiting children were taken back. */
  withdrawn: boolean;
  /** Its first failed child was looked at. */
  looked: boolean;
}

/** Finished jobs are kept for 7 days at least: https://docs.aws.amazon.com/batch/latest/userguide/job_states.html */
const FORGOTTEN_AFTER_MS = 7 * 24 * 3600_000;
/** A job may be missing in answers right after it was submitted; one that is for so long is gone. */
const GONE_AFTER_MS = 10 * 60_000;

/** Takes down what the service told of it, if anything. */
export function seen(array: LiveArray, counts: ArrayCounts | undefined, nowMs: number): void {
  if (counts === undefined) return;
  const before = array.counts;
  const hasMoved =
    before?.running !== counts.running ||
    before.succeeded + before.failed !== counts.succeeded + counts.failed;
  if (hasMoved) array.movedAt = nowMs;
  array.counts = counts;
  array.seenAt = nowMs;
}

/** The service knows it no more: receipts alone decide then. */
export function isGone({ intent, seenAt, counts }: LiveArray, nowMs: number): boolean {
  const age = nowMs - Date.parse(intent.createdAt);
  const silentMs = nowMs - seenAt;
  return silentMs > GONE_AFTER_MS || (counts === undefined && silentMs > 0 && age > FORGOTTEN_AFTER_MS);
}

/** How many of its children may still change. */
export const openChildren = ({ counts, intent }: LiveArray): number =>
  counts === undefined ? allNamed(intent.shards).length : counts.size - counts.succeeded - counts.failed;

/** The units of a submission's shards. Those that follow each other are one range. */
export function unitRanges({ grouping, shards }: Pick<Intent, 'grouping' | 'shards'>): UnitRange[] {
  const ranges: { firstUnit: number; units: number }[] = [];
  for (const shard of allNamed(shards)) {
    const { firstUnit, count } = shardUnits(grouping, shard);
    const last = ranges.at(-1);
    if (last !== undefined && last.firstUnit + last.units === firstUnit) last.units += count;
    else ranges.push({ firstUnit, units: count });
  }
  return ranges;
}

/** The submissions of a run that may still be worked on: those that were neither judged nor stopped. */
export async function liveArrays(
  output: Storage,
  run: RunFile,
  backend: Pick<ArrayJobs, 'find'>,
  now: () => Date,
): Promise<LiveArray[]> {
  const stop = await highestStop(output, runKeys(run.runId));
  const arrays = await unjudgedArrays(output, run, backend, now);
  return arrays.filter(({ submission }) => !isStopped(submission, stop));
}

/**
 * The submissions of a run that became a job and have no outcome yet. A job whose id was never written down is looked for
 * by its name, in the queue that its intent names.
 */
export async function unjudgedArrays(
  output: Storage,
  run: RunFile,
  backend: Pick<ArrayJobs, 'find'>,
  now: () => Date,
): Promise<LiveArray[]> {
  const keys = runKeys(run.runId);
  const live: LiveArray[] = [];
  for (const n of await submissionNumbers(output, keys)) {
    if ((await readOutcome(output, keys, n)) !== undefined) continue;
    const intent = await readIntent(output, keys, n);
    const { job } = intent;
    if (job === undefined) continue;
    const jobId = await jobIdOf(output, run, { ...intent, job }, backend, now);
    if (jobId !== undefined) live.push(liveArray({ ...intent, job }, jobId, now().getTime()));
  }
  return live;
}

export const liveArray = (intent: LiveArray['intent'], jobId: string, nowMs: number): LiveArray => ({
  submission: intent.n,
  intent,
  jobId,
  counts: undefined,
  seenAt: nowMs,
  movedAt: nowMs,
  withdrawn: false,
  looked: false,
});

async function jobIdOf(
  output: Storage,
  run: RunFile,
  intent: LiveArray['intent'],
  backend: Pick<ArrayJobs, 'find'>,
  now: () => Date,
): Promise<string | undefined> {
  const keys = runKeys(run.runId);
  const known = await readSubmittedJob(output, keys, intent.n);
  if (known !== undefined) return known.jobId;
  const uri = runUri(output.uri, run.runId);
  const jobId = await backend.find({ runUri: uri, submission: intent.n, intended: intent.job });
  if (jobId !== undefined)
    await writeJob(output, keys, {
      n: intent.n,
      jobId,
      queue: intent.job.queue,
      submittedAt: now().toISOString(),
    });
  return jobId;
}
