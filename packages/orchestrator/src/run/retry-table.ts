import type { FailureCause } from '../failure-cause.ts';

/** Failures that a shard may have; interruptions are free, but nothing is tried for ever. */
export const MAX_FAILURES = 3;
export const MAX_ATTEMPTS = 20;

/** What follows an attempt that ended for a cause. */
export interface RetryRule {
  /** So often it may occur before the shard is given up; of all causes that cost, {@link MAX_FAILURES} together. */
  readonly most: number;
  /** Whether it counts as a failure of the shard. */
  readonly costs: boolean;
  /** Whether the next try waits, longer each time: what may pass needs time to. */
  readonly waits: boolean;
  /** Whether the next try gets more memory. */
  readonly grows: boolean;
}

/** Nobody's failure. */
const FREE: RetryRule = { most: MAX_ATTEMPTS, costs: false, waits: false, grows: false };
const AGAIN: RetryRule = { most: MAX_FAILURES, costs: true, waits: false, grows: false };
/** Every try would end the same way. */
const NEVER: RetryRule = { most: 1, costs: true, waits: false, grows: false };

/**
 * Refused data is no cause: what is bad about inputs and records is committed with them, and never tried again.
 */
export const RETRY_TABLE: Readonly<Record<FailureCause, RetryRule>> = {
  interrupted: FREE,
  reclaimed: FREE,
  withdrawn: FREE,
  transient: { ...AGAIN, waits: true },
  'not-started': { ...AGAIN, waits: true },
  'out-of-memory': { ...AGAIN, grows: true },
  killed: AGAIN,
  'timed-out': AGAIN,
  'no-receipt': AGAIN,
  // Once: the next machine may show that it was this one's.
  bug: { ...AGAIN, most: 2 },
  // The service itself has tried it many times.
  image: NEVER,
  conflict: NEVER,
  configuration: NEVER,
  cancelled: NEVER,
};

const FIRST_WAIT_MS = 5000;

/**
 * Half of a wait that doubles, and a drawn share of the other half: shards that failed together do not come back
 * together, and none comes back at once.
 *
 * @param failures how many there were, 1 at least
 * @param random from 0 to 1
 */
export function waitMs(failures: number, random: () => number): number {
  const whole = FIRST_WAIT_MS * 2 ** (failures - 1);
  return Math.round(whole / 2 + (random() * whole) / 2);
}
