import type { Waiting } from '@winnow/core';

/** A second's calls, and how many may come at once after a pause. Batch takes 50 SubmitJob a second from an account, which is shared. */
export interface PaceLimits {
  readonly perSecond: number;
  readonly burst: number;
}

/** Slowest that a throttled pace becomes, in calls a second. */
const SLOWEST = 0.2;
/** By how much each call that is answered makes it faster again, in calls a second. */
const RECOVERY = 0.05;

/**
 * One token bucket for all calls of a process to a service. Throttling halves its pace and empties it; answers bring it
 * back slowly: so several orchestrators of one account come to share what there is.
 */
export class RequestPace {
  readonly #limits: PaceLimits;
  readonly #now: () => number;
  readonly #sleep: Waiting['sleep'];
  #perSecond: number;
  #tokens: number;
  #filledAt: number;
  /** Callers in the order they came. */
  #turn: Promise<void> = Promise.resolve();

  /** @param now milliseconds of a clock that only goes forward */
  constructor(limits: PaceLimits, now: () => number, sleep: Waiting['sleep']) {
    this.#limits = limits;
    this.#now = now;
    this.#sleep = sleep;
    this.#perSecond = limits.perSecond;
    this.#tokens = limits.burst;
    this.#filledAt = now();
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  /** Resolves when the next call may be made. */
  take(): Promise<void> {
    const turn = this.#turn.then(() => this.#takeToken());
    this.#turn = turn;
    return turn;
  }

  throttled(): void {
    this.#perSecond = Math.max(SLOWEST, this.#perSecond / 2);
    this.#tokens = 0;
    this.#filledAt = this.#now();
  }

  answered(): void {
    this.#perSecond = Math.min(this.#limits.perSecond, this.#perSecond + RECOVERY);
  }

  async #takeToken(): Promise<void> {
    this.#fill();
    while (this.#tokens < 1) {
      await this.#sleep(Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000));
      this.#fill();
    }
    this.#tokens--;
  }

  #fill(): void {
    const now = this.#now();
    const grown = this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#limits.burst, grown);
    this.#filledAt = now;
  }
}
