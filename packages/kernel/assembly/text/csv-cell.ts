// One cell of a CSV record (RFC 4180, section 2): quoted only where it must be.

import { Growable, reserve } from '../parquet/growable';

const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const APOSTROPHE: u8 = 0x27;
const TAB: u32 = 0x09;
const LINE_FEED: u8 = 0x0a;
const CARRIAGE_RETURN: u8 = 0x0d;

/** Quotes are doubled in pieces, so that the room for the worst stays small. */
const PIECE_BYTES: u32 = 4096;

/** Bit i is set where byte i makes quotes necessary. */
// @ts-ignore: decorator
@inline
function quotedBits(bytes: v128): i32 {
  const quotes = i8x16.eq(bytes, i8x16.splat(QUOTE));
  const commas = i8x16.eq(bytes, i8x16.splat(COMMA));
  const feeds = i8x16.eq(bytes, i8x16.splat(LINE_FEED));
  const returns = i8x16.eq(bytes, i8x16.splat(CARRIAGE_RETURN));
  return i8x16.bitmask(v128.or(v128.or(quotes, commas), v128.or(feeds, returns)));
}

function needsQuotes(from: usize, length: u32): bool {
  const end = from + length;
  while (from < end) {
    const bits = quotedBits(v128.load(from));
    if (bits) return from + ctz(bits) < end;
    from += 16;
  }
  return false;
}

/** A spreadsheet would take the text for a formula, or for the start of one: OWASP, "CSV Injection". */
function looksLikeFormula(from: usize, length: u32): bool {
  const first: u32 = length ? load<u8>(from) : 0;
  return (
    first == 0x3d ||
    first == 0x2b ||
    first == 0x2d ||
    first == 0x40 ||
    first == TAB ||
    first == <u32>CARRIAGE_RETURN
  );
}

/** Appends a text; an empty one is two quotes, which tells it from null. With `safe` a formula gets an apostrophe. */
export function putCell(out: Growable, from: usize, length: u32, safe: bool): void {
  const mark = safe && looksLikeFormula(from, length);
  const quoted = !length || needsQuotes(from, length);
  let to = reserve(out, length + 4);
  if (quoted) store<u8>(to++, QUOTE);
  if (mark) store<u8>(to++, APOSTROPHE);
  if (!quoted) {
    memory.copy(to, from, length);
    out.used = <u32>(to + length - out.data);
    return;
  }
  out.used = <u32>(to - out.data);
  putDoubled(out, from, length);
  store<u8>(reserve(out, 1), QUOTE);
  out.used++;
}

function putDoubled(out: Growable, from: usize, length: u32): void {
  const end = from + length;
  while (from < end) {
    const until = min<usize>(end, from + PIECE_BYTES);
    const to = reserve(out, <u32>(until - from) * 2);
    out.used = <u32>(doublePiece(to, from, until) - out.data);
    from = until;
  }
}

function doublePiece(to: usize, from: usize, end: usize): usize {
  while (from < end) {
    const bytes = v128.load(from);
    v128.store(to, bytes);
    const bits = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(QUOTE)));
    const plain: usize = bits ? <usize>ctz(bits) : 16;
    if (from + plain >= end) return to + (end - from);
    from += plain;
    to += plain;
    if (!bits) continue;
    store<u16>(to, 0x2222);
    from++;
    to += 2;
  }
  return to;
}
