// What stands where a value begins, in text that is known to be valid.
import { ARRAY, OBJECT } from './kinds';
import { scanLiteral, startsLiteral } from './literal';
import { scanNumberCall } from './number';
import { OPEN_BRACE, OPEN_BRACKET, QUOTE } from './scan';
import { nestedSkip } from './skip';
import { scanStringCall } from './string';

/** What `scanValue` found: kind, first byte (of a string: behind its quote) and length (without quotes). */
export let scannedKind: u32 = 0;
export let scannedStart: usize = 0;
export let scannedLength: u32 = 0;

/** Looks at the value at `p`; returns the position behind it. */
export function scanValue(p: usize): usize {
  const byte: u32 = load<u8>(p);
  scannedStart = p;
  if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
    const end = nestedSkip(p);
    scannedKind = byte == OPEN_BRACE ? OBJECT : ARRAY;
    scannedLength = <u32>(end - p);
    return end;
  }
  let scanned: u64;
  if (byte == QUOTE) scanned = scanStringCall(++scannedStart);
  else scanned = startsLiteral(byte) ? scanLiteral(p, byte) : scanNumberCall(p);
  const end = <usize>(<u32>scanned);
  scannedKind = <u32>(scanned >> 32);
  scannedLength = <u32>(end - scannedStart);
  return byte == QUOTE ? end + 1 : end;
}
