/**
 * Longer texts are shortened in the footer, or it would hold whole documents. 64 bytes, as parquet-rs has it.
 * Part of what is frozen.
 */
export const MAX_BOUND_BYTES = 64;

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** The longest prefix of at most {@link MAX_BOUND_BYTES} that ends between two code points. Sorts at or below the text. */
export function lowerBound(text: Buffer): Buffer {
  let end = Math.min(text.length, MAX_BOUND_BYTES);
  while (end > 0 && end < text.length && isContinuation(text[end] ?? 0)) end--;
  return text.subarray(0, end);
}

/**
 * A text of at most {@link MAX_BOUND_BYTES} (and three) that sorts at or above the given one: itself, or its prefix
 * with the last code point that has a successor raised to it. Undefined where none has: all are U+10FFFF.
 */
export function upperBound(text: Buffer): Buffer | undefined {
  const prefix = lowerBound(text);
  if (prefix.length === text.length) return text;
  const points = Array.from(prefix.toString(), (character) => character.codePointAt(0) ?? 0);
  for (let point = points.pop(); point !== undefined; point = points.pop()) {
    if (point === 0x10ffff) continue;
    // The surrogates between U+D7FF and U+E000 are no text.
    points.push(point === 0xd7ff ? 0xe000 : point + 1);
    return Buffer.from(String.fromCodePoint(...points));
  }
  return undefined;
}
