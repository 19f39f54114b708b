/** What a run may cost, against what its ended submissions came to and what those under way are estimated to. */
export class RunBudget {
  readonly maxCost: number;
  readonly #underWay = new Map<number, number>();
  #spent: number;

  /**
   * @param maxCost US dollars, as everything here is
   * @param spent by attempts of submissions that ended
   */
  constructor(maxCost: number, spent: number) {
    this.maxCost = maxCost;
    this.#spent = spent;
  }

  get spent(): number {
    return this.#spent;
  }

  /** How many shards there is money for, in their order. @param costs estimate of each */
  affords(costs: readonly number[]): number {
    let sum = [...this.#underWay.values()].reduce((total, usd) => total + usd, this.#spent);
    for (const [index, cost] of costs.entries()) {
      sum += cost;
      if (sum > this.maxCost) return index;
    }
    return costs.length;
  }

  submitted(submission: number, estimate: number): void {
    this.#underWay.set(submission, estimate);
  }

  /** It came to so much, whatever it was estimated to. */
  ended(submission: number, usd: number): void {
    this.#underWay.delete(submission);
    this.#spent += usd;
  }
}
