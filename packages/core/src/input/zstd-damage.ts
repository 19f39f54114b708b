import {
  BLOCK_HEADER_BYTES,
  blockHeader,
  CHECKSUM_BYTES,
  RAW_BLOCK,
  RESERVED_BLOCK,
  RLE_BLOCK,
  type BlockHeader,
} from './zstd-format.ts';

/**
 * Damage to a header can make decoding lose its place. Compressed blocks then fail, but raw and RLE ones hold
 * anything, so that a damaged frame may look like one that was cut, with wrong bytes in it. Two signs together tell:
 *
 * - a raw or RLE block that is not full, which encoders write only where they were told to flush, and
 * - the file still ends as a frame does: some last block in it is followed by a checksum and nothing more; or an RLE
 *   block of that kind is the very last thing in it, as a frame's checksum read as a block would be.
 *
 * A file that was really cut shows both by chance only; then too much is refused, never too much kept.
 */
export class DamageSigns {
  readonly #maxBlockBytes: number;
  #oddAt: number | undefined;
  #oddRleEnd = -1;
  #last: BlockHeader | undefined;

  constructor(maxBlockBytes: number) {
    this.#maxBlockBytes = maxBlockBytes;
  }

  /** Takes note of a block that began at a stored offset. */
  see(block: BlockHeader, storedOffset: number): void {
    const odd = (block.type === RAW_BLOCK || block.type === RLE_BLOCK) && block.size < this.#maxBlockBytes;
    if (block.last) this.#last = block;
    if (block.last || !odd) return;
    this.#oddAt ??= storedOffset;
    if (block.type === RLE_BLOCK) this.#oddRleEnd = storedOffset + block.length;
  }

  /**
   * What the frame's last block gave, where nothing but the checksum, which is cut, could vouch for it: with one bit
   * flipped in its header, a raw block takes in the checksum's bytes.
   */
  unvouched(): { readonly stored: number; readonly decoded: number } {
    const block = this.#last;
    if (block === undefined || (block.type !== RAW_BLOCK && block.type !== RLE_BLOCK))
      return { stored: 0, decoded: 0 };
    return { stored: block.length, decoded: block.size };
  }

  /** Whether a frame that seems cut is damaged. `tail`: the last stored bytes, which end at `storedEnd`. */
  tellDamage(tail: Uint8Array, storedEnd: number): boolean {
    if (this.#oddAt === undefined) return false;
    if (this.#oddRleEnd === storedEnd) return true;
    const first = Math.max(0, tail.length - (storedEnd - this.#oddAt));
    for (let at = first; at + BLOCK_HEADER_BYTES + CHECKSUM_BYTES <= tail.length; at++) {
      const block = blockHeader(tail, at);
      const fits = block.type !== RESERVED_BLOCK && block.size <= this.#maxBlockBytes;
      if (block.last && fits && at + block.length + CHECKSUM_BYTES === tail.length) return true;
    }
    return false;
  }
}
