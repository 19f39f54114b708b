import type { WaitingShard } from '../run-place.ts';

/** Shards that may become one array: they need the same memory and go to the same queue. */
export interface NextArray {
  readonly shards: readonly number[];
  readonly memoryMiB: number;
  readonly fallback: boolean;
}

/** Where a shard is to go. */
export interface WaitingForArray extends WaitingShard {
  /** To the queue that nobody reclaims from. */
  readonly fallback: boolean;
}

/**
 * Shards that wait to be submitted, a million perhaps: by memory and queue, as numbers. Those that may not begin yet stand
 * aside, and keep no other one from being taken.
 */
export class Waiting {
  readonly #groups = new Map<string, { memoryMiB: number; fallback: boolean; shards: number[] }>();
  #notYet: WaitingForArray[] = [];

  get size(): number {
    return [...this.#groups.values()].reduce((sum, { shards }) => sum + shards.length, this.#notYet.length);
  }

  add(waiting: WaitingForArray): void {
    if (waiting.readyAtMs === undefined) this.#join(waiting);
    else this.#notYet.push(waiting);
  }

  #join({ shard, memoryMiB, fallback }: WaitingForArray): void {
    const key = `${memoryMiB} ${fallback}`;
    const group = this.#groups.get(key) ?? { memoryMiB, fallback, shards: [] };
    this.#groups.set(key, group);
    group.shards.push(shard);
  }

  #joinReady(nowMs: number): void {
    const isReady = ({ readyAtMs = 0 }: WaitingForArray): boolean => readyAtMs <= nowMs;
    for (const waiting of this.#notYet.filter(isReady)) this.#join(waiting);
    this.#notYet = this.#notYet.filter((waiting) => !isReady(waiting));
  }

  /** Takes up to `most` shards of the group that needs the least memory, the lowest numbers first. */
  take(most: number, nowMs: number): NextArray | undefined {
    this.#joinReady(nowMs);
    const groups = [...this.#groups].sort(
      ([, a], [, b]) => a.memoryMiB - b.memoryMiB || Number(a.fallback) - Number(b.fallback),
    );
    const [key, group] = groups[0] ?? [];
    if (key === undefined || group === undefined || most < 1) return undefined;
    const shards = group.shards.sort((a, b) => a - b).splice(0, most);
    if (group.shards.length === 0) this.#groups.delete(key);
    return { shards, memoryMiB: group.memoryMiB, fallback: group.fallback };
  }
}
