import type { CsvNewline } from './csv-dialect.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Where a line ends, and behind its end. */
export interface LineEnd {
  readonly at: number;
  readonly next: number;
}

/** Whether the last byte may be the start of a line end whose length the next byte decides. */
export function endsOpen(bytes: Uint8Array, newline: CsvNewline): boolean {
  return bytes.at(-1) === CARRIAGE_RETURN && (newline === 'crlf' || newline === 'any');
}

/** The first line end from `from` on; undefined where there is none, or where {@link endsOpen} leaves it open. */
export function findLineEnd(bytes: Uint8Array, newline: CsvNewline, from: number): LineEnd | undefined {
  for (let at = nextCandidate(bytes, newline, from); at >= 0; at = nextCandidate(bytes, newline, at + 1)) {
    if (newline === 'lf' || newline === 'cr' || bytes[at] === LINE_FEED) return { at, next: at + 1 };
    if (at + 1 === bytes.length) return undefined;
    if (bytes[at + 1] === LINE_FEED) return { at, next: at + 2 };
    if (newline === 'any') return { at, next: at + 1 };
  }
  return undefined;
}

function nextCandidate(bytes: Uint8Array, newline: CsvNewline, from: number): number {
  if (newline === 'lf') return bytes.indexOf(LINE_FEED, from);
  const found = bytes.indexOf(CARRIAGE_RETURN, from);
  if (newline !== 'any') return found;
  const feed = bytes.subarray(0, found < 0 ? bytes.length : found).indexOf(LINE_FEED, from);
  return feed < 0 ? found : feed;
}
