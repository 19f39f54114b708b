import { shardUnits, type Prices } from '@winnow/core';
import type { ArrayBackend } from '../../backend/array-backend.ts';
import { shardEstimates, type ShardWork } from '../../cost/shard-estimates.ts';
import { spentBy } from '../../cost/spent.ts';
import { US_EAST_1 } from '../../cost/us-east-1.ts';
import { usdText } from '../../cost/usd.ts';
import { allNamed } from '../named-shards.ts';
import type { RunPlace } from '../run-place.ts';
import { decodedOfShard } from './array-progress.ts';
import type { LiveArray } from './live-array.ts';
import { RunBudget } from './run-budget.ts';
import type { NextArray } from './waiting.ts';

type Place = Pick<RunPlace<ArrayBackend>, 'run' | 'output' | 'grouping' | 'ledger' | 'settings' | 'backend'>;

const total = (estimates: readonly number[]): number => estimates.reduce((sum, usd) => sum + usd, 0);

/** What arrays are estimated to cost and, with `--max-cost`, what there is money for. */
export class Spending {
  readonly #place: Place;
  readonly #prices: Prices;
  /** Undefined where the run may cost what it does. */
  #budget: RunBudget | undefined;
  /** Of the first shard that there was no money for, since it was last asked. */
  #tooDear: number | undefined;

  constructor(place: Place) {
    this.#place = place;
    this.#prices = place.settings.prices ?? US_EAST_1;
  }

  /**
   * Sets the limit. What ended submissions came to is read from the records of their attempts; those under way count as
   * estimated.
   */
  async limit(maxCost: number | undefined, live: readonly LiveArray[]): Promise<void> {
    if (maxCost === undefined) return;
    const { output, run } = this.#place;
    const underWay = new Set(live.map(({ submission }) => submission));
    const spent = await spentBy(output, run, this.#prices, (submission) => !underWay.has(submission));
    this.#budget = new RunBudget(maxCost, spent);
    for (const { submission, intent } of live) {
      const work = allNamed(intent.shards).map((shard) => this.#workOf(shard));
      this.#budget.submitted(submission, total(shardEstimates(this.#prices, intent.job, intent.job, work)));
    }
  }

  /** Of each shard, in US dollars. */
  estimates({ shards, memoryMiB, fallback }: NextArray): number[] {
    const { backend } = this.#place;
    const work = shards.map((shard) => this.#workOf(shard));
    return shardEstimates(this.#prices, backend.sizeOf(memoryMiB), backend.billed(fallback), work);
  }

  /** How many of its shards there is money for, in their order. */
  affords(next: NextArray): number {
    if (this.#budget === undefined) return next.shards.length;
    const estimates = this.estimates(next);
    const count = this.#budget.affords(estimates);
    this.#tooDear = estimates[count];
    return count;
  }

  submitted(submission: number, array: NextArray): void {
    this.#budget?.submitted(submission, total(this.estimates(array)));
  }

  /** Its estimate gives way to what its attempts came to. */
  async ended(submission: number): Promise<void> {
    if (this.#budget === undefined) return;
    const { output, run } = this.#place;
    this.#budget.ended(submission, await spentBy(output, run, this.#prices, (n) => n === submission));
  }

  /** Why there was no money for a shard, where that was so when it was last asked. */
  whyNot(): string | undefined {
    if (this.#budget === undefined || this.#tooDear === undefined) return undefined;
    const { spent, maxCost } = this.#budget;
    return (
      `--max-cost allows ${usdText(maxCost)}, about ${usdText(spent)} is spent and the next shard is estimated at ` +
      `${usdText(this.#tooDear)}: nothing more was submitted; the same command again with a higher --max-cost goes on`
    );
  }

  /** Its inputs are its units' share of all. */
  #workOf(shard: number): ShardWork {
    const { grouping, ledger, run } = this.#place;
    const { inputs, units } = run.plan;
    const { count } = shardUnits(grouping, shard);
    const decoded = decodedOfShard(grouping, ledger, shard);
    return { units: count, inputs: (inputs * count) / units, decoded, unitBytes: run.frozen.unitBytes };
  }
}
