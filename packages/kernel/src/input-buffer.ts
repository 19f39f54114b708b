import { isUtf8 } from 'node:buffer';
import type { Kernel } from './kernel.ts';

const FIRST_CAPACITY = 1024 * 1024;
/** Up to here room is doubled when it is short. */
const MAX_DOUBLED_CAPACITY = 8 * 1024 * 1024;
const LINE_FEED = 0x0a;

/**
 * Bytes in the kernel's memory that wait to be read: whole lines first, then the start of one whose end has not come.
 *
 * A long line takes room for the longest there may be at once: what nobody writes to is no resident memory, while each
 * smaller place that it had outgrown would stay behind it. When it is read the room goes back to the kernel, for the
 * copies that are made of it now.
 */
export class InputBuffer {
  readonly #kernel: Kernel;
  readonly #maxLineBytes: number;
  #memory: number;
  #capacity = FIRST_CAPACITY;
  /** The first byte that is not read yet. */
  #start: number;
  /** Behind the last line feed. */
  #linesEnd: number;
  #end: number;
  /** Bytes up to here were looked at by `checkUtf8`. */
  #checked: number;
  #isUtf8 = true;

  /** @param maxLineBytes what a line may have before the caller lets go of its bytes */
  constructor(kernel: Kernel, maxLineBytes: number) {
    this.#kernel = kernel;
    this.#maxLineBytes = maxLineBytes;
    this.#memory = kernel.exports.allocate(FIRST_CAPACITY) >>> 0;
    this.#start = this.#linesEnd = this.#end = this.#checked = this.#memory;
  }

  get start(): number {
    return this.#start;
  }
  get linesEnd(): number {
    return this.#linesEnd;
  }
  /** Bytes not read yet. */
  get length(): number {
    return this.#end - this.#start;
  }
  /** A view of the bytes not read yet, valid until the next call into the kernel. */
  get bytes(): Uint8Array {
    return this.#kernel.bytes.subarray(this.#start, this.#end);
  }

  append(bytes: Uint8Array): void {
    if (this.#end + bytes.length > this.#memory + this.#capacity) this.#makeRoom(bytes.length);
    this.#kernel.bytes.set(bytes, this.#end);
    const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const last = view.lastIndexOf(LINE_FEED);
    if (last >= 0) this.#linesEnd = this.#end + last + 1;
    this.#end += bytes.length;
  }

  /** Moves what is left to the front and, where that is not enough, to a larger place. */
  #makeRoom(bytes: number): void {
    const needed = this.length + bytes;
    if (needed <= this.#capacity) {
      this.#moveTo(this.#memory);
      return;
    }
    const doubled = this.#capacity * 2;
    const enough = doubled <= MAX_DOUBLED_CAPACITY ? doubled : this.#maxLineBytes + MAX_DOUBLED_CAPACITY;
    this.#resize(Math.max(needed, enough));
  }

  #resize(capacity: number): void {
    const before = this.#memory;
    this.#capacity = capacity;
    this.#moveTo(this.#kernel.exports.allocate(capacity) >>> 0);
    this.#kernel.exports.release(before);
  }

  #moveTo(to: number): void {
    const from = this.#start;
    this.#kernel.bytes.copyWithin(to, from, this.#end);
    this.#memory = to;
    this.#start = to;
    this.#linesEnd = Math.max(this.#linesEnd - from, 0) + to;
    this.#checked = Math.max(this.#checked - from, 0) + to;
    this.#end += to - from;
  }

  /** Everything up to `pointer` is read or dropped. */
  advance(pointer: number): void {
    this.#start = pointer;
    if (this.#linesEnd < pointer) this.#linesEnd = pointer;
    if (this.#start === this.#end) {
      this.#start = this.#linesEnd = this.#end = this.#checked = this.#memory;
    }
    if (this.#capacity > MAX_DOUBLED_CAPACITY && this.length <= FIRST_CAPACITY) this.#resize(FIRST_CAPACITY);
  }

  /** False where the bytes not read yet, up to `end`, may not be UTF-8. Looks at each byte once. */
  checkUtf8(end = this.#linesEnd): boolean {
    if (this.#checked < this.#start) this.#checked = this.#start;
    if (this.#checked < end) {
      if (this.#checked === this.#start) this.#isUtf8 = true;
      this.#isUtf8 &&= isUtf8(this.#kernel.bytes.subarray(this.#checked, end));
      this.#checked = end;
    }
    return this.#isUtf8;
  }

  dispose(): void {
    this.#kernel.exports.release(this.#memory);
  }
}
