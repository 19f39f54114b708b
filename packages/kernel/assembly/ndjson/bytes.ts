// Copying and comparing 16 bytes at a time; both may touch up to 15 bytes behind the end (see SLACK in batch.ts).

// @ts-ignore: decorator
@inline
export function copyBytes(to: usize, from: usize, length: u32): void {
  const end = to + length;
  do {
    v128.store(to, v128.load(from));
    to += 16;
    from += 16;
  } while (to < end);
}

// @ts-ignore: decorator
@inline
export function equalBytes(a: usize, b: usize, length: u32): bool {
  while (length >= 16) {
    if (v128.any_true(v128.xor(v128.load(a), v128.load(b)))) return false;
    a += 16;
    b += 16;
    length -= 16;
  }
  if (!length) return true;
  const wanted = (1 << length) - 1;
  return (i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))) & wanted) == wanted;
}

/** A 64-bit hash of all bytes; equal in every run. */
export function hashBytes(p: usize, length: u32): u64 {
  let hash: u64 = <u64>length * 0x9e3779b97f4a7c15;
  while (length > 8) {
    hash = (hash ^ load<u64>(p)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 29;
    p += 8;
    length -= 8;
  }
  if (length) hash = (hash ^ (load<u64>(p) & (~(<u64>0) >> (64 - 8 * <u64>length)))) * 0xc4ceb9fe1a85ec53;
  return hash ^ (hash >> 32);
}
