import {
  readIntent,
  submissionNumbers,
  type IntendedJob,
  type Intent,
  type RunKeys,
  type Storage,
} from '@winnow/core';

/** What the submissions of a run say about its cost. */
export interface BilledSubmissions {
  /** Of those that a service runs. */
  readonly jobs: ReadonlyMap<number, IntendedJob>;
  /** By the first that says: of the whole run, before any of it was done. */
  readonly estimatedUsd: number | undefined;
}

/** Reads the intents of a run. */
export async function billedSubmissions(output: Storage, keys: RunKeys): Promise<BilledSubmissions> {
  const jobs = new Map<number, IntendedJob>();
  let estimatedUsd: Intent['settings']['estimatedUsd'];
  for (const n of await submissionNumbers(output, keys)) {
    const { job, settings } = await readIntent(output, keys, n);
    if (job !== undefined) jobs.set(n, job);
    estimatedUsd ??= settings.estimatedUsd;
  }
  return { jobs, estimatedUsd };
}
