import { nextMemoryClass } from '@winnow/core';
import type { FailureCause } from '../failure-cause.ts';

export interface FailedAttempt {
  readonly cause: FailureCause;
  /** What it had, and for `out-of-memory` what it asked for. */
  readonly memoryMiB: number;
  readonly neededMiB?: number | undefined;
  /** Tries that were made of it, where a service tries by itself; 1 if it says nothing. */
  readonly attempts?: number | undefined;
}

/** Failures that a shard may have; interruptions are free, but nothing is tried for ever. */
export const MAX_FAILURES = 3;
export const MAX_ATTEMPTS = 20;

/** Nobody's failure: they cost nothing of the budget. */
const FREE: readonly FailureCause[] = ['interrupted', 'reclaimed', 'withdrawn'];

/** How often a cause may occur before the shard is given up. */
const ALLOWED: Readonly<Record<FailureCause, number>> = {
  interrupted: MAX_ATTEMPTS,
  reclaimed: MAX_ATTEMPTS,
  withdrawn: MAX_ATTEMPTS,
  transient: MAX_FAILURES,
  'out-of-memory': MAX_FAILURES,
  killed: MAX_FAILURES,
  'timed-out': MAX_FAILURES,
  'not-started': MAX_FAILURES,
  // The service itself has tried it many times.
  image: 1,
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
  const tries = attempts.reduce(
    (sum, attempt) => sum + (attempt.cause === 'withdrawn' ? 0 : (attempt.attempts ?? 1)),
    0,
  );
  if (tries >= MAX_ATTEMPTS) return { again: false, why: `${MAX_ATTEMPTS} attempts` };
  const same = attempts.filter((attempt) => attempt.cause === last.cause).length;
  const failures = attempts.filter(({ cause }) => !FREE.includes(cause)).length;
  if (same >= ALLOWED[last.cause] || failures >= MAX_FAILURES) {
    return { again: false, why: failures > 1 ? `${failures} failures` : last.cause };
  }
  if (last.cause !== 'out-of-memory') return { again: true, memoryMiB: last.memoryMiB };
  const memoryMiB = Math.max(last.neededMiB ?? 0, nextMemoryClass(last.memoryMiB) ?? 0);
  return memoryMiB > last.memoryMiB
    ? { again: true, memoryMiB }
    : { again: false, why: `no memory class over ${last.memoryMiB} MiB` };
}
