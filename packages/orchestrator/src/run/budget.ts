import { nextMemoryClass } from '@winnow/core';

/** Why an attempt at a shard did not commit all of it. */
export type FailureCause =
  | 'interrupted'
  | 'transient'
  | 'out-of-memory'
  | 'killed'
  | 'no-receipt'
  | 'bug'
  | 'conflict'
  | 'configuration'
  | 'cancelled';

export interface FailedAttempt {
  readonly cause: FailureCause;
  /** What it had, and for `out-of-memory` what it asked for. */
  readonly memoryMiB: number;
  readonly neededMiB?: number | undefined;
}

/** Failures that a shard may have; interruptions are free, but nothing is tried for ever. */
export const MAX_FAILURES = 3;
export const MAX_ATTEMPTS = 20;

/** How often a cause may occur before the shard is given up. */
const ALLOWED: Readonly<Record<FailureCause, number>> = {
  interrupted: MAX_ATTEMPTS,
  transient: MAX_FAILURES,
  'out-of-memory': MAX_FAILURES,
  killed: MAX_FAILURES,
  'no-receipt': MAX_FAILURES,
  bug: 2,
  conflict: 1,
  configuration: 1,
  cancelled: 1,
};

export type RetryDecision =
  { readonly again: true; readonly memoryMiB: number } | { readonly again: false; readonly why: string };

/** Whether a shard is tried again after these attempts, the last one last, and with how much memory. */
export function decideRetry(attempts: readonly FailedAttempt[]): RetryDecision {
  const last = attempts.at(-1);
  if (!last) return { again: false, why: 'nothing failed' };
  if (attempts.length >= MAX_ATTEMPTS) return { again: false, why: `${MAX_ATTEMPTS} attempts` };
  const same = attempts.filter((attempt) => attempt.cause === last.cause).length;
  const failures = attempts.filter((attempt) => attempt.cause !== 'interrupted').length;
  if (same >= ALLOWED[last.cause] || failures >= MAX_FAILURES) {
    return { again: false, why: failures > 1 ? `${failures} failures` : last.cause };
  }
  if (last.cause !== 'out-of-memory') return { again: true, memoryMiB: last.memoryMiB };
  const memoryMiB = Math.max(last.neededMiB ?? 0, nextMemoryClass(last.memoryMiB) ?? 0);
  return memoryMiB > last.memoryMiB
    ? { again: true, memoryMiB }
    : { again: false, why: `no memory class over ${last.memoryMiB} MiB` };
}
