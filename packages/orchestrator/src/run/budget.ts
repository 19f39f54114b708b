import { nextMemoryClass } from '@winnow/core';
import type { FailureCause } from '../failure-cause.ts';
import { MAX_ATTEMPTS, MAX_FAILURES, RETRY_TABLE, waitMs } from './retry-table.ts';

export interface FailedAttempt {
  readonly cause: FailureCause;
  /** What it had, and for `out-of-memory` what it asked for. */
  readonly memoryMiB: number;
  readonly neededMiB?: number | undefined;
  /** Tries that were made of it, where a service tries by itself; 1 if it says nothing. */
  readonly attempts?: number | undefined;
}

export type RetryDecision =
  | {
      readonly again: true;
      readonly memoryMiB: number;
      /** Not before so long. */
      readonly waitMs: number;
    }
  | { readonly again: false; readonly why: string };

/**
 * Whether a shard is tried again after these attempts, the last one last: when, and with how much memory. What each cause
 * means stands in {@link RETRY_TABLE}.
 */
export function decideRetry(attempts: readonly FailedAttempt[], random: () => number): RetryDecision {
  const last = attempts.at(-1);
  if (!last) return { again: false, why: 'nothing failed' };
  const tries = attempts.reduce(
    (sum, attempt) => sum + (attempt.cause === 'withdrawn' ? 0 : (attempt.attempts ?? 1)),
    0,
  );
  if (tries >= MAX_ATTEMPTS) return { again: false, why: `${MAX_ATTEMPTS} attempts` };
  const rule = RETRY_TABLE[last.cause];
  const same = attempts.filter((attempt) => attempt.cause === last.cause).length;
  const failures = attempts.filter(({ cause }) => RETRY_TABLE[cause].costs).length;
  if (same >= rule.most || (rule.costs && failures >= MAX_FAILURES)) {
    return { again: false, why: failures > 1 ? `${failures} failures` : last.cause };
  }
  const wait = rule.waits ? waitMs(same, random) : 0;
  if (!rule.grows) return { again: true, memoryMiB: last.memoryMiB, waitMs: wait };
  const memoryMiB = Math.max(last.neededMiB ?? 0, nextMemoryClass(last.memoryMiB) ?? 0);
  return memoryMiB > last.memoryMiB
    ? { again: true, memoryMiB, waitMs: wait }
    : { again: false, why: `no memory class over ${last.memoryMiB} MiB` };
}
