// Strings: RFC 8259 section 7.
import { fail } from './fault';
import { ESCAPED, STRING } from './kinds';
import { CONTROL_CHARACTER, INVALID_ESCAPE, LONE_SURROGATE } from './reasons';
import { BACKSLASH, nextSpecial, QUOTE } from './scan';

const LETTER_U: u32 = 0x75;

/** What the letter behind a backslash stands for; 0 = no such escape. */
const escapes: usize = memory.data(256);
/** The value of a hexadecimal digit; 0xff = none. */
const hexDigits: usize = memory.data(256);

function addEscape(letter: u32, meaning: u32): void {
  store<u8>(escapes + letter, meaning);
}

/** Must run once before anything else here. */
export function prepareStrings(): void {
  memory.fill(hexDigits, 0xff, 256);
  for (let i: u32 = 0; i < 10; i++) store<u8>(hexDigits + 0x30 + i, i);
  for (let i: u32 = 0; i < 6; i++) {
    store<u8>(hexDigits + 0x41 + i, 10 + i);
    store<u8>(hexDigits + 0x61 + i, 10 + i);
  }
  addEscape(QUOTE, QUOTE);
  addEscape(BACKSLASH, BACKSLASH);
  addEscape(0x2f, 0x2f); // slash
  addEscape(0x62, 0x08); // b
  addEscape(0x66, 0x0c); // f
  addEscape(0x6e, 0x0a); // n
  addEscape(0x72, 0x0d); // r
  addEscape(0x74, 0x09); // t
}

/** The four hexadecimal digits at `p`; above 0xffff where one of them is none. */
function hexQuad(p: usize): u32 {
  const a: u32 = load<u8>(hexDigits + load<u8>(p));
  const b: u32 = load<u8>(hexDigits + load<u8>(p, 1));
  const c: u32 = load<u8>(hexDigits + load<u8>(p, 2));
  const d: u32 = load<u8>(hexDigits + load<u8>(p, 3));
  return (a | b | c | d) & 0xf0 ? 0x10000 : (a << 12) | (b << 8) | (c << 4) | d;
}

/** The end of the escape whose backslash is at `p`; 0 = fault. */
function escapeEnd(p: usize): usize {
  const letter: u32 = load<u8>(p, 1);
  if (letter != LETTER_U) return load<u8>(escapes + letter) ? p + 2 : fail(p, INVALID_ESCAPE);
  const unit = hexQuad(p + 2);
  if (unit > 0xffff) return fail(p, INVALID_ESCAPE);
  if ((unit & 0xf800) != 0xd800) return p + 6;
  const paired =
    unit < 0xdc00 &&
    load<u8>(p, 6) == BACKSLASH &&
    load<u8>(p, 7) == LETTER_U &&
    (hexQuad(p + 8) & 0x1fc00) == 0xdc00;
  return paired ? p + 12 : fail(p, LONE_SURROGATE);
}

/**
 * Checks the string whose first byte behind the quote is at `p`.
 * Returns its kind << 32 | the position of the closing quote; position 0 = fault.
 */
// @ts-ignore: decorator
@inline
export function scanString(p: usize): u64 {
  let kind: u32 = STRING;
  p = nextSpecial(p);
  let byte: u32 = load<u8>(p);
  while (byte == BACKSLASH) {
    kind = ESCAPED;
    p = escapeEnd(p);
    if (!p) return 0;
    p = nextSpecial(p);
    byte = load<u8>(p);
  }
  return byte == QUOTE ? ((<u64>kind) << 32) | p : <u64>fail(p, CONTROL_CHARACTER);
}

/** `scanString` as a call, for places where speed matters less than size. */
export function scanStringCall(p: usize): u64 {
  return scanString(p);
}

function storeUtf8(to: usize, point: u32): usize {
  if (point < 0x80) {
    store<u8>(to, point);
    return to + 1;
  }
  if (point < 0x800) {
    store<u8>(to, 0xc0 | (point >> 6));
    store<u8>(to, 0x80 | (point & 63), 1);
    return to + 2;
  }
  if (point < 0x10000) {
    store<u8>(to, 0xe0 | (point >> 12));
    store<u8>(to, 0x80 | ((point >> 6) & 63), 1);
    store<u8>(to, 0x80 | (point & 63), 2);
    return to + 3;
  }
  store<u8>(to, 0xf0 | (point >> 18));
  store<u8>(to, 0x80 | ((point >> 12) & 63), 1);
  store<u8>(to, 0x80 | ((point >> 6) & 63), 2);
  store<u8>(to, 0x80 | (point & 63), 3);
  return to + 4;
}

/**
 * Resolves the escapes of a checked string; returns the length of the text. `to` needs room for `length` bytes and
 * SLACK, for a text is never longer than its escaped form.
 */
export function unescape(from: usize, length: u32, to: usize): u32 {
  const end = from + length;
  const start = to;
  while (from < end) {
    const bytes = v128.load(from);
    v128.store(to, bytes);
    const bits = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH)));
    const plain: usize = bits ? <usize>ctz(bits) : 16;
    if (from + plain >= end) return <u32>(to - start + (end - from));
    from += plain;
    to += plain;
    if (!bits) continue;
    const letter: u32 = load<u8>(from, 1);
    if (letter != LETTER_U) {
      store<u8>(to++, load<u8>(escapes + letter));
      from += 2;
      continue;
    }
    let point = hexQuad(from + 2);
    from += 6;
    if ((point & 0xf800) == 0xd800) {
      point = 0x10000 + (((point & 0x3ff) << 10) | (hexQuad(from + 2) & 0x3ff));
      from += 6;
    }
    to = storeUtf8(to, point);
  }
  return <u32>(to - start);
}
