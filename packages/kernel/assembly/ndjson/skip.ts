// Passing over text that is known to be valid.
import { CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './scan';
import { scanStringCall } from './string';

/** The position behind the object or array at `p`. */
export function nestedSkip(p: usize): usize {
  let depth: u32 = 0;
  do {
    const byte: u32 = load<u8>(p);
    if (byte == QUOTE) p = <usize>(<u32>scanStringCall(p + 1));
    else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) depth++;
    else if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET) depth--;
    p++;
  } while (depth);
  return p;
}
