// The literals true, false and null, told by their first letter.
import { fail } from './fault';
import { FALSE, NULL, TRUE } from './kinds';
import { INVALID_VALUE } from './reasons';

const LETTER_F: u32 = 0x66;
const LETTER_N: u32 = 0x6e;
const LETTER_T: u32 = 0x74;

// @ts-ignore: decorator
@inline
export function startsLiteral(byte: u32): bool {
  return byte == LETTER_T || byte == LETTER_F || byte == LETTER_N;
}

/** Kind << 32 | position behind the literal; position 0 = fault. The constants are its letters, the first one lowest. */
// @ts-ignore: decorator
@inline
export function scanLiteral(p: usize, byte: u32): u64 {
  if (byte == LETTER_T) {
    if (load<u32>(p) == 0x65757274) return ((<u64>TRUE) << 32) | (p + 4);
  } else if (byte == LETTER_F) {
    if (load<u32>(p, 1) == 0x65736c61) return ((<u64>FALSE) << 32) | (p + 5);
  } else if (load<u32>(p) == 0x6c6c756e) return ((<u64>NULL) << 32) | (p + 4);
  return <u64>fail(p, INVALID_VALUE);
}
