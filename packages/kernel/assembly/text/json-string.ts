// Texts as JSON strings (RFC 8259, section 7), escaping only what must be; and raw JSON.

import { specialBits } from '../ndjson/scan';
import { Growable, reserve } from '../parquet/growable';

const QUOTE: u8 = 0x22;
const LINE_FEED: u8 = 0x0a;

/** Texts are escaped in pieces, so that the room for the worst, six bytes of one, stays small. */
const PIECE_BYTES: u32 = 4096;

/** The letter behind the backslash for each byte below 0x60; 0 = none, then it is `\u00XX`. */
const letters: usize = memory.data<u8>([
  // Controls: b, t, n, f, r
  0, 0, 0, 0, 0, 0, 0, 0, 0x62, 0x74, 0x6e, 0, 0x66, 0x72, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5c, 0, 0, 0,
]);

function putEscape(to: usize, byte: u32): usize {
  const letter: u32 = load<u8>(letters + byte);
  if (letter) {
    store<u16>(to, 0x5c | (letter << 8));
    return to + 2;
  }
  store<u32>(to, 0x3030755c); // \u00
  const low = byte & 15;
  store<u8>(to, 0x30 + (byte >> 4), 4);
  store<u8>(to, low < 10 ? 0x30 + low : 0x57 + low, 5);
  return to + 6;
}

function escapePiece(to: usize, from: usize, end: usize): usize {
  while (from < end) {
    v128.store(to, v128.load(from));
    const bits = specialBits(from);
    const plain: usize = bits ? <usize>ctz(bits) : 16;
    if (from + plain >= end) return to + (end - from);
    from += plain;
    to += plain;
    if (bits) to = putEscape(to, load<u8>(from++));
  }
  return to;
}

/** Appends the text in quotes. */
export function putString(out: Growable, from: usize, length: u32): void {
  // Most texts grow little: a long one is not to be moved for a few escapes.
  store<u8>(reserve(out, length + (length >> 3) + 2), QUOTE);
  out.used++;
  const end = from + length;
  while (from < end) {
    const until = min<usize>(end, from + PIECE_BYTES);
    const to = reserve(out, <u32>(until - from) * 6 + 1);
    out.used = <u32>(escapePiece(to, from, until) - out.data);
    from = until;
  }
  store<u8>(reserve(out, 1), QUOTE);
  out.used++;
}

/**
 * Appends JSON text as it stands, but for line feeds where `oneLine` is set: outside of strings, and JSON has them
 * nowhere else, a space means the same.
 */
export function putRaw(out: Growable, from: usize, length: u32, oneLine: bool): void {
  let to = reserve(out, length);
  out.used += length;
  if (!oneLine) {
    memory.copy(to, from, length);
    return;
  }
  const end = from + length;
  while (from < end) {
    const bytes = v128.load(from);
    const feeds = i8x16.eq(bytes, i8x16.splat(LINE_FEED));
    v128.store(to, v128.bitselect(i8x16.splat(0x20), bytes, feeds));
    from += 16;
    to += 16;
  }
}
