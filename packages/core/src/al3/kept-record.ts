import { createHash, hash, type Hash } from 'node:crypto';
import { KEPT_BYTES } from '@winnow/kernel';

/** What quarantine keeps of a record's bytes. */
export interface KeptBytes {
  /** The first MiB. */
  readonly raw: Uint8Array;
  readonly rawLength: number;
  /** Of all its bytes, in hexadecimal. */
  readonly sha256: string;
}

/** The bytes of a record as it comes: all of them up to a limit, then no more than quarantine keeps. */
export class KeptRecord {
  readonly offset: number;
  readonly #limit: number;
  #pieces: Uint8Array[] = [];
  #length = 0;
  /** Bytes in `#pieces`. */
  #kept = 0;
  #hash: Hash | undefined;

  constructor(offset: number, limit: number) {
    this.offset = offset;
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  /** It is longer than the limit: nobody may hold on to what is in it. */
  get isTooLong(): boolean {
    return this.#length > this.#limit;
  }

  add(piece: Uint8Array): void {
    this.#length += piece.length;
    this.#hash?.update(piece);
    const room = this.#hash ? KEPT_BYTES - this.#kept : Infinity;
    if (room > 0) this.#keep(piece.subarray(0, room));
    if (this.#hash || !this.isTooLong) return;
    const bytes = Buffer.concat(this.#pieces);
    this.#hash = createHash('sha256').update(bytes);
    this.#pieces = [];
    this.#kept = 0;
    this.#keep(Buffer.from(bytes.subarray(0, KEPT_BYTES)));
  }

  #keep(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#kept += piece.length;
  }

  finish(): KeptBytes {
    const bytes = Buffer.concat(this.#pieces);
    return {
      raw: bytes.subarray(0, KEPT_BYTES),
      rawLength: this.#length,
      sha256: this.#hash?.digest('hex') ?? hash('sha256', bytes),
    };
  }
}
