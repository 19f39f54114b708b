// Doubles as ECMAScript prints them (ECMA-262, Number::toString): the fewest digits that read back as the same double.

import { shortestDecimal, shortestDigits, shortestExponent } from '../number/shortest';
import { digitCount, putDigits, putInteger, putUnsigned } from './integer';

/** Below it every whole number is a double: 2^53. */
const WHOLE: f64 = 9007199254740992.0;
const MINUS: u8 = 0x2d;
const POINT: u8 = 0x2e;
const ZERO: u8 = 0x30;
/** So many digits may stand before the point, and so many zeros behind it, without an exponent. */
const MOST_WHOLE_DIGITS: i32 = 21;
const MOST_ZEROS: i32 = 5;

/**
 * A finite double; -0 is `-0.0`, since readers take `-0` for the integer, which has no sign. At most 25 bytes.
 */
export function putDouble(to: usize, value: f64): usize {
  if (reinterpret<i64>(value) < 0) {
    store<u8>(to++, MINUS);
    value = -value;
    if (value == 0) {
      store<u32>(to, 0x302e30); // 0.0
      return to + 3;
    }
  }
  if (value < WHOLE && floor(value) == value) return putUnsigned(to, <u64>value);
  shortestDecimal(value);
  return putDecimalDigits(to, shortestDigits, shortestExponent);
}

/** digits × 10^exponent, of digits that do not end in zero. */
function putDecimalDigits(to: usize, digits: u64, exponent: i32): usize {
  const count = <i32>digitCount(digits);
  const whole = count + exponent;
  if (whole > MOST_WHOLE_DIGITS || whole < -MOST_ZEROS) {
    return putExponential(to, digits, count, whole - 1);
  }
  if (exponent >= 0) return putZeros(putDigits(to, digits, count), exponent);
  if (whole > 0) return putPointed(to, digits, count, whole);
  store<u16>(to, 0x2e30); // 0.
  return putDigits(putZeros(to + 2, -whole), digits, count);
}

function putExponential(to: usize, digits: u64, count: i32, exponent: i32): usize {
  to = count == 1 ? putDigits(to, digits, 1) : putPointed(to, digits, count, 1);
  store<u16>(to, exponent < 0 ? 0x2d65 : 0x2b65); // e- or e+
  return putInteger(to + 2, abs(exponent));
}

/** With a point behind the first `whole` digits. */
function putPointed(to: usize, digits: u64, count: i32, whole: i32): usize {
  const end = putDigits(to + 1, digits, count);
  memory.copy(to, to + 1, whole);
  store<u8>(to + whole, POINT);
  return end;
}

function putZeros(to: usize, count: i32): usize {
  memory.fill(to, ZERO, count);
  return to + count;
}
