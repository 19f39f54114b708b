import { createHash } from 'node:crypto';

/** How many inputs are sampled to infer the schema and to estimate decoded sizes. */
export const SAMPLED_INPUTS = 64;

interface Candidate<T> {
  readonly rank: string;
  readonly item: T;
}

/**
 * Chooses the inputs whose names have the smallest hashes: the same ones whatever the order of the listing, spread
 * over the whole archive, in memory for as many as are chosen.
 */
export class SampleChoice<T> {
  readonly #limit: number;
  #chosen: Candidate<T>[] = [];

  constructor(limit: number = SAMPLED_INPUTS) {
    this.#limit = limit;
  }

  offer(name: string, item: T): void {
    const rank = createHash('sha256').update(name).digest('hex');
    const last = this.#chosen.at(-1);
    if (this.#chosen.length === this.#limit && last !== undefined && rank >= last.rank) return;
    const at = this.#chosen.findIndex((candidate) => candidate.rank > rank);
    this.#chosen.splice(at < 0 ? this.#chosen.length : at, 0, { rank, item });
    this.#chosen = this.#chosen.slice(0, this.#limit);
  }

  /** By rank. */
  get items(): T[] {
    return this.#chosen.map((candidate) => candidate.item);
  }
}
