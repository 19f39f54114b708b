import { createHash, type Hash } from 'node:crypto';
import { type BadRecord, KEPT_BYTES, tooLongDetail } from './bad-records.ts';

/**
 * A record that outgrew its limit before its end came: only its length, hash and first MiB are kept. White space at
 * its end is no part of it where `trims`, although it counts when its length is judged.
 */
export class LongRecord {
  readonly #offset: number;
  readonly #line: number;
  readonly #maxRecordBytes: number;
  readonly #trims: boolean;
  readonly #hash = createHash('sha256');
  /** Of what ends with the last byte that is no white space. */
  #trimmed: { readonly hash: Hash; readonly length: number } | undefined;
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #length = 0;

  constructor(offset: number, line: number, maxRecordBytes: number, trims: boolean) {
    this.#offset = offset;
    this.#line = line;
    this.#maxRecordBytes = maxRecordBytes;
    this.#trims = trims;
  }

  /** Takes its next bytes; they are copied where they are kept. */
  add(bytes: Uint8Array): void {
    const kept = Buffer.from(bytes.subarray(0, KEPT_BYTES - this.#keptBytes));
    this.#kept.push(kept);
    this.#keptBytes += kept.length;
    const end = this.#trims ? contentEnd(bytes) : 0;
    if (end > 0) {
      this.#hash.update(bytes.subarray(0, end));
      this.#trimmed = { hash: this.#hash.copy(), length: this.#length + end };
    }
    this.#hash.update(bytes.subarray(end));
    this.#length += bytes.length;
  }

  /** Its end has come. */
  finish(): BadRecord {
    const { hash, length } = this.#trimmed ?? { hash: this.#hash, length: this.#length };
    return {
      offset: this.#offset,
      line: this.#line,
      reason: 'record-too-long',
      detail: tooLongDetail(this.#length, this.#maxRecordBytes),
      raw: Uint8Array.from(Buffer.concat(this.#kept).subarray(0, length)),
      rawLength: length,
      sha256: hash.digest('hex'),
    };
  }
}

/** Behind the last byte that is no white space. */
function contentEnd(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && isSpace(bytes[end - 1])) end--;
  return end;
}

/** White space of JSON, which a record begins and ends without. */
export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
