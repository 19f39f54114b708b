/** Of each sampled input the first, the middle and the last so many decoded bytes are looked at. */
export const WINDOW_BYTES = 256 * 1024;

/**
 * The whole lines in a piece of an input.
 * `atStart`: the piece begins where the input does; `atEnd`: it ends where the input does. Otherwise its first or
 * last line may be cut and is left out.
 */
export function wholeLines(piece: Uint8Array, atStart: boolean, atEnd: boolean): string[] {
  const lines = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('utf8').split('\n');
  if (!atStart) lines.shift();
  if (!atEnd) lines.pop();
  return lines;
}

/** The first, middle and last window of `size` bytes, without overlap; all of it where it is small. */
export function sampleWindows(size: number): { start: number; end: number }[] {
  if (size <= 3 * WINDOW_BYTES) return [{ start: 0, end: size }];
  const middle = Math.floor((size - WINDOW_BYTES) / 2);
  return [0, middle, size - WINDOW_BYTES].map((start) => ({ start, end: start + WINDOW_BYTES }));
}
