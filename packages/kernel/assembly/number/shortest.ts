// The shortest decimal that reads back as a double, and of those the nearest to it: what ECMAScript's Number::toString
// prints. R. Giulietti, "The Schubfach way to render doubles" (2020). Integer arithmetic only.
import { binaryExponent, lowerPower, upperPower } from './powers-of-ten';
import { upperProduct } from './wide';

/** What `shortestDecimal` found: the value is digits × 10^exponent; digits do not end in zero. */
export let shortestDigits: u64 = 0;
export let shortestExponent: i32 = 0;

const HIDDEN_BIT: u64 = 0x10_0000_0000_0000;
const FRACTION: u64 = 0xf_ffff_ffff_ffff;
/** A double is an integer times 2^(its exponent's bits - BIAS). */
const BIAS: i32 = 1075;

/** Sets the result, zeros at the end taken off. */
function setShortest(digits: u64, exponent: i32): void {
  while (digits % 10_000 == 0) {
    digits /= 10_000;
    exponent += 4;
  }
  while (digits % 10 == 0) {
    digits /= 10;
    exponent++;
  }
  shortestDigits = digits;
  shortestExponent = exponent;
}

/** `factor` × 10^`power`, scaled by a power of two, rounded to odd: the last bit is set where something was cut off. */
// @ts-ignore: decorator
@inline
function roundToOdd(upper: u64, lower: u64, factor: u64): u64 {
  const carried = upperProduct(lower, factor);
  const low = upper * factor + carried;
  const high = upperProduct(upper, factor) + u64(low < carried);
  return high | u64(low > 1);
}

/**
 * Sets `shortestDigits` and `shortestExponent` to those of |value|, which must be finite and not 0. `preparePowersOfTen`
 * must have been called before.
 */
export function shortestDecimal(value: f64): void {
  const bits = reinterpret<u64>(value);
  const fraction = bits & FRACTION;
  const biased = <i32>((bits >> 52) & 0x7ff);
  const mantissa = biased ? HIDDEN_BIT | fraction : fraction;
  const exponent = max(biased, 1) - BIAS;
  // Whole numbers below 2^53 are their own shortest decimals.
  if (exponent <= 0 && exponent > -53) {
    const places = <u64>-exponent;
    if ((mantissa >> places) << places == mantissa) {
      setShortest(mantissa >> places, 0);
      return;
    }
  }
  // The doubles below and above are this one ± 4 in quarters of the last place; below a power of two they lie closer.
  const isPower = fraction == 0 && biased > 1;
  const isOdd = mantissa & 1;
  // ⌊log10⌋ of the width of the interval that reads back as this double: 2^exponent, or three quarters of it.
  const power = (exponent * 1_262_611 - (isPower ? 524_031 : 0)) >> 22;
  const shift = <u64>(exponent + binaryExponent(-power) + 1);
  const upper = upperPower(-power);
  const lower = lowerPower(-power);
  const middle = roundToOdd(upper, lower, (mantissa << 2) << shift);
  const least = roundToOdd(upper, lower, ((mantissa << 2) - 2 + u64(isPower)) << shift) + isOdd;
  const most = roundToOdd(upper, lower, ((mantissa << 2) + 2) << shift) - isOdd;
  const below = middle >> 2;
  if (below >= 10) {
    // Is there a decimal with one digit less within the interval? There is at most one.
    const shorter = below / 10;
    const isBelow = least <= 40 * shorter;
    const isAbove = 40 * shorter + 40 <= most;
    if (isBelow != isAbove) {
      setShortest(shorter + u64(isAbove), power + 1);
      return;
    }
  }
  const isBelow = least <= 4 * below;
  const isAbove = 4 * below + 4 <= most;
  let roundsUp = isAbove;
  if (isBelow == isAbove) {
    const half = 4 * below + 2;
    roundsUp = middle > half || (middle == half && (below & 1) != 0);
  }
  setShortest(below + u64(roundsUp), power);
}
