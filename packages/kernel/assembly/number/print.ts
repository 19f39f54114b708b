// Numbers as text: ECMAScript, Number::toString.
import { shortestDecimal, shortestDigits, shortestExponent } from './shortest';

/** No double's text is longer, sign included: -0.0000011111111111111111. */
export const MAX_DOUBLE_BYTES: u32 = 25;

const ZERO: u32 = 0x30;
const POINT: u32 = 0x2e;
const MINUS: u32 = 0x2d;
/** Up to this many digits before the point, and this many zeros behind it, a number has no exponent. */
const MAX_WHOLE: i32 = 21;
const MAX_LEADING: i32 = 5;
const EIGHT_DIGITS: u64 = 100_000_000;

function digitCount(digits: u64): i32 {
  let count = 1;
  let limit: u64 = 10;
  while (digits >= limit) {
    count++;
    if (count == 20) return count;
    limit *= 10;
  }
  return count;
}

/** Writes the last `count` digits so that they end at `end`. */
function writeDigits(end: usize, digits: u64, count: i32): void {
  while (count > 8) {
    const next = digits / EIGHT_DIGITS;
    writeFew(end, <u32>(digits - next * EIGHT_DIGITS), 8);
    digits = next;
    end -= 8;
    count -= 8;
  }
  writeFew(end, <u32>digits, count);
}

// @ts-ignore: decorator
@inline
function writeFew(end: usize, digits: u32, count: i32): void {
  while (count > 0) {
    const next = digits / 10;
    store<u8>(--end, ZERO + digits - next * 10);
    digits = next;
    count--;
  }
}

// A few bytes only: memory.fill and memory.copy are calls out of the module, which cost more.
// @ts-ignore: decorator
@inline
function writeZeros(p: usize, end: usize): void {
  while (p < end) store<u8>(p++, ZERO);
}

/** Writes an integer in decimal and returns the end; at most 20 bytes. */
export function printInteger(to: usize, value: i64): usize {
  let magnitude = <u64>value;
  if (value < 0) {
    store<u8>(to++, MINUS);
    magnitude = 0 - magnitude;
  }
  const count = digitCount(magnitude);
  writeDigits(to + count, magnitude, count);
  return to + count;
}

function printExponent(to: usize, exponent: i32): usize {
  store<u8>(to, 0x65);
  store<u8>(to + 1, exponent < 0 ? MINUS : 0x2b);
  return printInteger(to + 2, abs(exponent));
}

/**
 * Writes a finite double as JavaScript prints it, only that -0 is `-0`, and returns the end: at most
 * `MAX_DOUBLE_BYTES`, and nothing is written behind it.
 */
export function printDouble(to: usize, value: f64): usize {
  if (reinterpret<i64>(value) < 0) store<u8>(to++, MINUS);
  if (value == 0) {
    store<u8>(to, ZERO);
    return to + 1;
  }
  shortestDecimal(value);
  const digits = shortestDigits;
  const count = digitCount(digits);
  /** Digits before the point, were there no exponent. */
  const whole = count + shortestExponent;
  if (whole > MAX_WHOLE || whole < -MAX_LEADING) {
    if (count == 1) store<u8>(to++, ZERO + <u32>digits);
    else {
      to += count + 1;
      writeDigits(to, digits, count);
      store<u8>(to - count - 1, load<u8>(to - count));
      store<u8>(to - count, POINT);
    }
    return printExponent(to, whole - 1);
  }
  if (whole <= 0) {
    const start = to;
    to += 2 - whole;
    writeZeros(start, to);
    store<u8>(start + 1, POINT);
    writeDigits(to + count, digits, count);
    return to + count;
  }
  if (whole >= count) {
    writeDigits(to + count, digits, count);
    writeZeros(to + count, to + whole);
    return to + whole;
  }
  writeDigits(to + count + 1, digits, count);
  const end = to + count + 1;
  const point = to + whole;
  while (to < point) {
    store<u8>(to, load<u8>(to + 1));
    to++;
  }
  store<u8>(point, POINT);
  return end;
}
