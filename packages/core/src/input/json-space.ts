import { LINE_FEED, SPACE } from '../json-bytes.ts';

/** White space as JSON has it (RFC 8259, section 2). */
export function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === LINE_FEED || byte === 0x0d || byte === 0x09;
}

/** The first byte from `start` on that is no white space; the end where there is none. */
export function skipSpace(bytes: Uint8Array, start: number, end = bytes.length): number {
  let at = start;
  while (at < end && isSpace(bytes[at])) at++;
  return at;
}

/** Behind the last byte before `end` that is no white space; `start` where there is none. */
export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(bytes[at - 1])) at--;
  return at;
}

/** Length of the byte order mark that the bytes begin with. */
export function markLength(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}
