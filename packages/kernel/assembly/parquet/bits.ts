// Bitmaps, least significant bit first, read and written 64 bits at a time at any bit offset.

/** `count` (1 to 64) bits from bit `at` on; the others are 0. Reads up to 16 bytes: bitmaps have SLACK behind them. */
export function bitsAt(bitmap: usize, at: u32, count: u32): u64 {
  const byte = bitmap + (at >> 3);
  const shift = <u64>(at & 7);
  let bits = load<u64>(byte) >> shift;
  if (shift) bits |= load<u64>(byte, 8) << (64 - shift);
  return count < 64 ? bits & (((<u64>1) << count) - 1) : bits;
}

/** Writes bits at bit `at`, keeps those before it and writes zeros behind them, up to 16 bytes. */
export function putBits(bitmap: usize, at: u32, bits: u64): void {
  const byte = bitmap + (at >> 3);
  const shift = <u64>(at & 7);
  const kept = (<u64>load<u8>(byte)) & (((<u64>1) << shift) - 1);
  store<u64>(byte, kept | (bits << shift));
  store<u64>(byte, shift ? bits >> (64 - shift) : 0, 8);
}

/** How many of the bits [from, from + count) are 1. */
export function countBits(bitmap: usize, from: u32, count: u32): u32 {
  let ones: u32 = 0;
  for (let i: u32 = 0; i < count; i += 64) {
    ones += <u32>popcnt(bitsAt(bitmap, from + i, min<u32>(64, count - i)));
  }
  return ones;
}

/** Copies the bits [from, from + count) to the bit 0 of `to`; zeros behind the last. Writes up to 8 bytes behind it. */
export function copyBits(to: usize, bitmap: usize, from: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i += 64) {
    store<u64>(to + (i >> 3), bitsAt(bitmap, from + i, min<u32>(64, count - i)));
  }
}
