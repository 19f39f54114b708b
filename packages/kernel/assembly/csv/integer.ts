// Integers of up to 16 digits from their text, eight digits at once.

const MINUS: u32 = 0x2d;
const ZERO: u32 = 0x30;
const EIGHT_ZEROS: u64 = 0x3030303030303030;
const HIGH_HALVES: u64 = 0xf0f0f0f0f0f0f0f0;
const TEN_TO_8: i64 = 100_000_000;

/** The longest text that `shortInteger` reads, without its sign. */
const MAX_DIGITS: u32 = 16;

/** No integer that is read here. */
export const NO_INTEGER: i64 = i64.MIN_VALUE;

/**
 * The number that one to eight digits write; below zero where one of the bytes is none.
 * https://lemire.me/blog/2022/01/21/swar-explained-parsing-eight-digits/
 */
// @ts-ignore: decorator
@inline
function eightDigits(p: usize, length: u32): i64 {
  const missing = (<u64>(8 - length)) << 3;
  let digits = (load<u64>(p) << missing) | (EIGHT_ZEROS & (((<u64>1) << missing) - 1));
  const isAbove = (digits + 0x0606060606060606) & HIGH_HALVES;
  if (((digits & HIGH_HALVES) ^ EIGHT_ZEROS) | (isAbove ^ EIGHT_ZEROS)) return -1;
  digits -= EIGHT_ZEROS;
  digits = digits * 10 + (digits >> 8);
  const even = (digits & 0x000000ff000000ff) * 0x000f424000000064;
  const odd = ((digits >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return (even + odd) >> 32;
}

/**
 * The integer that the text is in canonical form: no plus, no zeros in front, no `-0`. NO_INTEGER where it is none or
 * `isLong`.
 */
// @ts-ignore: decorator
@inline
export function shortInteger(start: usize, length: u32): i64 {
  const isNegative = <u32>load<u8>(start) == MINUS;
  const p = start + usize(isNegative);
  const count = length - u32(isNegative);
  if (count - 1 >= MAX_DIGITS) return NO_INTEGER;
  if (<u32>load<u8>(p) == ZERO) return length == 1 ? 0 : NO_INTEGER;
  let value: i64;
  if (count <= 8) value = eightDigits(p, count);
  else {
    const upper = eightDigits(p, count - 8);
    const lower = eightDigits(p + count - 8, 8);
    value = (upper | lower) < 0 ? -1 : upper * TEN_TO_8 + lower;
  }
  if (value < 0) return NO_INTEGER;
  return isNegative ? -value : value;
}

/** Whether a text is too long for `shortInteger` and may yet be an integer. */
export function isLong(length: u32): bool {
  return length > MAX_DIGITS;
}
