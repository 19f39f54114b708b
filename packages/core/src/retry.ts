/** What an error says about trying again: `throttled` = the service asks for less, so that waits are longer. */
export type RetryKind = 'transient' | 'throttled' | 'final';

/** How often and how long: waits grow from `baseMs` by doubling up to `capMs`, and are drawn below that. */
export interface RetryTimes {
  /** In all, the first one included. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** `baseMs` of what was throttled. */
  readonly throttledBaseMs: number;
}

/** The outside that waiting needs. */
export interface Waiting {
  /** Rejects with the signal's reason where that aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Full jitter: anything from nothing to the whole wait. Many clients that failed together do not come back together.
 *
 * @param failures how many there were, 1 at least
 */
export function retryDelayMs(
  failures: number,
  kind: Exclude<RetryKind, 'final'>,
  times: RetryTimes,
  random: () => number,
): number {
  const base = kind === 'throttled' ? times.throttledBaseMs : times.baseMs;
  return Math.floor(random() * Math.min(times.capMs, base * 2 ** (failures - 1)));
}

export interface RetryOptions {
  readonly times: RetryTimes;
  readonly waiting: Waiting;
  readonly kindOf: (error: unknown) => RetryKind;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does something until it works, fails for good, or has been tried often enough: the last error is thrown then.
 *
 * @param act is told how many tries came before: what one of them did may have been done although no answer came
 */
export async function retrying<T>(act: (before: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { times, waiting, kindOf, signal } = options;
  for (let failures = 0; ;) {
    try {
      return await act(failures);
    } catch (error) {
      const kind = kindOf(error);
      failures++;
      if (kind === 'final' || failures >= times.attempts || signal?.aborted === true) throw error;
      await waiting.sleep(retryDelayMs(failures, kind, times, waiting.random), signal);
    }
  }
}
