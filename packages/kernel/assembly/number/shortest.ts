// The shortest decimal of a double, in integers only: R. Giulietti, "The Schubfach way to render doubles" (2020),
// in the form of A. Bolz's Drachennest, whose names are kept where the paper is needed to follow.
import { powerOfTen } from './powers';
import { highProduct } from './product';

/** After `shortestDecimal`: |value| is `shortestDigits` × 10^`shortestExponent`; the digits do not end in zero. */
export let shortestDigits: u64 = 0;
export let shortestExponent: i32 = 0;

const FRACTION_BITS: i32 = 52;
const HIDDEN_BIT: u64 = 1 << 52;
/** The exponent of the last bit of a double is its biased exponent less this. */
const BIAS: i32 = 1075;
/** 1/5 modulo 2^64, and the largest u64 divided by ten. */
const INVERSE_OF_FIVE: u64 = 0xcccccccccccccccd;
const MAX_TENTH: u64 = 0x1999999999999999;

/** g × cp / 2^128, with the last bit set if bits were lost: comparisons with multiples of two stay right. */
// @ts-ignore: decorator
@inline
function roundToOdd(high: u64, low: u64, cp: u64): u64 {
  const carried = highProduct(low, cp);
  const y0 = high * cp + carried;
  const y1 = highProduct(high, cp) + u64(y0 < carried);
  return y1 | u64(y0 > 1);
}

// @ts-ignore: decorator
@inline
function setShortest(digits: u64, exponent: i32): void {
  // A multiple of ten, times 1/5 and rotated, is its tenth; any other number becomes larger than every tenth.
  let tenth = rotr(digits * INVERSE_OF_FIVE, 1);
  while (tenth <= MAX_TENTH) {
    digits = tenth;
    exponent++;
    tenth = rotr(digits * INVERSE_OF_FIVE, 1);
  }
  shortestDigits = digits;
  shortestExponent = exponent;
}

/**
 * The digits that ECMAScript's Number::toString gives a finite double other than zero, whose sign is ignored: of the
 * decimals that read back as this double the shortest, of those the nearest.
 */
export function shortestDecimal(value: f64): void {
  const bits = reinterpret<u64>(value);
  const fraction = bits & (HIDDEN_BIT - 1);
  const biased = (<i32>(bits >> FRACTION_BITS)) & 0x7ff;
  const c = biased ? fraction | HIDDEN_BIT : fraction;
  const q = biased ? biased - BIAS : 1 - BIAS;
  if (q <= 0 && q >= -FRACTION_BITS && !(c & (((<u64>1) << -q) - 1))) return setShortest(c >> -q, 0);

  const isOdd = c & 1;
  // Below a power of two doubles are twice as dense.
  const isCloser = !fraction && biased > 1;
  // floor(log10(2^q)), or of 3/4 of it; then the shift that leaves two bits behind the point of v × 10^-k.
  const k = (q * 1262611 - (isCloser ? 524031 : 0)) >> 22;
  const h = q + ((-k * 1741647) >> 19) + 1;
  const power = powerOfTen(-k);
  const high = load<u64>(power);
  const low = load<u64>(power + 8);
  const lower = roundToOdd(high, low, (4 * c - 2 + u64(isCloser)) << h) + isOdd;
  const vb = roundToOdd(high, low, (4 * c) << h);
  const upper = roundToOdd(high, low, (4 * c + 2) << h) - isOdd;

  const s = vb >> 2;
  if (s >= 10) {
    const tens = s / 10;
    const isBelowInside = lower <= 40 * tens;
    const isAboveInside = 40 * tens + 40 <= upper;
    if (isBelowInside != isAboveInside) return setShortest(tens + u64(isAboveInside), k + 1);
  }
  const isBelowInside = lower <= 4 * s;
  const isAboveInside = 4 * s + 4 <= upper;
  if (isBelowInside != isAboveInside) return setShortest(s + u64(isAboveInside), k);
  const middle = 4 * s + 2;
  setShortest(s + u64(vb > middle || (vb == middle && (s & 1) != 0)), k);
}
