// Whether a double holds a number exactly: the rule of src/exact-double.ts, which also decides what this file cannot.
import { nearestDouble } from './read';
import { shortestDecimal, shortestDigits, shortestExponent } from './shortest';

// @ts-ignore: decorator
@external('env', 'exactDouble')
declare function exactDouble(p: usize, length: u32): f64;

/** No double's shortest print has more digits. */
const MAX_DIGITS: i32 = 17;
/** Beyond this an exponent's own digits no longer matter, whatever memory can hold before it. */
const HUGE_EXPONENT: i64 = 1_000_000_000_000;
/** d × 10^e with |d| < 10^17 is infinite from here on, and rounds to zero below. */
const INFINITE_EXPONENT: i64 = 309;
const VANISHING_EXPONENT: i64 = -342;
const MANTISSA_LIMIT: u64 = 1 << 53;

/** Is `digits` × 10^`exponent` a double? It is if what is left without its factors of two fits a mantissa. */
function isDouble(digits: u64, exponent: i64): bool {
  let odd = digits >> ctz(digits);
  while (odd < MANTISSA_LIMIT && exponent > 0) {
    odd *= 5;
    exponent--;
  }
  return odd < MANTISSA_LIMIT;
}

/**
 * The double that holds the JSON number at `p` exactly, NaN where there is none: it must be finite and its shortest
 * decimal print must have the number's value; a number written as an integer must also be the double's very value.
 */
export function heldDouble(p: usize, length: u32): f64 {
  const start = p;
  const end = p + length;
  const isNegative = load<u8>(p) == 0x2d;
  p += usize(isNegative);
  /** The digits up to the last that is not zero; `zeros` have followed. */
  let digits: u64 = 0;
  let count: i32 = 0;
  let zeros: i64 = 0;
  let places: i64 = 0;
  let isFraction = false;
  while (p < end) {
    const digit = <u32>load<u8>(p) - 0x30;
    if (digit > 9) {
      if (load<u8>(p) != 0x2e) break;
      isFraction = true;
    } else {
      places += i64(isFraction);
      if (digit) {
        if (zeros + count >= MAX_DIGITS) return NaN;
        while (zeros) {
          digits *= 10;
          count++;
          zeros--;
        }
        digits = digits * 10 + digit;
        count++;
      } else if (count) zeros++;
    }
    p++;
  }
  const isInteger = p == end && !isFraction;
  if (!digits) return isNegative ? -0.0 : 0;

  let exponent = zeros - places;
  if (p < end) exponent += writtenExponent(p + 1, end);
  if (exponent >= INFINITE_EXPONENT || exponent <= VANISHING_EXPONENT) return NaN;
  if (isInteger && !isDouble(digits, exponent)) return NaN;
  const value = nearestDouble(digits, <i32>exponent);
  if (value != value) return exactDouble(start, length);
  shortestDecimal(value);
  if (shortestDigits != digits || shortestExponent != <i32>exponent) return NaN;
  return isNegative ? -value : value;
}

function writtenExponent(p: usize, end: usize): i64 {
  const isNegative = load<u8>(p) == 0x2d;
  if (isNegative || load<u8>(p) == 0x2b) p++;
  let exponent: i64 = 0;
  while (p < end) {
    if (exponent < HUGE_EXPONENT) exponent = exponent * 10 + (load<u8>(p) - 0x30);
    p++;
  }
  return isNegative ? -exponent : exponent;
}
