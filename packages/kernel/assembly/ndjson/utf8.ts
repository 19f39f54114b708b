// Which line is not UTF-8: only asked where the check of a whole buffer failed.

/** Bytes of the sequence at `p` (RFC 3629, section 4); 0 = not well-formed. */
function sequenceLength(p: usize): u32 {
  const first: u32 = load<u8>(p);
  const second: u32 = load<u8>(p, 1);
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return (second & 0xc0) == 0x80 ? 2 : 0;
  let low: u32 = 0x80;
  let high: u32 = 0xbf;
  if (first == 0xe0) low = 0xa0;
  else if (first == 0xed) high = 0x9f;
  else if (first == 0xf0) low = 0x90;
  else if (first == 0xf4) high = 0x8f;
  if (second < low || second > high || (load<u8>(p, 2) & 0xc0) != 0x80) return 0;
  if (first < 0xf0) return 3;
  return (load<u8>(p, 3) & 0xc0) == 0x80 ? 4 : 0;
}

/** The first byte in [p, end) that is no UTF-8; 0 = all is well. The byte at `end` must be ASCII. */
export function invalidUtf8(p: usize, end: usize): usize {
  while (p < end) {
    if (!i8x16.bitmask(v128.load(p))) {
      p += 16;
      continue;
    }
    const length = sequenceLength(p);
    if (!length) return p;
    p += length;
  }
  return 0;
}
