// The nearest double of a decimal: D. Lemire, "Number Parsing at a Gigabyte per Second" (2021), as in N. Tao's version
// of it for Wuffs and Go.
import { FIRST_EXACT_POWER, FIRST_POWER, LAST_EXACT_POWER, LAST_POWER, powerOfTen } from './powers';
import { highProduct } from './product';

const FRACTION_BITS: i32 = 52;
const BIAS: i32 = 1023;
/** The bits of a product that rounding to 53 looks at only together. */
const BELOW: u64 = 0x1ff;

/** `digits` × 10^`exponent` as a normal double, for digits other than zero; NaN where this method does not decide. */
export function nearestDouble(digits: u64, exponent: i32): f64 {
  if (exponent < FIRST_POWER || exponent > LAST_POWER) return NaN;
  const shift = clz(digits);
  const factor = digits << shift;
  const power = powerOfTen(exponent);
  let high = highProduct(factor, load<u64>(power));
  let low = factor * load<u64>(power);
  if ((high & BELOW) == BELOW && low + factor < factor) {
    // What the upper half of the power lacks may carry. The method wants the power rounded down.
    const isExact = exponent >= FIRST_EXACT_POWER && exponent <= LAST_EXACT_POWER;
    const rest = load<u64>(power + 8) - u64(!isExact);
    const restHigh = highProduct(factor, rest);
    low += restHigh;
    high += u64(low < restHigh);
    if ((high & BELOW) == BELOW && low == u64.MAX_VALUE && factor * rest + factor < factor) return NaN;
  }
  const top = high >> 63;
  let mantissa = high >> (top + 9);
  // Halfway between two doubles, as far as these bits tell.
  if (!low && !(high & BELOW) && (mantissa & 3) == 1) return NaN;
  let biased = ((217706 * exponent) >> 16) + 64 + BIAS - <i32>shift - <i32>(1 ^ top);
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >> 53) {
    mantissa >>= 1;
    biased++;
  }
  if (biased <= 0 || biased >= 0x7ff) return NaN;
  return reinterpret<f64>(((<u64>biased) << FRACTION_BITS) | (mantissa & ((1 << FRACTION_BITS) - 1)));
}
