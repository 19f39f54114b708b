import type { Kernel } from './kernel.ts';

/**
 * Compresses with Snappy, in its raw block format. Equal bytes give equal bytes, on every machine.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export class SnappyCompressor {
  readonly #kernel: Kernel;
  #out = { pointer: 0, room: 0 };

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Bytes in the kernel's memory are compressed where they are. The result is valid until the next call into the kernel. */
  compress(bytes: Uint8Array): Uint8Array {
    const { exports } = this.#kernel;
    const isInside = bytes.buffer === exports.memory.buffer;
    // A view of the kernel's memory forgets where it is once that memory grows.
    const { byteOffset, length } = bytes;
    const room = exports.snappyBound(length) >>> 0;
    if (room > this.#out.room) this.#grow(room);
    const from = isInside ? byteOffset : exports.allocate(length) >>> 0;
    if (!isInside) this.#kernel.bytes.set(bytes, from);
    const compressed = exports.snappyCompress(from, length, this.#out.pointer) >>> 0;
    if (!isInside) exports.release(from);
    return new Uint8Array(exports.memory.buffer, this.#out.pointer, compressed);
  }

  #grow(room: number): void {
    this.dispose();
    this.#out = { pointer: this.#kernel.exports.allocate(room) >>> 0, room };
  }

  /** Gives the memory back to the kernel. Harmless when repeated. */
  dispose(): void {
    if (this.#out.pointer !== 0) this.#kernel.exports.release(this.#out.pointer);
    this.#out = { pointer: 0, room: 0 };
  }
}
