import { createHash } from 'node:crypto';
import { KEPT_BYTES, type TextFault } from '@winnow/kernel';

/** Bytes that may turn out to be bad, piece by piece: their first MiB, length and hash. */
export class KeptBytes {
  readonly #hash = createHash('sha256');
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #length = 0;

  add(bytes: Uint8Array): void {
    const kept = Buffer.from(bytes.subarray(0, KEPT_BYTES - this.#keptBytes));
    this.#kept.push(kept);
    this.#keptBytes += kept.length;
    this.#hash.update(bytes);
    this.#length += bytes.length;
  }

  finish(): Pick<TextFault, 'raw' | 'rawLength' | 'sha256'> {
    return { raw: Buffer.concat(this.#kept), rawLength: this.#length, sha256: this.#hash.digest('hex') };
  }
}
