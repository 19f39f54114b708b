import { StorageError } from '../errors.ts';
import type { RunKeys } from '../run-keys.ts';
import {
  intent as intentShape,
  outcome as outcomeShape,
  stop as stopShape,
  submittedJob,
} from '../shapes/submission.ts';
import type { Intent, Outcome, SubmittedJob } from '../shapes/submission.ts';
import type { CreateOutcome, Storage } from '../storage/storage.ts';
import { createJson, readJson } from './objects.ts';

const INTENT_NAME = /^(0|[1-9][0-9]*)\.intent\.json$/;
const STOP_NAME = /^(0|[1-9][0-9]*)\.json$/;

async function numbers(storage: Storage, folder: string, name: RegExp): Promise<number[]> {
  const found: number[] = [];
  for await (const { key } of storage.list(folder)) {
    const n = name.exec(key.slice(folder.length))?.[1];
    if (n !== undefined) found.push(Number(n));
  }
  return found.sort((a, b) => a - b);
}

/** The numbers of all submissions, rising. */
export const submissionNumbers = (storage: Storage, keys: RunKeys): Promise<number[]> =>
  numbers(storage, keys.submissions, INTENT_NAME);

/** The highest stop, or undefined where the run was never cancelled. */
export const highestStop = async (storage: Storage, keys: RunKeys): Promise<number | undefined> =>
  (await numbers(storage, keys.stops, STOP_NAME)).at(-1);

/** The next free number: above every submission and every stop, so that a resume is not ended by an old cancel. */
export async function nextSubmission(storage: Storage, keys: RunKeys): Promise<number> {
  const submitted = (await submissionNumbers(storage, keys)).at(-1) ?? -1;
  const stopped = (await highestStop(storage, keys)) ?? -1;
  return Math.max(submitted, stopped) + 1;
}

/**
 * Takes a number for a submission by creating its intent exclusively, before anything of it starts. Another
 * orchestrator that takes the number first makes this one try the next.
 */
export async function createSubmission(
  storage: Storage,
  keys: RunKeys,
  makeIntent: (n: number) => Intent,
): Promise<Intent> {
  for (;;) {
    const intent = makeIntent(await nextSubmission(storage, keys));
    if ((await createJson(storage, keys.intent(intent.n), intent)) === 'created') return intent;
  }
}

/** @throws StorageError `not-found` where there is no such submission. */
export async function readIntent(storage: Storage, keys: RunKeys, n: number): Promise<Intent> {
  const key = keys.intent(n);
  const found = await readJson(storage, key, intentShape);
  if (found === undefined) throw new StorageError('not-found', 'read', key, 'there is no such submission');
  return found;
}

/** Writes which shards a submission has, for its workers, before anything of it starts. */
export const writeShardList = (
  storage: Storage,
  keys: RunKeys,
  n: number,
  shards: readonly number[],
): Promise<CreateOutcome> => createJson(storage, keys.shardList(n), shards);

/** Writes which job a submission became; the first word stands. */
export const writeJob = (storage: Storage, keys: RunKeys, job: SubmittedJob): Promise<CreateOutcome> =>
  createJson(storage, keys.job(job.n), job);

export const readSubmittedJob = (
  storage: Storage,
  keys: RunKeys,
  n: number,
): Promise<SubmittedJob | undefined> => readJson(storage, keys.job(n), submittedJob);

export const readOutcome = (storage: Storage, keys: RunKeys, n: number): Promise<Outcome | undefined> =>
  readJson(storage, keys.outcome(n), outcomeShape);

/** Writes how a submission ended; the first word stands. */
export const writeOutcome = (storage: Storage, keys: RunKeys, outcome: Outcome): Promise<CreateOutcome> =>
  createJson(storage, keys.outcome(outcome.n), outcome);

/**
 * Cancels a run: a stop for its highest submission. Harmless when repeated.
 *
 * @returns the number stopped, or undefined where nothing was ever submitted.
 */
export async function requestStop(
  storage: Storage,
  keys: RunKeys,
  createdAt: string,
): Promise<number | undefined> {
  const n = (await submissionNumbers(storage, keys)).at(-1);
  if (n !== undefined) await createJson(storage, keys.stop(n), stopShape.parse({ n, createdAt }));
  return n;
}

/**
 * What a stop ends:
 *
 * | who                                                | ends when                   |
 * |----------------------------------------------------|-----------------------------|
 * | a worker of submission n                           | a stop ≥ n: exit 76         |
 * | an orchestrator whose first submission is n        | a stop ≥ n: submits no more |
 * | a resume: its first submission is above every stop | only by a later stop        |
 */
export const isStopped = (n: number, stop: number | undefined): boolean => stop !== undefined && stop >= n;
