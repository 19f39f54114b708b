import { decode, sniff, SNIFF_BYTES, type DecodedChunk, type PlannedInput, type Storage } from '@winnow/core';
import { equalChunks, STORED_CHUNK_BYTES } from './equal-chunks.ts';

export interface DecodedBytesOptions {
  /** Largest zstd window that fits into the process. */
  readonly maxWindowBytes: number;
  /** Called with every chunk: may throw where the work has to stop. */
  readonly onChunk: () => void;
}

/**
 * Bytes of a pinned input at offsets of its decoded text. A plain input gives just them; a compressed one is decoded once, as
 * far as the last of them, where the offsets rise.
 */
export class DecodedBytes {
  readonly #source: Storage;
  readonly #input: PlannedInput;
  readonly #options: DecodedBytesOptions;
  #isPlain: boolean | undefined;
  #decoded: AsyncGenerator<DecodedChunk> | undefined;
  #failure: { readonly error: unknown } | undefined;
  /** What was decoded and not passed over yet, and the offset of its first byte. */
  #open: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(source: Storage, input: PlannedInput, options: DecodedBytesOptions) {
    this.#source = source;
    this.#input = input;
    this.#options = options;
  }

  /**
   * Fills `target` with the bytes from `offset` on.
   *
   * @returns false where the input ends before
   */
  async read(offset: number, target: Uint8Array): Promise<boolean> {
    this.#isPlain ??= await this.#looksPlain();
    if (this.#isPlain) return this.#readPlain(offset, target);
    if (!this.#decoded || offset < this.#at) await this.#begin();
    for (let filled = 0; ;) {
      const skipped = Math.min(Math.max(0, offset + filled - this.#at), this.#open.length);
      const taken = this.#open.subarray(skipped, skipped + target.length - filled);
      target.set(taken, filled);
      filled += taken.length;
      // From its first byte on: the next record may begin in what this one has left.
      this.#open = this.#open.subarray(skipped + taken.length);
      this.#at += skipped + taken.length;
      if (filled === target.length) return true;
      if (!(await this.#next())) return false;
    }
  }

  async end(): Promise<void> {
    await this.#decoded?.return(undefined);
    this.#decoded = undefined;
  }

  async #looksPlain(): Promise<boolean> {
    const head: Uint8Array[] = [];
    for await (const chunk of this.#source.read(this.#input.key, {
      ...{ start: 0, end: Math.min(SNIFF_BYTES, this.#input.size) },
      pin: this.#input.pin,
    }))
      head.push(Uint8Array.from(chunk));
    return sniff(Buffer.concat(head)).kind === 'none';
  }

  async #readPlain(offset: number, target: Uint8Array): Promise<boolean> {
    const { key, size, pin } = this.#input;
    const end = offset + target.length;
    if (end > size) return false;
    let filled = 0;
    for await (const chunk of this.#source.read(key, { start: offset, end, pin })) {
      this.#options.onChunk();
      target.set(chunk, filled);
      filled += chunk.length;
    }
    return filled === target.length;
  }

  async #begin(): Promise<void> {
    await this.end();
    const { key, pin } = this.#input;
    // As they were cut when the record was found: a damaged stream gives the same bytes before its damage shows.
    const stored = equalChunks(this.#source.read(key, { pin }), STORED_CHUNK_BYTES);
    this.#decoded = decode(stored, { maxWindowBytes: this.#options.maxWindowBytes });
    this.#failure = undefined;
    this.#open = new Uint8Array(0);
    this.#at = 0;
  }

  async #next(): Promise<boolean> {
    if (this.#failure) throw this.#failure.error;
    try {
      const next = await this.#decoded?.next();
      if (next === undefined || next.done === true) return false;
      this.#open = next.value.bytes;
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
    this.#options.onChunk();
    return true;
  }
}
