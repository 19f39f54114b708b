import { countOf } from '../report/figures.ts';
import type { FailedShard } from './run-place.ts';

/** Shards that failed in one way: what holds for all of them fails a million at once, and is one thing to know. */
interface FailureGroup {
  readonly cause: string;
  readonly message: string;
  /** The first of them. */
  readonly shards: number[];
  count: number;
}

/** Ways that are told apart; of the shards beyond them only the number is. */
const MAX_GROUPS = 20;
const NAMED_SHARDS = 10;

/** Shards that were given up. */
export class FailedShards {
  readonly #groups = new Map<string, FailureGroup>();
  #total = 0;
  #ungrouped = 0;

  get total(): number {
    return this.#total;
  }

  add({ shard, cause, message }: FailedShard): void {
    // Of a cancelled run: nothing is wrong with it, it is to be gone on with.
    if (cause === 'cancelled') return;
    this.#total++;
    const key = `${cause}: ${message}`;
    const group = this.#groups.get(key) ?? { cause, message, shards: [], count: 0 };
    if (!this.#groups.has(key) && this.#groups.size === MAX_GROUPS) {
      this.#ungrouped++;
      return;
    }
    this.#groups.set(key, group);
    group.count++;
    if (group.shards.length < NAMED_SHARDS) group.shards.push(shard);
  }

  /** A line for each way that they failed in. */
  lines(): string[] {
    const lines = [...this.#groups.values()].map(
      (group) => `${shardsText(group)} failed (${group.cause}): ${group.message}`,
    );
    return this.#ungrouped > 0 ? [...lines, `${countOf(this.#ungrouped, 'more shard')} failed`] : lines;
  }
}

function shardsText({ shards, count }: FailureGroup): string {
  if (count === 1) return `shard ${shards.join()}`;
  if (count === shards.length) return `shards ${shards.join(', ')}`;
  return `${count} shards (the first of them ${shards.join(', ')})`;
}
