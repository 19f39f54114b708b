const EMPTY = new Uint8Array(0);

/** How many of the last bytes stay within reach: a zstd block with its header and a checksum. */
const TAIL_BYTES = 128 * 1024 + 3 + 4;

/** Stored bytes, pulled chunk by chunk, with the small reads that headers and trailers need. */
export class StoredReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #recent: Uint8Array[] = [];
  #recentBytes = 0;
  #rest: Uint8Array = EMPTY;
  #offset = 0;
  #ended = false;

  constructor(stored: AsyncIterable<Uint8Array>) {
    this.#chunks = stored[Symbol.asyncIterator]();
  }

  /** Stored bytes taken so far. */
  get offset(): number {
    return this.#offset;
  }

  /** All that is at hand, at least a byte; undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#rest.length === 0) await this.#pull();
    const bytes = this.#rest;
    this.#rest = EMPTY;
    this.#offset += bytes.length;
    return bytes.length === 0 ? undefined : bytes;
  }

  /** Gives back the rest of what {@link next} gave last. */
  unread(rest: Uint8Array): void {
    this.#rest = rest;
    this.#offset -= rest.length;
  }

  /** The next `length` bytes, fewer only at the end. They stay to be taken. */
  async peek(length: number): Promise<Uint8Array> {
    while (this.#rest.length < length && !this.#ended) {
      const before = this.#rest;
      this.#rest = EMPTY;
      await this.#pull();
      if (before.length > 0) this.#rest = Buffer.concat([before, this.#rest]);
    }
    return this.#rest.subarray(0, length);
  }

  /** Takes `length` bytes, fewer only at the end. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.#rest = this.#rest.subarray(bytes.length);
    this.#offset += bytes.length;
    return bytes;
  }

  /** Passes over `length` bytes; tells how many were there. */
  async skip(length: number): Promise<number> {
    let left = length;
    while (left > 0) {
      const bytes = await this.next();
      if (bytes === undefined) break;
      if (bytes.length > left) this.unread(bytes.subarray(left));
      left -= Math.min(bytes.length, left);
    }
    return length - left;
  }

  /** The last bytes that came in, `length` at most (and 128 KiB). */
  tail(length: number): Uint8Array {
    const bytes = Buffer.concat(this.#recent);
    return bytes.subarray(Math.max(0, bytes.length - length));
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#chunks.return?.();
  }

  async #pull(): Promise<void> {
    while (this.#rest.length === 0 && !this.#ended) {
      const step = await this.#chunks.next();
      if (step.done === true) this.#ended = true;
      else this.#take(step.value);
    }
  }

  #take(chunk: Uint8Array): void {
    this.#rest = chunk;
    this.#recent.push(chunk);
    this.#recentBytes += chunk.length;
    for (let first = this.#recent[0]; first !== undefined; first = this.#recent[0]) {
      if (this.#recentBytes - first.length < TAIL_BYTES) break;
      this.#recentBytes -= first.length;
      this.#recent.shift();
    }
  }
}
