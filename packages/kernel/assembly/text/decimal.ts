// Decimals of 128 bits, with exactly as many places as their column has.

import { putDigits, putUnsigned } from './integer';

const NANO: u64 = 1_000_000_000;

/** Room for all digits of 2^127, in groups of nine. */
const DIGITS: u32 = 45;
const digits: usize = memory.data(48);

/** The unscaled value at `value`, little-endian two's complement. At most 41 bytes. */
export function putDecimal(to: usize, value: usize, scale: u32): usize {
  let low = load<u64>(value);
  let high = load<u64>(value, 8);
  if (<i64>high < 0) {
    low = 0 - low;
    high = ~high + u64(low == 0);
    store<u8>(to++, 0x2d);
  }
  if (!scale && !high) return putUnsigned(to, low);
  const first = spellDigits(low, high, scale + 1);
  const point = DIGITS - scale;
  memory.copy(to, digits + first, point - first);
  to += point - first;
  if (!scale) return to;
  store<u8>(to++, 0x2e);
  memory.copy(to, digits + point, scale);
  return to + scale;
}

/** Fills `digits` from its end on, with zeros in front; gives the place of the first digit, or of the first `least`. */
function spellDigits(low: u64, high: u64, least: u32): u32 {
  let at = DIGITS;
  while (at) {
    // Long division by NANO, 32 bits a step.
    let rest = high % NANO;
    high /= NANO;
    const upper = (rest << 32) | (low >> 32);
    rest = upper % NANO;
    const lower = (rest << 32) | (low & 0xffffffff);
    low = ((upper / NANO) << 32) | (lower / NANO);
    at -= 9;
    putDigits(digits + at, lower % NANO, 9);
  }
  while (at < DIGITS - least && load<u8>(digits + at) == 0x30) at++;
  return at;
}
