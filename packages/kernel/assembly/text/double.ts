// Doubles as ECMAScript prints them (ECMA-262, Number::toString): the fewest digits that read back as the same double.

import { putDigits, putUnsigned } from './integer';

/** Below it every whole number is a double: 2^53. */
const WHOLE: f64 = 9007199254740992.0;
/** Two decimals of so many digits never have the same nearest double (IEEE 754 binary64). */
const SURE_DIGITS: f64 = 1e15;
/** Decimals with more places, or smaller, are left to the engine. */
const MOST_PLACES: u32 = 6;
const LEAST: f64 = 0.001;

/** Writes the print of the double, in Latin-1, and gives its length: String(value). */
@external('env', 'printDouble')
declare function printDouble(value: f64, to: usize): u32;

/** A finite double; -0 keeps its sign. At most 25 bytes. */
export function putDouble(to: usize, value: f64): usize {
  if (reinterpret<i64>(value) < 0) {
    store<u8>(to++, 0x2d);
    value = -value;
  }
  if (value < WHOLE && floor(value) == value) return putUnsigned(to, <u64>value);
  if (value >= LEAST) {
    let scale: f64 = 1;
    for (let places: u32 = 1; places <= MOST_PLACES; places++) {
      scale *= 10;
      const digits = nearest(value * scale);
      if (digits >= SURE_DIGITS) break;
      // A quotient of two exact numbers is rounded once: the decimal digits / scale has this nearest double.
      if (digits / scale == value) return putPlaces(to, <u64>digits, <u64>scale, places);
    }
  }
  return to + printDouble(value, to);
}

function putPlaces(to: usize, digits: u64, scale: u64, places: u32): usize {
  const whole = digits / scale;
  to = putUnsigned(to, whole);
  store<u8>(to, 0x2e);
  return putDigits(to + 1, digits - whole * scale, places);
}
