// Whole numbers in decimal.

const POWERS: usize = memory.data<u64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
  1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
  1000000000000000000, 10000000000000000000,
]);

/** 1 for zero, at most 20. */
export function digitCount(value: u64): u32 {
  // 1233 ÷ 4096 is the logarithm of 2: right, or one too many.
  const odd = value | 1;
  const guess = ((64 - <u32>clz(odd)) * 1233) >> 12;
  return guess + 1 - u32(odd < load<u64>(POWERS + ((<usize>guess) << 3)));
}

/** Two digits of a number below 100. */
// @ts-ignore: decorator
@inline
export function putTwo(to: usize, value: u32): void {
  const tens = (value * 103) >> 10;
  store<u16>(to, 0x3030 | tens | ((value - tens * 10) << 8));
}

/** The last `count` digits of the value, with zeros in front where it has fewer. */
export function putDigits(to: usize, value: u64, count: u32): usize {
  let at = to + count;
  while (value > 0xffffffff && at >= to + 2) {
    at -= 2;
    putTwo(at, <u32>(value % 100));
    value /= 100;
  }
  let small = <u32>value;
  while (at >= to + 2) {
    at -= 2;
    putTwo(at, small % 100);
    small /= 100;
  }
  if (at > to) store<u8>(to, 0x30 + (small % 10));
  return to + count;
}

/** At most 20 bytes. */
export function putUnsigned(to: usize, value: u64): usize {
  return putDigits(to, value, digitCount(value));
}

/** At most 20 bytes. */
export function putInteger(to: usize, value: i64): usize {
  if (value >= 0) return putUnsigned(to, value);
  store<u8>(to, 0x2d);
  return putUnsigned(to + 1, 0 - <u64>value);
}
