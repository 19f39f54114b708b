const FIRST_BYTES = 16 << 10;

/** Bytes that are added one after the other, in one piece. Small objects take little, large ones grow by doubling. */
export class GrowingBuffer {
  #buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What was added; good until more is. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2, FIRST_BYTES));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  /** Hands out all bytes and is empty: they belong to the caller from here on. */
  take(): Buffer {
    const taken = this.bytes;
    this.#buffer = Buffer.alloc(0);
    this.#length = 0;
    return taken;
  }
}
