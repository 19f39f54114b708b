const FIRST_SLOTS = 1024;

/**
 * Flags of names, in memory that does not grow with their lengths: nine bytes a slot of an open-addressing table, at
 * most two thirds full, known by 64 bits of hash. Two among a million names have the same hash once in 30 million
 * archives, so whoever asks must be able to live with that.
 */
export class NameFlags {
  #slots = FIRST_SLOTS;
  #used = 0;
  #hashes = new Uint32Array(2 * FIRST_SLOTS);
  #flags = new Uint8Array(FIRST_SLOTS);
  #low = 0;
  #high = 0;

  /** 0 for a name without any. */
  of(name: string): number {
    this.#hash(name);
    return this.#flags[this.#find(this.#low, this.#high)] ?? 0;
  }

  /** @param flags from 1 to 255, added to those that the name has. */
  add(name: string, flags: number): void {
    if (this.#used * 3 >= this.#slots * 2) this.#grow();
    this.#hash(name);
    this.#put(this.#low, this.#high, flags);
  }

  #put(low: number, high: number, flags: number): void {
    const slot = this.#find(low, high);
    const before = this.#flags[slot] ?? 0;
    if (before === 0) this.#used++;
    this.#hashes[2 * slot] = low;
    this.#hashes[2 * slot + 1] = high;
    this.#flags[slot] = before | flags;
  }

  /** The slot of the hash, or the free one that it would get. */
  #find(low: number, high: number): number {
    const mask = this.#slots - 1;
    let slot = low & mask;
    while (this.#flags[slot] !== 0 && (this.#hashes[2 * slot] !== low || this.#hashes[2 * slot + 1] !== high))
      slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [hashes, flags] = [this.#hashes, this.#flags];
    this.#slots *= 2;
    this.#used = 0;
    this.#hashes = new Uint32Array(2 * this.#slots);
    this.#flags = new Uint8Array(this.#slots);
    for (let slot = 0; slot < flags.length; slot++) {
      const known = flags[slot] ?? 0;
      if (known !== 0) this.#put(hashes[2 * slot] ?? 0, hashes[2 * slot + 1] ?? 0, known);
    }
  }

  /** Two lanes of multiplication, each mixed with the other as MurmurHash3 ends: fast, well spread, no secret. */
  #hash(name: string): void {
    let low = 0xdeadbeef;
    let high = 0x41c6ce57;
    for (let at = 0; at < name.length; at++) {
      const unit = name.charCodeAt(at);
      low = Math.imul(low ^ unit, 0x9e3779b1);
      high = Math.imul(high ^ unit, 0x5f356495);
    }
    low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
    high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
    this.#low = low >>> 0;
    this.#high = high >>> 0;
  }
}
