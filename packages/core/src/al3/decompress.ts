/**
 * Run-length compression: a mark, two hexadecimal digits that count, one byte that is repeated so often. Most senders mark
 * with 0xFA, some with 0xB3; in Latin-1 these are the letters `ú` and `³`, so a mark without digits is text.
 */
export const MARKS = [0xfa, 0xb3] as const;
const [FA, B3] = MARKS;

/** Which marks are taken for escapes: a bit for each of {@link MARKS}. */
export type MarkSet = number;
export const NO_MARKS: MarkSet = 0;
export const ALL_MARKS: MarkSet = 3;

const ESCAPE_BYTES = 4;

/** A place in compressed bytes. */
export interface Cursor {
  readonly at: number;
  /** Of the run whose escape ends at `at`: bytes that were not taken yet. */
  readonly left: number;
}

/** What {@link expand} gave. */
export interface Expansion {
  readonly bytes: Uint8Array;
  /** Behind the last byte taken. */
  readonly end: Cursor;
  /** There was an escape among them. */
  readonly compressed: boolean;
}

export const bitOf = (byte: number): MarkSet => (byte === FA ? 1 : byte === B3 ? 2 : 0);

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const upper = byte & 0xdf;
  return upper >= 0x41 && upper <= 0x46 ? upper - 0x37 : -1;
}

/** How often the byte behind the digits is repeated; 0 where no escape stands at `at`. A run of nothing is none. */
export function runLength(source: Uint8Array, at: number, marks: MarkSet): number {
  if ((bitOf(source[at] ?? 0) & marks) === 0 || at + ESCAPE_BYTES > source.length) return 0;
  const high = hexDigit(source[at + 1] ?? 0);
  const low = hexDigit(source[at + 2] ?? 0);
  return high < 0 || low < 0 ? 0 : high * 16 + low;
}

/** Which marks begin an escape somewhere between `from` and `to`. */
export function marksIn(source: Uint8Array, from: number, to: number): MarkSet {
  const end = Math.min(to, source.length);
  let found: MarkSet = NO_MARKS;
  for (const mark of MARKS) {
    const bit = bitOf(mark);
    for (let at = nextMark(source, from, end, bit); at < end; at = nextMark(source, at + 1, end, bit)) {
      if (runLength(source, at, bit) === 0) continue;
      found |= bit;
      break;
    }
  }
  return found;
}

/** The next `length` bytes from a place on, fewer where the source ends before. */
export function expand(source: Uint8Array, from: Cursor, length: number, marks: MarkSet): Expansion {
  const end = Math.min(from.at + length, source.length);
  if (from.left === 0 && nextMark(source, from.at, end, marks) === end)
    return { bytes: source.subarray(from.at, end), end: { at: end, left: 0 }, compressed: false };
  return expandRuns(source, from, length, marks);
}

/** Where the next mark stands, or `end`. */
function nextMark(source: Uint8Array, from: number, end: number, marks: MarkSet): number {
  let next = end;
  for (const mark of MARKS) {
    if ((bitOf(mark) & marks) === 0) continue;
    const at = source.subarray(from, next).indexOf(mark);
    if (at >= 0) next = from + at;
  }
  return next;
}

function expandRuns(source: Uint8Array, from: Cursor, length: number, marks: MarkSet): Expansion {
  const bytes = new Uint8Array(length);
  let filled = Math.min(from.left, length);
  bytes.fill(source[from.at - 1] ?? 0, 0, filled);
  let left = from.left - filled;
  let { at } = from;
  let compressed = filled > 0;
  while (filled < length && at < source.length) {
    const run = runLength(source, at, marks);
    if (run === 0) {
      // A mark that is text, then everything up to the next one.
      const next = nextMark(source, at + 1, Math.min(at + length - filled, source.length), marks);
      const plain = source.subarray(at, Math.max(next, at + 1));
      bytes.set(plain, filled);
      filled += plain.length;
      at += plain.length;
      continue;
    }
    const taken = Math.min(run, length - filled);
    bytes.fill(source[at + 3] ?? 0, filled, filled + taken);
    filled += taken;
    left = run - taken;
    at += ESCAPE_BYTES;
    compressed = true;
  }
  return { bytes: bytes.subarray(0, filled), end: { at, left }, compressed };
}

/** Most bytes of a source that a group of `length` bytes can take: every byte as a run of one. */
export const mostSourceBytes = (length: number): number => length * ESCAPE_BYTES;

/**
 * Where the byte number `position` of what was expanded stands in its source: at its escape, where it is one of a run.
 *
 * @param left bytes of the first run that were taken before
 */
export function sourcePosition(source: Uint8Array, marks: MarkSet, position: number, left = 0): number {
  let expanded = left;
  for (let at = 0; at < source.length;) {
    const run = runLength(source, at, marks);
    expanded += Math.max(run, 1);
    if (expanded > position) return at;
    at += run === 0 ? 1 : ESCAPE_BYTES;
  }
  return source.length;
}
