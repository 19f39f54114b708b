import {
  ALL_MARKS,
  bitOf,
  expand,
  marksIn,
  MARKS,
  mostSourceBytes,
  NO_MARKS,
  type Cursor,
  type MarkSet,
} from './decompress.ts';
import { textOf } from './latin1-text.ts';
import { groupLength, HEADER_START, parseGroupHeader } from './group-header.ts';
import type { SourceGroup, Stray } from './group.ts';

/** Takes what an input is made of, in order and without gaps. */
export interface GroupSink {
  group(group: SourceGroup): void;
  /** Bytes that are no group; those that follow each other may come in several calls. */
  stray(stray: Stray): void;
  /** Bytes between groups: CR, LF, blanks, NUL, 0x1A; a byte order mark at the very start. */
  space(offset: number, bytes: Uint8Array): void;
}

const MOST_GROUP_BYTES = 999;
/**
 * What is decided about a byte looks no further than so many bytes ahead: a group, compressed as badly as can be, separators,
 * the header behind it. So it does not depend on how the input is cut into chunks.
 */
const AHEAD = 8192;
const CR = 0x0d;
const LF = 0x0a;
/** What usually stands between groups. */
const PLAIN = ['', '\r\n', '\n', '\r'];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

const isSeparator = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === CR || byte === LF || byte === 0 || byte === 0x1a;

/** A way to read the group in hand. */
interface Reading {
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly marks: MarkSet;
  readonly end: Cursor;
  /** What stands between it and the header behind it, or the end of the input; undefined where neither follows. */
  readonly separators: string | undefined;
}

/**
 * Splits an input into groups by their lengths, whatever stands between them and whether they are compressed.
 *
 * A mark may be an escape or text, and both readings may be possible for some bytes. The one is right under which the
 * lengths come out right: behind the group stands another header, or nothing. Where several do, that which was right
 * before is taken; in a file without escapes so far the one behind which nothing but a line end stands, for blanks at the end
 * of a group look like separators; else text, for nobody compresses runs of four.
 */
export class GroupSplitter {
  readonly #sink: GroupSink;
  #buffer: Uint8Array = new Uint8Array(0);
  /** In `#buffer`, of the byte that comes next. */
  #cursor: Cursor = { at: 0, left: 0 };
  /** In the input, of the first byte of `#buffer`. */
  #base: number;
  #ended = false;
  /** Marks that were found to be escapes. */
  #marks: MarkSet = NO_MARKS;
  /** No group was told yet. */
  #isFirst = true;
  /** What stands here is no group: the next one is looked for. */
  #lost = false;
  #atStart: boolean;

  /** @param offset of the first byte that will be pushed */
  constructor(sink: GroupSink, offset = 0) {
    this.#sink = sink;
    this.#base = offset;
    this.#atStart = offset === 0;
  }

  /** Takes a chunk; its bytes are copied. */
  push(chunk: Uint8Array): void {
    const { at } = this.#cursor;
    // One byte stays in front: what a run that goes on repeats.
    const kept = Math.max(at - 1, 0);
    this.#buffer = Buffer.concat([this.#buffer.subarray(kept), chunk]);
    this.#base += kept;
    this.#cursor = { ...this.#cursor, at: at - kept };
    this.#split();
  }

  /** The input has ended: all of it is told now. */
  end(): void {
    this.#ended = true;
    this.#split();
  }

  get #open(): number {
    return this.#buffer.length - this.#cursor.at;
  }

  #split(): void {
    while ((this.#open > 0 || this.#cursor.left > 0) && (this.#ended || this.#open >= AHEAD)) {
      if (this.#atStart) this.#skipByteOrderMark();
      if (this.#lost) this.#findGroup();
      else if (!this.#skipSeparators()) this.#takeGroup();
    }
  }

  #skipByteOrderMark(): void {
    this.#atStart = false;
    if (BYTE_ORDER_MARK.every((byte, index) => this.#buffer[this.#cursor.at + index] === byte))
      this.#space(BYTE_ORDER_MARK.length);
  }

  #space(length: number): void {
    const { at } = this.#cursor;
    this.#sink.space(this.#base + at, this.#buffer.subarray(at, at + length));
    this.#cursor = { at: at + length, left: 0 };
  }

  /** True where there were any. */
  #skipSeparators(): boolean {
    const { at, left } = this.#cursor;
    if (left > 0 && isSeparator(this.#buffer[at - 1])) this.#cursor = { at, left: 0 };
    const end = separatorsEnd(this.#buffer, this.#cursor, this.#marks);
    if (end === at) return false;
    this.#space(end - at);
    return true;
  }

  #takeGroup(): void {
    const reading = this.#read(this.#cursor);
    if (!reading) this.#lost = true;
    else this.#tell(reading);
  }

  /** The group that begins here, in the way that comes out right, else in the likeliest; undefined where none begins. */
  #read(from: Cursor): Reading | undefined {
    const source = this.#buffer.subarray(0, from.at + AHEAD);
    const known = readGroup(source, from, this.#marks);
    const isSure = this.#marks !== NO_MARKS || marksIn(source, from.at, known?.end.at ?? 0) === NO_MARKS;
    if (known?.separators !== undefined && isSure) return known;
    let best = known;
    for (const marks of otherMarks(source, from, this.#marks)) {
      const reading = readGroup(source, from, marks);
      if (reading && (!best || this.#isBetter(reading, best))) best = reading;
    }
    return best;
  }

  /** Whether the lengths come out better in this one; at the very start of an input escapes are likelier than text. */
  #isBetter(reading: Reading, than: Reading): boolean {
    const [one, other] = [rankOf(reading), rankOf(than)];
    if (one !== other) return one > other;
    return one > 0 && this.#isFirst && reading.end.at !== than.end.at;
  }

  #tell({ length, bytes, marks, end }: Reading): void {
    this.#isFirst = false;
    const { at, left } = this.#cursor;
    const told = endsInLine(bytes) ? bytes.subarray(0, -2) : bytes;
    const source = this.#buffer.subarray(at, end.at);
    // A set under which nothing was expanded says nothing about marks.
    const used = marksIn(source, 0, source.length) & marks;
    this.#marks |= used;
    this.#sink.group({
      header: parseGroupHeader(told),
      offset: this.#base + at,
      length,
      bytes: told,
      source,
      marks: used,
      carried: Math.min(left, bytes.length),
      cut: bytes.length < length,
    });
    this.#cursor = end;
  }

  /** Passes over what is no group, up to one that another follows, as far as is known now. */
  #findGroup(): void {
    const { at, left } = this.#cursor;
    // The rest of a run: its escape stood in the group before.
    if (left > 0) this.#sink.stray({ offset: this.#base + at, bytes: this.#buffer.subarray(at, at) });
    const last = this.#ended ? this.#buffer.length : this.#buffer.length - AHEAD + 1;
    let found = at;
    for (; found < last; found++) {
      // A header that is compressed itself is not looked for: any mark could begin one.
      if (groupLength(this.#buffer, found) === 0) continue;
      if (this.#read({ at: found, left: 0 })?.separators === undefined) continue;
      this.#lost = false;
      break;
    }
    if (found > at) this.#sink.stray({ offset: this.#base + at, bytes: this.#buffer.subarray(at, found) });
    this.#cursor = { at: found, left: 0 };
  }
}

/** Other sets of marks that the bytes here read differently under, the likeliest first. */
function otherMarks(source: Uint8Array, { at }: Cursor, known: MarkSet): MarkSet[] {
  const mayBegin = groupLength(source, at) > 0 || marksIn(source, at, at + HEADER_START) > 0;
  if (!mayBegin) return [];
  const present = marksIn(source, at, Math.min(at + mostSourceBytes(MOST_GROUP_BYTES), source.length));
  const sets = [NO_MARKS, ...MARKS.map(bitOf), ALL_MARKS].map((marks) => marks & present);
  return [...new Set(sets)].filter((marks) => marks !== (known & present));
}

function readGroup(source: Uint8Array, from: Cursor, marks: MarkSet): Reading | undefined {
  const length = groupLength(expand(source, from, HEADER_START, marks).bytes);
  if (length === 0) return undefined;
  const { bytes, end } = expand(source, from, length, marks);
  return {
    length,
    bytes,
    marks,
    end,
    separators: bytes.length === length ? separatorsBehind(source, end, marks) : undefined,
  };
}

/** How well what stands behind a group goes with its length. */
const rankOf = ({ separators }: Reading): number =>
  separators === undefined ? 0 : PLAIN.includes(separators) ? 2 : 1;

function separatorsBehind(source: Uint8Array, end: Cursor, marks: MarkSet): string | undefined {
  const next = end.left > 0 ? end : { at: separatorsEnd(source, end, marks), left: 0 };
  const separators = textOf(source, end.at, next.at);
  if (next.left === 0 && next.at >= source.length) return separators;
  const isHeader = groupLength(expand(source, next, HEADER_START, marks).bytes) > 0;
  return isHeader ? separators : undefined;
}

/** Behind the separators; these may be compressed too. */
function separatorsEnd(source: Uint8Array, { at }: Cursor, marks: MarkSet): number {
  let end = at;
  for (;;) {
    while (isSeparator(source[end])) end++;
    if ((bitOf(source[end] ?? 0) & marks) === 0 || !isSeparatorRun(source, end, marks)) return end;
    end += 4;
  }
}

const isSeparatorRun = (source: Uint8Array, at: number, marks: MarkSet): boolean =>
  marksIn(source, at, at + 1) === (bitOf(source[at] ?? 0) & marks) && isSeparator(source[at + 3]);

const endsInLine = (bytes: Uint8Array): boolean => bytes.at(-2) === CR && bytes.at(-1) === LF;
