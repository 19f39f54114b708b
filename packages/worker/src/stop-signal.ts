/** Of the time from a signal until SIGKILL: until then the sub-unit in hand may still be committed. */
const IN_HAND_SHARE = 0.7;
/** Until then what was left is cleaned up and the attempt is recorded. */
const WHOLE_SHARE = 0.9;

/**
 * Remembers that somebody asked the process to end.
 *
 * From then on no sub-unit is begun. The one in hand is gone on with until it {@link isDue}, for what is committed need
 * not be done again; who has not ended when it {@link isOver} leaves everything as it stands.
 */
export class StopSignal {
  readonly #now: () => number;
  #requestedAt: number | undefined;
  /** How long after the signal until SIGKILL. Known when the environment is parsed: a signal may come before that. */
  graceSeconds = 30;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(now: () => number) {
    this.#now = now;
  }

  get requested(): boolean {
    return this.#requestedAt !== undefined;
  }

  /** The sub-unit in hand is to be left. */
  get isDue(): boolean {
    return this.#hasPassed(IN_HAND_SHARE);
  }

  get isOver(): boolean {
    return this.#hasPassed(WHOLE_SHARE);
  }

  request(): void {
    this.#requestedAt ??= this.#now();
  }

  #hasPassed(share: number): boolean {
    if (this.#requestedAt === undefined) return false;
    return this.#now() - this.#requestedAt >= this.graceSeconds * 1000 * share;
  }
}
