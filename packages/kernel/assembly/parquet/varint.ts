// ULEB-128 and zigzag, as Parquet's encodings use them.

/** Writes up to 10 bytes; gives the address behind them. */
export function putVarint(at: usize, value: u64): usize {
  while (value > 127) {
    store<u8>(at++, (<u8>value) | 128);
    value >>= 7;
  }
  store<u8>(at, <u8>value);
  return at + 1;
}

export function varintBytes(value: u64): u32 {
  let bytes: u32 = 1;
  while (value > 127) {
    bytes++;
    value >>= 7;
  }
  return bytes;
}

export function zigzag(value: i64): u64 {
  return (<u64>(value << 1)) ^ (<u64>(value >> 63));
}
