import { highestStop, isStopped, type RunKeys, type Storage } from '@winnow/core';
import { Stopped } from './stopped.ts';

/** Looked for at most so often: on S3 each look is a request, and sub-units may be small. */
const LOOK_EVERY_MS = 5000;

/** Looks between sub-units whether the run was cancelled. */
export class StopLook {
  readonly #output: Storage;
  readonly #keys: RunKeys;
  readonly #submission: number;
  readonly #now: () => number;
  #lookedAt = -Infinity;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(output: Storage, keys: RunKeys, submission: number, now: () => number) {
    this.#output = output;
    this.#keys = keys;
    this.#submission = submission;
    this.#now = now;
  }

  /** Throws {@link Stopped} where a stop ends this submission. */
  async check(): Promise<void> {
    if (this.#now() - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#lookedAt = this.#now();
    if (isStopped(this.#submission, await highestStop(this.#output, this.#keys)))
      throw new Stopped('cancelled');
  }
}
