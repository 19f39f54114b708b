import type { Spec } from '@winnow/core';

/** How arrays are watched and what is done where a place for them is short. */
export interface ArrayPolicy {
  readonly pollMs: number;
  /** Most children at once; undefined = the queue decides. */
  readonly maxRunning: number | undefined;
  /** How long children may want for a place without one of them starting. */
  readonly runnableMs: number;
  /** Whether there is a second queue, and what moving shards to it may cost, in US dollars, estimated. */
  readonly fallback: { readonly maxCost: number } | undefined;
  /** What the run may cost, in US dollars, estimated; undefined = whatever it does. */
  readonly maxCost?: number | undefined;
}

export const arrayPolicy = (spec: Spec): ArrayPolicy => ({
  pollMs: spec.pollSeconds * 1000,
  maxRunning: spec.maxRunning,
  runnableMs: spec.runnableMinutes * 60_000,
  fallback: spec.fallbackQueue === undefined ? undefined : { maxCost: spec.fallbackMaxCost },
  maxCost: spec.maxCost,
});
