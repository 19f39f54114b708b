import { createHash } from 'node:crypto';
import { type BadRecord, KEPT_BYTES, tooLongDetail } from './bad-records.ts';

/** A record that outgrew its limit before its end came: only its length, hash and first MiB are kept. */
export class LongRecord {
  readonly #offset: number;
  readonly #line: number;
  readonly #maxRecordBytes: number;
  readonly #hash = createHash('sha256');
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #length = 0;

  constructor(offset: number, line: number, maxRecordBytes: number) {
    this.#offset = offset;
    this.#line = line;
    this.#maxRecordBytes = maxRecordBytes;
  }

  /** Takes its next bytes; they are copied where they are kept. */
  add(bytes: Uint8Array): void {
    const kept = Buffer.from(bytes.subarray(0, KEPT_BYTES - this.#keptBytes));
    this.#kept.push(kept);
    this.#keptBytes += kept.length;
    this.#hash.update(bytes);
    this.#length += bytes.length;
  }

  /** Its end has come. */
  finish(): BadRecord {
    return {
      offset: this.#offset,
      line: this.#line,
      reason: 'record-too-long',
      detail: tooLongDetail(this.#length, this.#maxRecordBytes),
      raw: Uint8Array.from(Buffer.concat(this.#kept)),
      rawLength: this.#length,
      sha256: this.#hash.digest('hex'),
    };
  }
}
