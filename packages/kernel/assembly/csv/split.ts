// One record cut into its fields: RFC 4180, section 2, in any dialect.
//
// A quote opens a quoted field where it is the field's first byte; anywhere else in a field without quotes it is text.
// Behind a closing quote the field must end; what else stands there is a fault, and reading goes on to the field's end
// as if it had no quotes. A quote that is not closed before the data ends, or before the record is too long, is a fault
// too: the record then ends with the line on which that quote stands, and the next line is a record of its own.
//
// A record is too long when it has not ended after `maxBytes`. It then ends with the first line end behind them, quoted
// or not. All of this depends on the bytes alone: where more must be seen to decide, the record is incomplete.
import { RECORD_TOO_LONG, TEXT_AFTER_QUOTE, UNCLOSED_QUOTE } from '../ndjson/reasons';
import { CELL_BYTES, Cell, ESCAPED, PLAIN, QUOTED } from './cells';
import { ANY, Dialect, lineEndLength, looksAhead } from './dialect';
import { countLineEnds, nextLineEnd, specialBits, splat } from './scan';

/** What became of a record. */
export const INCOMPLETE: u32 = 0;
export const WHOLE: u32 = 1;
/** It is too long and its end is not there yet. */
export const ENDLESS: u32 = 2;

/** Behind the last byte of the record, without its line end; behind that line end; fields; line ends inside it. */
export let recordEnd: usize = 0;
export let nextRecord: usize = 0;
export let fieldCount: u32 = 0;
export let innerLines: u32 = 0;
/** The first rule that it broke, and where; 0 = none. */
export let faultAt: usize = 0;
export let faultReason: u32 = 0;

/** Delimiters and line ends among the 64 bytes from here on, without those that are done with. */
let windowStart: usize = 0;
let windowBits: u64 = 0;

/** Looks at the bytes from `p` on: to be called wherever the next record does not follow the last one. */
export function seek(dialect: Dialect, p: usize): void {
  windowStart = p;
  windowBits = specialBits(p, splat(dialect.delimiter), splat(dialect.firstEnd), splat(dialect.secondEnd));
}

/** What `closingQuote` passed: escapes, and bytes that line ends may begin with. */
let hasEscapes: bool = false;
let hasLineEnds: i32 = 0;

/** The quote that closes the field whose first byte behind its quote is at `p`; from `stop` on = there is none. */
// @ts-ignore: decorator
@inline
function closingQuote(dialect: Dialect, p: usize, stop: usize): usize {
  const quote = dialect.quote;
  const escape = dialect.escape;
  const quotes = splat(quote);
  const escapes = splat(escape);
  const firstEnds = splat(dialect.firstEnd);
  const secondEnds = splat(dialect.secondEnd);
  hasEscapes = false;
  hasLineEnds = 0;
  let isOpen = true;
  while (isOpen) {
    const bytes = v128.load(p);
    const bits = i8x16.bitmask(v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, escapes)));
    const ends = i8x16.bitmask(v128.or(i8x16.eq(bytes, firstEnds), i8x16.eq(bytes, secondEnds)));
    if (!bits) {
      hasLineEnds |= ends;
      p += 16;
    } else {
      hasLineEnds |= ends & ((bits & -bits) - 1);
      p += ctz(bits);
      const byte: u32 = load<u8>(p);
      const next: u32 = load<u8>(p, 1);
      const isPair = byte == escape && (next == quote || next == escape);
      if (p >= stop || (byte == quote && !isPair)) isOpen = false;
      else {
        p += isPair ? 2 : 1;
        if (isPair) hasEscapes = true;
      }
    }
  }
  return p;
}

/** Notes a fault, unless the record has one already. */
function note(at: usize, reason: u32): void {
  if (faultAt) return;
  faultAt = at;
  faultReason = reason;
}

/** The record is too long: it ends with the first line end from `limit` on. */
function cutLong(dialect: Dialect, limit: usize, end: usize, isLast: bool): u32 {
  const lineEnd = nextLineEnd(dialect, limit);
  if (!isLast && (lineEnd >= end || (lineEnd + 1 == end && looksAhead(dialect, lineEnd)))) return ENDLESS;
  recordEnd = min(lineEnd, end);
  nextRecord = lineEnd < end ? lineEnd + lineEndLength(dialect, lineEnd) : end;
  faultAt = limit - 1;
  faultReason = RECORD_TOO_LONG;
  seek(dialect, nextRecord);
  return WHOLE;
}

/** The quote at `open` is not closed before `limit` or `end`, whichever is first. */
function cutOpen(dialect: Dialect, open: usize, limit: usize, end: usize, isLast: bool): u32 {
  const lineEnd = nextLineEnd(dialect, open);
  const isLong = limit <= end;
  if (lineEnd >= (isLong ? limit : end)) {
    if (isLong) return cutLong(dialect, limit, end, isLast);
    recordEnd = nextRecord = end;
  } else {
    recordEnd = lineEnd;
    nextRecord = lineEnd + lineEndLength(dialect, lineEnd);
  }
  note(open, UNCLOSED_QUOTE);
  seek(dialect, nextRecord);
  return WHOLE;
}

/**
 * Splits the record at `start`, of which the first `fields` fields get their cells. `emptyKind`: what a field without
 * a byte is. `isLast`: the input ends at `end`.
 */
export function splitRecord(
  dialect: Dialect,
  start: usize,
  end: usize,
  isLast: bool,
  maxBytes: u32,
  cells: usize,
  fields: u32,
  emptyKind: u32,
): u32 {
  const limit = start + maxBytes + 1;
  const stop = min(limit, end);
  /** Whether bytes that are not there yet could decide. */
  const isOpen = !isLast && end <= limit;
  const delimiter = dialect.delimiter;
  const quote = dialect.quote;
  const delimiters = splat(delimiter);
  const firstEnds = splat(dialect.firstEnd);
  const secondEnds = splat(dialect.secondEnd);
  const lastCell = cells + <usize>fields * CELL_BYTES;
  let window = windowStart;
  let bits = windowBits;
  let count: u32 = 0;
  let lines: u32 = 0;
  let p = start;
  let at: usize = 0;
  let lineEnd: u32 = 0;
  let isMore = true;
  faultAt = 0;
  while (isMore) {
    let from = p;
    let kind = PLAIN;
    let closed: usize = 0;
    if (<u32>load<u8>(p) == quote) {
      from = p + 1;
      const close = closingQuote(dialect, from, stop);
      if (close >= stop) {
        if (isOpen) return INCOMPLETE;
        innerLines = lines;
        fieldCount = count + 1;
        return cutOpen(dialect, p, limit, end, isLast);
      }
      kind = hasEscapes ? ESCAPED : QUOTED;
      if (hasLineEnds) lines += countLineEnds(dialect, from, close);
      closed = close + 1;
      const skipped = closed - window;
      if (skipped < 64) bits &= ~(<u64>0) << skipped;
      else {
        window = closed;
        bits = specialBits(window, delimiters, firstEnds, secondEnds);
      }
    }
    let isInside = true;
    while (isInside) {
      while (!bits) {
        window += 64;
        bits = specialBits(window, delimiters, firstEnds, secondEnds);
      }
      at = window + <usize>ctz(bits);
      bits &= bits - 1;
      if (at >= stop || <u32>load<u8>(at) == delimiter) isInside = false;
      else {
        if (!isLast && at + 1 == end && looksAhead(dialect, at)) return INCOMPLETE;
        lineEnd = lineEndLength(dialect, at);
        if (lineEnd) isInside = false;
      }
    }
    if (at >= stop) {
      if (isOpen) return INCOMPLETE;
      innerLines = lines;
      if (limit <= end) return cutLong(dialect, limit, end, isLast);
      isMore = false;
    } else if (lineEnd) isMore = false;
    if (closed && at != closed) note(closed, TEXT_AFTER_QUOTE);
    if (cells < lastCell) {
      const cell = changetype<Cell>(cells);
      const length = <u32>((closed ? closed - 1 : at) - from);
      cell.start = <u32>from;
      cell.tag = (length << 3) | (length || closed ? kind : emptyKind);
      cells += CELL_BYTES;
    }
    count++;
    p = at + 1;
  }
  recordEnd = at;
  nextRecord = at + lineEnd;
  fieldCount = count;
  innerLines = lines;
  windowStart = window;
  windowBits = bits;
  // The line feed of CR LF is a candidate of its own.
  if (lineEnd == 2 && dialect.newline == ANY) {
    if (at + 1 - window < 64) windowBits = bits & (bits - 1);
    else seek(dialect, nextRecord);
  }
  return WHOLE;
}
