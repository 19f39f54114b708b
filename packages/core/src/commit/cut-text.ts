const LINE_FEED = 10;

/** Some bytes of a text, and how many lines end in them. */
export interface TextPiece {
  readonly bytes: Uint8Array;
  readonly lines: number;
}

/**
 * Cuts a text into runs of `lines` lines each, the last one shorter, without holding more than one of its pieces. A
 * run must be read to its end before the next is asked for.
 */
export async function* cutText(
  text: AsyncIterable<Uint8Array>,
  lines: number,
): AsyncGenerator<AsyncIterable<TextPiece>> {
  const pieces = text[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);
  /** Whether there is more of the text: in `rest` then. */
  const more = async (): Promise<boolean> => {
    while (rest.length === 0) {
      const next = await pieces.next();
      if (next.done === true) return false;
      rest = next.value;
    }
    return true;
  };
  const oneRun = async function* (): AsyncGenerator<TextPiece> {
    for (let left = lines; left > 0 && (await more());) {
      const piece = upToLine(rest, left);
      left -= piece.lines;
      rest = rest.subarray(piece.bytes.length);
      yield piece;
    }
  };
  try {
    while (await more()) yield oneRun();
  } finally {
    await pieces.return?.();
  }
}

/** The beginning of `bytes` up to the end of so many lines; all of it where it has fewer. */
function upToLine(bytes: Uint8Array, most: number): TextPiece {
  let length = 0;
  for (let lines = 0; lines < most; lines++) {
    const end = bytes.indexOf(LINE_FEED, length);
    if (end < 0) return { bytes, lines };
    length = end + 1;
  }
  return { bytes: bytes.subarray(0, length), lines: most };
}
