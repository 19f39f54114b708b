import { createHash } from 'node:crypto';

/** Enough to tell the outputs of one account apart; what is found is compared all the same. */
const HASH_DIGITS = 8;

/**
 * The name of the job of a submission: the same whoever asks, so that a job whose reply was lost is found by it. Runs of
 * one spec in several outputs have the same id, hence the hash of the run directory.
 */
export function jobName(runUri: string, runId: string, submission: number): string {
  const place = createHash('sha256').update(runUri).digest('hex').slice(0, HASH_DIGITS);
  return `winnow-${runId}-${place}-${submission}`.toLowerCase();
}
