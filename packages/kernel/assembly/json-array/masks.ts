// What the bytes of a block are, 64 at a time, a bit each: the method of simdjson (Langdale and Lemire, 2019).
import { BACKSLASH, COMMA, LINE_FEED, QUOTE } from '../ndjson/scan';

export const SPACE: u8 = 0x20;
const ODD_BITS: u64 = 0xaaaa_aaaa_aaaa_aaaa;

/** Of the block that `readMasks` looked at last. */
export let lineFeeds: u64 = 0;
/** Quotes that begin or end a string; a line feed ends one too, for no string may hold it. */
export let quotes: u64 = 0;
/** Bytes of strings, from the opening quote up to the closing one, which is not counted. */
export let inString: u64 = 0;
/** Line feeds that ended a string. */
export let brokenStrings: u64 = 0;
/** Brackets and braces outside strings. */
export let brackets: u64 = 0;

/** What the next block must know of this one: 1 where it ends in a backslash that escapes, all ones inside a string. */
export let endsEscaping: u64 = 0;
export let endsInString: u64 = 0;

// @ts-ignore: decorator
@inline
function joined(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = i8x16.bitmask(a) | (i8x16.bitmask(b) << 16);
  const high = i8x16.bitmask(c) | (i8x16.bitmask(d) << 16);
  return (<u64>(<u32>low)) | ((<u64>(<u32>high)) << 32);
}

// @ts-ignore: decorator
@inline
function bitsOf(a: v128, b: v128, c: v128, d: v128, byte: u32): u64 {
  const wanted = i8x16.splat(<i8>byte);
  return joined(i8x16.eq(a, wanted), i8x16.eq(b, wanted), i8x16.eq(c, wanted), i8x16.eq(d, wanted));
}

// @ts-ignore: decorator
@inline
function isBracket(bytes: v128): v128 {
  // The bit 0x20 tells brackets from braces, and nothing else becomes one of them by it.
  const folded = v128.or(bytes, i8x16.splat(0x20));
  return v128.or(i8x16.eq(folded, i8x16.splat(0x7b)), i8x16.eq(folded, i8x16.splat(0x7d)));
}

// @ts-ignore: decorator
@inline
function prefixXor(bits: u64): u64 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  return bits ^ (bits << 32);
}

/** The bytes that an escaping backslash stands before; `last` is the block's last byte. */
// @ts-ignore: decorator
@inline
function escapedBits(backslashes: u64, escaping: u64, last: u64): u64 {
  if (!backslashes) {
    endsEscaping = 0;
    return escaping;
  }
  const first = backslashes & ~escaping;
  const codes = (((first << 1) | ODD_BITS) - first) ^ ODD_BITS;
  endsEscaping = ((codes & backslashes) >> last) & 1;
  return codes ^ (backslashes | escaping);
}

/** Looks at `count` (1 to 64) bytes at `p`; the two words are what the block before left. */
// @ts-ignore: decorator
@inline
export function readMasks(p: usize, count: u32, escaping: u64, insideString: u64): void {
  const last = <u64>(count - 1);
  const valid = (<u64>-1) >> (63 - last);
  const a = v128.load(p);
  const b = v128.load(p, 16);
  const c = v128.load(p, 32);
  const d = v128.load(p, 48);
  lineFeeds = bitsOf(a, b, c, d, LINE_FEED) & valid;
  const backslashes = bitsOf(a, b, c, d, BACKSLASH) & valid;
  quotes = bitsOf(a, b, c, d, QUOTE) & ~escapedBits(backslashes, escaping, last) & valid;
  inString = (prefixXor(quotes) ^ insideString) & valid;
  brokenStrings = 0;
  let broken = lineFeeds & inString;
  while (broken) {
    const first = broken & (0 - broken);
    brokenStrings |= first;
    quotes |= first;
    inString = (prefixXor(quotes) ^ insideString) & valid;
    broken = lineFeeds & inString;
  }
  endsInString = 0 - ((inString >> last) & 1);
  brackets = joined(isBracket(a), isBracket(b), isBracket(c), isBracket(d)) & ~inString & valid;
}

/** Commas of the block outside strings: seldom asked for. */
export function commaBits(p: usize): u64 {
  const all = bitsOf(v128.load(p), v128.load(p, 16), v128.load(p, 32), v128.load(p, 48), COMMA);
  return all & ~inString;
}

/** Bytes of the block that are no white space. */
export function contentBits(p: usize): u64 {
  const a = v128.load(p);
  const b = v128.load(p, 16);
  const c = v128.load(p, 32);
  const d = v128.load(p, 48);
  return ~(bitsOf(a, b, c, d, 0x20) | bitsOf(a, b, c, d, 0x09) | bitsOf(a, b, c, d, 0x0d) | lineFeeds);
}

/** Makes the line feeds of the block spaces, those that ended a string zeros: no reader takes a string with one. */
export function takeLineFeeds(p: usize): void {
  const feed = i8x16.splat(<i8>LINE_FEED);
  const space = i8x16.splat(<i8>SPACE);
  for (let i: usize = 0; i < 64; i += 16) {
    const bytes = v128.load(p + i);
    v128.store(p + i, v128.bitselect(space, bytes, i8x16.eq(bytes, feed)));
  }
  let broken = brokenStrings;
  while (broken) {
    store<u8>(p + <usize>ctz(broken), 0);
    broken &= broken - 1;
  }
}
