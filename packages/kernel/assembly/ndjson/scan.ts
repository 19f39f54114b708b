// Finding the next byte that matters. A line always ends with a line feed, so no loop here needs a limit.

export const LINE_FEED: u8 = 0x0a;
export const QUOTE: u32 = 0x22;
export const BACKSLASH: u32 = 0x5c;
export const COMMA: u32 = 0x2c;
export const COLON: u32 = 0x3a;
export const OPEN_BRACE: u32 = 0x7b;
export const CLOSE_BRACE: u32 = 0x7d;
export const OPEN_BRACKET: u32 = 0x5b;
export const CLOSE_BRACKET: u32 = 0x5d;

/** The first byte from `p` on that is no space, tab or carriage return. */
// @ts-ignore: decorator
@inline
export function skipSpace(p: usize): usize {
  let byte = load<u8>(p);
  while (byte == 0x20 || byte == 0x09 || byte == 0x0d) byte = load<u8>(++p);
  return p;
}

/** Bit i is set where byte i is a quote, a backslash or a control character. */
// @ts-ignore: decorator
@inline
export function specialBits(p: usize): i32 {
  const bytes = v128.load(p);
  const quotes = i8x16.eq(bytes, i8x16.splat(<i8>QUOTE));
  const backslashes = i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH));
  const controls = i8x16.eq(i8x16.min_u(bytes, i8x16.splat(0x1f)), bytes);
  return i8x16.bitmask(v128.or(v128.or(quotes, backslashes), controls));
}

/** The first quote, backslash or control character from `p` on. */
// @ts-ignore: decorator
@inline
export function nextSpecial(p: usize): usize {
  let bits = specialBits(p);
  while (!bits) {
    p += 16;
    bits = specialBits(p);
  }
  return p + ctz(bits);
}

export function nextLineFeed(p: usize): usize {
  let bits = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(<i8>LINE_FEED)));
  while (!bits) {
    p += 16;
    bits = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(<i8>LINE_FEED)));
  }
  return p + ctz(bits);
}
