import type { MARKS } from './decompress.ts';

/** Shorter runs are no longer as they are. */
const SHORTEST_RUN = 5;
const LONGEST_RUN = 255;

/** The same bytes with runs in their place; a mark that is text becomes a run of one, so that nobody takes it for an escape. */
export function compress(bytes: Uint8Array, mark: (typeof MARKS)[number]): Buffer {
  const out: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    let run = 1;
    while (run < LONGEST_RUN && bytes[at + run] === byte) run++;
    if (run >= SHORTEST_RUN || byte === mark) {
      const digits = run.toString(16).toUpperCase().padStart(2, '0');
      out.push(mark, digits.charCodeAt(0), digits.charCodeAt(1), byte);
    } else for (let copy = 0; copy < run; copy++) out.push(byte);
    at += run;
  }
  return Buffer.from(out);
}
