import {
  readIntent,
  readOutcome,
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
  /** How long the service said that attempts ran, by shard and submission. */
  readonly told: ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>;
  /** By the first that says: of the whole run, before any of it was done. */
  readonly estimatedUsd: number | undefined;
}

/** Reads the intents of a run, and how its submissions ended, of those that are asked for. */
export async function billedSubmissions(
  output: Storage,
  keys: RunKeys,
  isAsked: (submission: number) => boolean = () => true,
): Promise<BilledSubmissions> {
  const jobs = new Map<number, IntendedJob>();
  const told = new Map<number, Map<number, readonly number[]>>();
  let estimatedUsd: Intent['settings']['estimatedUsd'];
  for (const n of (await submissionNumbers(output, keys)).filter(isAsked)) {
    const { job, settings } = await readIntent(output, keys, n);
    estimatedUsd ??= settings.estimatedUsd;
    if (job === undefined) continue;
    jobs.set(n, job);
    for (const { shard, seconds } of (await readOutcome(output, keys, n))?.told ?? [])
      told.set(shard, (told.get(shard) ?? new Map<number, readonly number[]>()).set(n, seconds));
  }
  return { jobs, told, estimatedUsd };
}
