/** What a container takes before its first byte: it is billed from the pull of the image on, a minute at least. */
const START_SECONDS = 60;
/** Decoded bytes a second of one worker: on the safe side, see docs/benchmarks.md. */
export const BYTES_PER_SECOND = 40e6;

/** What shards on the queue that costs more are estimated to come to, against what they may cost. */
export class FallbackBudget {
  readonly #maxCost: number;
  #spent = 0;
  #isSpent = false;

  /** @param maxCost US dollars */
  constructor(maxCost: number) {
    this.#maxCost = maxCost;
  }

  get spent(): number {
    return this.#spent;
  }

  /** A shard was refused. */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /**
   * Takes the shards that it has money for, in their order.
   *
   * @param decoded estimated decoded bytes of each
   * @returns how many: those from there on are for the other queue
   */
  admit(decoded: readonly number[], usdPerSecond: number): number {
    for (const [index, bytes] of decoded.entries()) {
      const cost = (START_SECONDS + bytes / BYTES_PER_SECOND) * usdPerSecond;
      if (this.#spent + cost > this.#maxCost) {
        this.#isSpent = true;
        return index;
      }
      this.#spent += cost;
    }
    return decoded.length;
  }
}
