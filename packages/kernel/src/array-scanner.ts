import type { Kernel } from './kernel.ts';

/** What a scan tells besides the lines it makes; the order is that of `assembly/json-array/events.ts`. */
export const SCAN_EVENTS = [
  'array-begins',
  'document-begins',
  'empty-element',
  'trailing-comma',
  'no-records',
  'document-in-document',
  'stray-content',
  'stray-document',
  'stray-key',
  'stray-colon',
  'stray-value',
  'stray-comma',
] as const;
export type ScanEventKind = (typeof SCAN_EVENTS)[number];

export interface ScanEvent {
  readonly kind: ScanEventKind;
  /** Of the byte that it is about, in the bytes that were given. */
  readonly at: number;
}

/** Some bytes of an input as lines: of the same length, each element a line, spaces for what is no part of one. */
export interface ScannedLines {
  readonly bytes: Uint8Array;
  /** A bit, least significant first, for each byte that was a line feed; undefined where none was. */
  readonly lineFeeds: Uint8Array | undefined;
  readonly events: readonly ScanEvent[];
}

/** What is still open: `document` is one that had no array of records yet. */
export type OpenText = 'nothing' | 'array' | 'document' | 'document-with-records';

/** Bytes that the kernel scans at once. */
const PIECE_BYTES = 256 * 1024;
/** What the kernel may touch behind a buffer. */
const SLACK = 64;
const LINE_FEED = 0x0a;
/** Numbers of `assembly/json-array/state.ts`. */
const STRAY = 1;
const FIRST_IN_ARRAY = 2;
const FIRST_IN_DOCUMENT = 4;

/**
 * Turns a JSON array, or several one behind the other, into lines without moving a byte; with a path, the arrays at
 * that path of documents. Takes the bytes of one input in any chunks; to be disposed of.
 *
 * Brackets decide, of which kind they are included; the elements themselves are for the reader to check. A line feed
 * ends a string, for JSON allows none in it.
 */
export class ArrayScanner {
  readonly #kernel: Kernel;
  readonly #scan: number;
  readonly #memory: number;

  constructor(kernel: Kernel, path: readonly string[] = []) {
    const { exports } = kernel;
    this.#kernel = kernel;
    this.#scan = exports.arrayScanNew(path.length) >>> 0;
    path.forEach((key, index) => {
      const bytes = Buffer.from(key);
      const memory = exports.allocate(bytes.length) >>> 0;
      kernel.bytes.set(bytes, memory);
      exports.arrayScanKey(this.#scan, index, memory, bytes.length);
    });
    this.#memory = exports.allocate(PIECE_BYTES + SLACK + PIECE_BYTES / 8 + SLACK) >>> 0;
  }

  /** The next bytes; they stay as they are. */
  scan(chunk: Uint8Array): ScannedLines {
    const bytes = new Uint8Array(chunk.length);
    const lineFeeds = chunk.includes(LINE_FEED) ? new Uint8Array(Math.ceil(chunk.length / 8) + 8) : undefined;
    const events: ScanEvent[] = [];
    const bitmap = this.#memory + PIECE_BYTES + SLACK;
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + PIECE_BYTES);
      this.#kernel.bytes.set(piece, this.#memory);
      const end = this.#memory + piece.length;
      // A stop lies on a whole block, so that the bitmap goes on with a whole byte.
      const stop = this.#kernel.exports.arrayScanRun(this.#scan, this.#memory, end, bitmap) >>> 0;
      const done = stop - this.#memory;
      const memory = this.#kernel.bytes;
      bytes.set(memory.subarray(this.#memory, stop), at);
      lineFeeds?.set(memory.subarray(bitmap, bitmap + Math.ceil(done / 8)), at / 8);
      this.#addEvents(events, at);
      at += done;
    }
    return { bytes, lineFeeds, events };
  }

  get open(): OpenText {
    const [place = 0, found = 0] = this.#words(this.#scan, 2);
    if (place <= STRAY) return 'nothing';
    if (place >= FIRST_IN_DOCUMENT) return found === 0 ? 'document' : 'document-with-records';
    return place >= FIRST_IN_ARRAY ? 'array' : 'nothing';
  }

  dispose(): void {
    this.#kernel.exports.arrayScanFree(this.#scan);
    this.#kernel.exports.release(this.#memory);
  }

  #addEvents(events: ScanEvent[], offset: number): void {
    const [, , count = 0, pointer = 0] = this.#words(this.#scan, 4);
    const words = this.#words(pointer, count * 2);
    for (let i = 0; i < count; i++) {
      const kind = SCAN_EVENTS[words[2 * i] ?? -1];
      if (kind === undefined) throw new Error(`the kernel told of an unknown event ${words[2 * i] ?? ''}`);
      events.push({ kind, at: offset + (words[2 * i + 1] ?? 0) - this.#memory });
    }
  }

  #words(pointer: number, count: number): Uint32Array {
    return new Uint32Array(this.#kernel.exports.memory.buffer, pointer, count);
  }
}
