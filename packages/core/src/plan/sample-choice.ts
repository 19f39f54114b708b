/** How many inputs are sampled to infer the schema and to estimate decoded sizes. */
export const SAMPLED_INPUTS = 64;

interface Candidate<T> {
  readonly rank: number;
  readonly name: string;
  readonly item: T;
}

/**
 * FNV-1a over UTF-16 units, mixed as MurmurHash3 ends: names that differ in one digit lie far apart. Asked for each
 * input of millions, and no secret: a cryptographic hash would take longer than all the rest that is done here.
 */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Equal hashes are put in order by the names: the choice is the same whatever comes first. */
const isBefore = (a: Candidate<unknown>, b: Candidate<unknown>): boolean =>
  a.rank < b.rank || (a.rank === b.rank && a.name < b.name);

/**
 * Chooses the inputs whose names have the smallest hashes: the same ones whatever the order of the listing, spread
 * over the whole archive, in memory for as many as are chosen.
 */
export class SampleChoice<T> {
  readonly #limit: number;
  readonly #chosen: Candidate<T>[] = [];

  constructor(limit: number = SAMPLED_INPUTS) {
    this.#limit = limit;
  }

  offer(name: string, item: T): void {
    const candidate = { rank: hashOf(name), name, item };
    const last = this.#chosen.at(-1);
    if (this.#chosen.length === this.#limit && last !== undefined && !isBefore(candidate, last)) return;
    const at = this.#chosen.findIndex((chosen) => isBefore(candidate, chosen));
    this.#chosen.splice(at < 0 ? this.#chosen.length : at, 0, candidate);
    this.#chosen.length = Math.min(this.#chosen.length, this.#limit);
  }

  /** By rank. */
  get items(): T[] {
    return this.#chosen.map((candidate) => candidate.item);
  }
}
