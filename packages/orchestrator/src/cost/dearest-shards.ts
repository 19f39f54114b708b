import { REPORT_LIST_ENTRIES, type RunCost } from '@winnow/core';

export type ShardCost = NonNullable<RunCost['shards']>[number];

const byCost = (a: ShardCost, b: ShardCost): number => b.usd - a.usd || a.shard - b.shard;

/** The shards of a run that cost most, the dearest first: a report's list of them. */
export class DearestShards {
  readonly #most: number;
  readonly #shards: ShardCost[] = [];

  constructor(most: number = REPORT_LIST_ENTRIES) {
    this.#most = most;
  }

  get list(): readonly ShardCost[] {
    return this.#shards;
  }

  add(shard: ShardCost): void {
    const last = this.#shards[this.#most - 1];
    if (last !== undefined && byCost(last, shard) <= 0) return;
    const at = this.#shards.findIndex((other) => byCost(shard, other) < 0);
    this.#shards.splice(at === -1 ? this.#shards.length : at, 0, shard);
    this.#shards.length = Math.min(this.#shards.length, this.#most);
  }
}
