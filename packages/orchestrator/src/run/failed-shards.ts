import type { FailedShard } from './run-place.ts';

/** Kept in full; of more only the number is: a bad configuration fails a million at once. */
const KEPT = 1000;

/** Shards that were given up. */
export class FailedShards {
  readonly first: FailedShard[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add({ shard, cause, message }: FailedShard): void {
    this.#total++;
    if (this.first.length < KEPT) this.first.push({ shard, cause, message });
  }
}
