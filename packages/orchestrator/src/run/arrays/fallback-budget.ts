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
   * @param costs estimate of each
   * @returns how many: those from there on are for the other queue
   */
  admit(costs: readonly number[]): number {
    for (const [index, cost] of costs.entries()) {
      if (this.#spent + cost > this.#maxCost) {
        this.#isSpent = true;
        return index;
      }
      this.#spent += cost;
    }
    return costs.length;
  }
}
