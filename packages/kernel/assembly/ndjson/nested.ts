// Objects and arrays inside a record: checked, not kept. A key twice in one object is a fault, however deep. A stack of
// open brackets instead of recursion, so that depth costs a byte and no call.
import { fail } from './fault';
import { scanLiteral, startsLiteral } from './literal';
import { addNestedKey, closeObject, forgetKeys, openObject } from './nested-keys';
import { scanNumberCall } from './number';
import {
  DUPLICATE_KEY,
  EXPECTED_COLON,
  EXPECTED_COMMA,
  EXPECTED_KEY,
  INVALID_VALUE,
  TOO_DEEP,
} from './reasons';
import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipSpace } from './scan';
import { scanStringCall } from './string';

/** Objects and arrays that may be open at once, the record itself among them. */
export const MAX_DEPTH: u32 = 1024;

/** The closing bracket of each open object and array. */
const open: usize = memory.data(1024);

/** The position behind a string, number or literal; 0 = fault. */
// @ts-ignore: decorator
@inline
function scalarEnd(p: usize, byte: u32): usize {
  if (byte == QUOTE) {
    const end = <usize>(<u32>scanStringCall(p + 1));
    return end ? end + 1 : 0;
  }
  if (startsLiteral(byte)) return <usize>(<u32>scanLiteral(p, byte));
  if (byte != 0x2d && byte - 0x30 > 9) return fail(p, INVALID_VALUE);
  return <usize>(<u32>scanNumberCall(p));
}

/** From a member's key to the first byte of its value; 0 = fault. */
// @ts-ignore: decorator
@inline
function memberValue(p: usize): usize {
  if (load<u8>(p) != QUOTE) return fail(p, EXPECTED_KEY);
  const key = p;
  const scanned = scanStringCall(p + 1);
  const end = <usize>(<u32>scanned);
  if (!end) return 0;
  p = skipSpace(end + 1);
  if (load<u8>(p) != COLON) return fail(p, EXPECTED_COLON);
  if (addNestedKey(key + 1, <u32>(end - key) - 1, <u32>(scanned >> 32))) return fail(key, DUPLICATE_KEY);
  return skipSpace(p + 1);
}

/** Checks the object or array at `p`; returns the position behind it; 0 = fault. */
export function nestedEnd(p: usize): usize {
  let depth: u32 = 0;
  let inValue = true;
  forgetKeys();
  while (inValue || depth) {
    const byte: u32 = load<u8>(p);
    if (!inValue) {
      // Behind a value: a comma and the next one, or the end of what holds it.
      const close: u32 = load<u8>(open + depth - 1);
      if (byte == close) {
        if (close == CLOSE_BRACE) closeObject();
        p++;
        depth--;
        if (depth) p = skipSpace(p);
      } else if (byte == COMMA) {
        p = skipSpace(p + 1);
        if (close == CLOSE_BRACE) p = memberValue(p);
        if (!p) return 0;
        inValue = true;
      } else return fail(p, EXPECTED_COMMA);
    } else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      if (depth + 1 == MAX_DEPTH) return fail(p, TOO_DEEP);
      const close = byte == OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
      store<u8>(open + depth++, close);
      if (byte == OPEN_BRACE) openObject();
      p = skipSpace(p + 1);
      if (load<u8>(p) == close) inValue = false;
      else if (byte == OPEN_BRACE) {
        p = memberValue(p);
        if (!p) return 0;
      }
    } else {
      p = scalarEnd(p, byte);
      if (!p) return 0;
      p = skipSpace(p);
      inValue = false;
    }
  }
  return p;
}
