// Numbers: RFC 8259 section 6.
import { fail } from './fault';
import { REAL, INTEGER, NUMERAL } from './kinds';
import { INVALID_NUMBER } from './reasons';

/** Up to this, decimal digits and a power of ten below are exact in a double: one operation rounds once. */
const EXACT_DIGITS: u64 = 1_000_000_000_000_000;
const EXACT_POWER: i32 = 22;
/** 2^53: every integer up to here is a double. */
export const SAFE_INTEGER: i64 = 9_007_199_254_740_992;

const powersOfTen: usize = memory.data(23 * 8);

/** Must run once before anything else here. */
export function prepareNumbers(): void {
  let power: f64 = 1;
  for (let i = 0; i <= EXACT_POWER; i++) {
    store<f64>(powersOfTen + i * 8, power);
    power *= 10;
  }
}

/** After `scanNumber`: the i64 of an INTEGER or the bits of a REAL. */
export let numberBits: u64 = 0;

// @ts-ignore: decorator
@inline
function digitAt(p: usize): u32 {
  return <u32>load<u8>(p) - 0x30;
}

/** What is known of `digits` × 10^`power`, with at least one digit behind a point or an exponent. */
function decimal(digits: u64, count: u32, power: i32, negative: bool): u32 {
  if (count > 19 || digits >= EXACT_DIGITS) return NUMERAL;
  let value = <f64>digits;
  if (digits) {
    if (power > EXACT_POWER || power < -EXACT_POWER) return NUMERAL;
    if (power < 0) value /= load<f64>(powersOfTen + <usize>-power * 8);
    else value *= load<f64>(powersOfTen + <usize>power * 8);
  }
  numberBits = reinterpret<u64>(negative ? -value : value);
  return REAL;
}

/** What is known of an integer's text. `-0` is no canonical integer, but the double -0. */
// @ts-ignore: decorator
@inline
function integer(magnitude: u64, count: u32, negative: bool): u32 {
  if (count >= 19 && (count > 19 || magnitude > <u64>i64.MAX_VALUE + u64(negative))) return NUMERAL;
  if (negative && !magnitude) {
    numberBits = reinterpret<u64>(-0.0);
    return REAL;
  }
  numberBits = negative ? 0 - magnitude : magnitude;
  return INTEGER;
}

/**
 * Checks the number at `p`, which starts with a digit or a minus.
 * Returns its kind << 32 | the position behind it; position 0 = fault.
 */
// @ts-ignore: decorator
@inline
export function scanNumber(p: usize): u64 {
  const negative = load<u8>(p) == 0x2d;
  p += usize(negative);
  const first = p;
  let digits: u64 = 0;
  let digit = digitAt(p);
  if (digit > 9) return <u64>fail(p, INVALID_NUMBER);
  if (!digit) {
    p++;
    if (digitAt(p) <= 9) return <u64>fail(p, INVALID_NUMBER);
  } else {
    while (digit <= 9) {
      digits = digits * 10 + digit;
      digit = digitAt(++p);
    }
  }
  const count = <u32>(p - first);
  const byte: u32 = load<u8>(p);
  if (byte != 0x2e && (byte | 0x20) != 0x65) return ((<u64>integer(digits, count, negative)) << 32) | p;
  return scanFraction(p, digits, count, negative);
}

function scanFraction(p: usize, digits: u64, count: u32, negative: bool): u64 {
  let power: i32 = 0;
  if (load<u8>(p) == 0x2e) {
    const first = ++p;
    let digit = digitAt(p);
    while (digit <= 9) {
      digits = digits * 10 + digit;
      digit = digitAt(++p);
    }
    const places = <u32>(p - first);
    if (!places) return <u64>fail(p, INVALID_NUMBER);
    power = -(<i32>places);
    count += places;
  }
  if ((load<u8>(p) | 0x20) == 0x65) {
    p++;
    const down = load<u8>(p) == 0x2d;
    if (down || load<u8>(p) == 0x2b) p++;
    let digit = digitAt(p);
    if (digit > 9) return <u64>fail(p, INVALID_NUMBER);
    let exponent: i32 = 0;
    while (digit <= 9) {
      if (exponent < 1_000_000_000 / 10) exponent = exponent * 10 + digit;
      digit = digitAt(++p);
    }
    power += down ? -exponent : exponent;
  }
  return ((<u64>decimal(digits, count, power, negative)) << 32) | p;
}

/** `scanNumber` as a call, for places where speed matters less than size. */
export function scanNumberCall(p: usize): u64 {
  return scanNumber(p);
}
