// Decimals of up to 38 digits from their text: exact, in work that grows with the text and not with its exponent.

const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;
const POINT: u32 = 0x2e;
const LETTER_E: u32 = 0x65;

/** Above this an exponent outweighs all digits that a record can hold. */
const HUGE_EXPONENT: i64 = 1_000_000_000_000;

/** The unscaled value where the last text fitted: 128 bits, two's complement. */
export let decimalLow: u64 = 0;
export let decimalHigh: u64 = 0;

// @ts-ignore: decorator
@inline
function digitAt(p: usize): u32 {
  return <u32>load<u8>(p) - 0x30;
}

/** The value × 10 + `digit`. */
// @ts-ignore: decorator
@inline
function append(digit: u64): void {
  const lower = (decimalLow & 0xffff_ffff) * 10 + digit;
  const upper = (decimalLow >> 32) * 10 + (lower >> 32);
  decimalLow = (upper << 32) | (lower & 0xffff_ffff);
  decimalHigh = decimalHigh * 10 + (upper >> 32);
}

/** The exponent behind its letter, which must end at `end`; above HUGE_EXPONENT it is no longer exact. */
let exponent: i64 = 0;

function readExponent(p: usize, end: usize): bool {
  const down = p < end && load<u8>(p) == MINUS;
  if (p < end && (down || load<u8>(p) == PLUS)) p++;
  if (p == end) return false;
  exponent = 0;
  while (p < end) {
    const digit = digitAt(p++);
    if (digit > 9) return false;
    if (exponent < HUGE_EXPONENT) exponent = exponent * 10 + digit;
  }
  if (down) exponent = -exponent;
  return true;
}

/** The value of the digits in [from, to), a point skipped, × 10^`zeros`: at most 38 digits in all. */
function gather(from: usize, to: usize, zeros: u32, negative: bool): void {
  decimalLow = 0;
  decimalHigh = 0;
  while (from < to) {
    const digit = digitAt(from++);
    if (digit <= 9) append(digit);
  }
  while (zeros--) append(0);
  if (!negative) return;
  decimalLow = 0 - decimalLow;
  decimalHigh = ~decimalHigh + u64(decimalLow == 0);
}

/**
 * Whether the text is a JSON number, without exponent unless it may have one, whose value has at most `scale` digits
 * behind the point and `precision` in all.
 */
export function isDecimal(
  start: usize,
  length: u32,
  precision: u32,
  scale: u32,
  mayHaveExponent: bool,
): bool {
  const end = start + length;
  let p = start;
  const negative = p < end && load<u8>(p) == MINUS;
  if (negative) p++;
  const wholeStart = p;
  // The first digit that is no zero, and behind the last one.
  let first: usize = 0;
  let last: usize = 0;
  while (p < end && digitAt(p) <= 9) {
    if (load<u8>(p) != 0x30) {
      if (!first) first = p;
      last = p + 1;
    }
    p++;
  }
  const point = p;
  if (point == wholeStart || (point - wholeStart > 1 && digitAt(wholeStart) == 0)) return false;
  if (p < end && load<u8>(p) == POINT) {
    p++;
    while (p < end && digitAt(p) <= 9) {
      if (load<u8>(p) != 0x30) {
        if (!first) first = p;
        last = p + 1;
      }
      p++;
    }
    if (p - point == 1) return false;
  }
  exponent = 0;
  if (p < end) {
    if (!mayHaveExponent || (load<u8>(p) | 0x20) != LETTER_E || !readExponent(p + 1, end)) return false;
  }
  if (!first) {
    gather(0, 0, 0, false);
    return true;
  }
  // Powers of ten of the first and the last digit.
  const top = exponent + (first < point ? <i64>(point - first) - 1 : -(<i64>(first - point)));
  const bottom = exponent + (last <= point ? <i64>(point - last) : 1 - <i64>(last - point));
  const zeros = bottom + scale;
  if (zeros < 0 || top + scale >= <i64>precision) return false;
  gather(first, last, <u32>zeros, negative);
  return true;
}
