import { textFault } from '@winnow/kernel';
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, LINE_FEED, OPEN_BRACKET, SPACE } from '../json-bytes.ts';
import { lineFault, placeBehind, type ArrayLine, type ArrayPlace } from './array-line-order.ts';
import { markLength, skipSpace, trimmedEnd } from './json-space.ts';
import type { TextNotes } from './text-notes.ts';

/** A comma with more white space behind it than this is no separator: that much is held at most. */
const MAX_HELD_BYTES = 2 ** 20;

export interface ArrayLinesOptions {
  /** Decoded offset of the first byte, which begins a line. */
  readonly offset: number;
  /** What follows the bytes, where that is not the input's end. */
  readonly behind?: (offset: number) => AsyncIterable<Uint8Array>;
  /** The text ends before the input does: what is open at its end is no fault. */
  readonly isCut: boolean;
}

interface Piece {
  readonly bytes: Uint8Array;
}

/**
 * Lines, of the same length, of a JSON array that has an element a line: the comma behind an element becomes a space,
 * and so do the lines of the brackets. Each line stands for itself, so a byte range of the text gives the same as the
 * same bytes within the whole; what is wrong between two lines is told by whoever has the first of them.
 *
 * The first chunk must hold a byte order mark whole.
 */
export async function* arrayLines(
  chunks: AsyncIterable<Piece>,
  notes: TextNotes,
  options: ArrayLinesOptions,
): AsyncGenerator<Piece, void, void> {
  const lines = new ArrayLines(notes, options.offset);
  for await (const { bytes } of chunks) yield* lines.add(bytes);
  yield* lines.end();
  if (options.isCut) return;
  const offset = lines.offset;
  const next = options.behind ? await nextLine(options.behind(offset)) : { line: 'end' as const, skipped: 0 };
  lines.judge(next.line, offset + next.skipped, next.bracket);
}

class ArrayLines {
  readonly #notes: TextNotes;
  #place: ArrayPlace;
  /** Of the byte that comes next. */
  #offset: number;
  /** Of the open line's first and last byte that are no white space, and what they are. */
  #first: { readonly offset: number; readonly byte: number } | undefined;
  #last = { offset: 0, byte: 0 };
  /** The open line from its last byte on, where its end decides what becomes of that. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(notes: TextNotes, offset: number) {
    this.#notes = notes;
    this.#offset = offset;
    this.#place = offset === 0 ? 'outside' : 'unknown';
  }

  get offset(): number {
    return this.#offset;
  }

  *add(chunk: Uint8Array): Generator<Piece> {
    const bytes = Uint8Array.from(chunk);
    let at = this.#offset === 0 ? markLength(bytes) : 0;
    while (at < bytes.length) {
      const found = bytes.indexOf(LINE_FEED, at);
      const end = found < 0 ? bytes.length : found;
      const first = skipSpace(bytes, at, end);
      if (first < end) {
        yield* this.#letGo();
        this.#seeContent(bytes, first, trimmedEnd(bytes, first, end) - 1);
      }
      if (found < 0) break;
      yield* this.#endLine(bytes, found);
      at = found + 1;
    }
    yield* this.#give(bytes, at);
    this.#offset += bytes.length;
  }

  /** A last line may end without a line feed. */
  *end(): Generator<Piece> {
    yield* this.#endLine(undefined, 0);
  }

  /** Notes what is wrong with a line, if anything is, and goes on behind it. */
  judge(line: ArrayLine, offset: number, bracket?: number): void {
    const fault = lineFault(this.#place, line);
    if (fault) {
      const bytes = bracket === undefined ? new Uint8Array(0) : Uint8Array.of(bracket);
      this.#notes.addFault(textFault(offset, bytes, fault));
    }
    if (line !== 'end') this.#place = placeBehind(line);
  }

  #seeContent(bytes: Uint8Array, first: number, last: number): void {
    this.#first ??= { offset: this.#offset + first, byte: bytes[first] ?? 0 };
    this.#last = { offset: this.#offset + last, byte: bytes[last] ?? 0 };
  }

  /** What the open line is, if it ends now. */
  #lineNow(): { line: Exclude<ArrayLine, 'end'>; bracket?: number } {
    const { byte, offset } = this.#last;
    const isAlone = offset === this.#first?.offset;
    if (isAlone && byte === OPEN_BRACKET) return { line: 'opening', bracket: byte };
    if (isAlone && byte === CLOSE_BRACKET) return { line: 'closing', bracket: byte };
    if (byte === COMMA) return { line: 'element-comma' };
    return { line: byte === CLOSE_BRACE ? 'element' : 'damaged' };
  }

  /** The line feed at `at` of `bytes` ends the line; without bytes the input does. */
  *#endLine(bytes: Uint8Array | undefined, at: number): Generator<Piece> {
    if (this.#first) {
      const { line, bracket } = this.#lineNow();
      const lengthBehind = (bytes ? this.#offset + at : this.#offset) - this.#last.offset;
      const isAlone = this.#last.offset === this.#first.offset;
      this.judge(line, this.#first.offset, bracket);
      // A comma alone stays: it is an element that is none.
      const goes = bracket !== undefined || (line === 'element-comma' && !isAlone);
      if (goes && lengthBehind <= MAX_HELD_BYTES) {
        this.#blank(this.#last.offset, bytes);
        if (bracket !== undefined && bytes) bytes[at] = SPACE;
      }
    }
    this.#first = undefined;
    yield* this.#letGo();
  }

  /** Makes the line's last byte a space: it is the first that is held, or in this chunk. */
  #blank(offset: number, bytes: Uint8Array | undefined): void {
    const [held] = this.#held;
    if (held) held[0] = SPACE;
    else if (bytes) bytes[offset - this.#offset] = SPACE;
  }

  *#letGo(): Generator<Piece> {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const bytes of held) yield { bytes };
  }

  /** Gives a chunk but for what the end of the open line, which has bytes of it from `open` on, decides. */
  *#give(bytes: Uint8Array, open: number): Generator<Piece> {
    if (this.#held.length > 0) {
      this.#hold(bytes);
      if (this.#heldBytes > MAX_HELD_BYTES) yield* this.#letGo();
      return;
    }
    const last = this.#last.offset - this.#offset;
    const { line, bracket } = this.#lineNow();
    const waits =
      this.#first !== undefined && last >= open && (bracket !== undefined || line === 'element-comma');
    const end = waits ? last : bytes.length;
    if (end > 0) yield { bytes: bytes.subarray(0, end) };
    if (waits) this.#hold(bytes.subarray(end));
  }

  #hold(bytes: Uint8Array): void {
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }
}

interface NextLine {
  readonly line: ArrayLine;
  /** Bytes before its first that is no white space. */
  readonly skipped: number;
  readonly bracket?: number;
}

/** What the line that these bytes bring first is. Whether it ends in a comma does not matter. */
async function nextLine(chunks: AsyncIterable<Uint8Array>): Promise<NextLine> {
  let skipped = 0;
  let bracket: number | undefined;
  const alone = (): NextLine =>
    bracket === undefined
      ? { line: 'end', skipped }
      : { line: bracket === OPEN_BRACKET ? 'opening' : 'closing', skipped, bracket };
  for await (const bytes of chunks) {
    let at = 0;
    if (bracket === undefined) {
      at = skipSpace(bytes, 0);
      skipped += at;
      const first = bytes[at];
      if (first === undefined) continue;
      if (first !== OPEN_BRACKET && first !== CLOSE_BRACKET) return { line: 'element', skipped };
      bracket = first;
      at++;
    }
    const found = bytes.indexOf(LINE_FEED, at);
    const end = found < 0 ? bytes.length : found;
    if (skipSpace(bytes, at, end) < end) return { line: 'element', skipped };
    if (found >= 0) return alone();
  }
  return alone();
}
