const LINE_FEED = 10;

/** Some bytes of a text, and how many lines end in them. */
export interface TextPiece {
  readonly bytes: Uint8Array;
  readonly lines: number;
}

/** A run of lines ends with the line that makes it have so many of either. */
export interface RunLimit {
  readonly lines: number;
  readonly bytes: number;
}

/**
 * Cuts a text into runs of whole lines, the last one shorter, without holding more than one of its pieces. A run must be
 * read to its end before the next is asked for.
 */
export async function* cutText(
  text: AsyncIterable<Uint8Array>,
  limit: RunLimit,
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
    let lines = 0;
    let bytes = 0;
    for (let ended = false; !ended && (await more());) {
      const piece = upToLine(rest, { lines: limit.lines - lines, bytes: limit.bytes - bytes });
      lines += piece.lines;
      bytes += piece.bytes.length;
      rest = rest.subarray(piece.bytes.length);
      ended = piece.ended;
      yield piece;
    }
  };
  try {
    while (await more()) yield oneRun();
  } finally {
    await pieces.return?.();
  }
}

/** The beginning of `bytes` up to the end of the line that makes it enough; all of it where none does. */
function upToLine(bytes: Uint8Array, enough: RunLimit): TextPiece & { readonly ended: boolean } {
  let length = 0;
  for (let lines = 0; ;) {
    const end = bytes.indexOf(LINE_FEED, length);
    if (end < 0) return { bytes, lines, ended: false };
    length = end + 1;
    lines++;
    if (lines >= enough.lines || length >= enough.bytes) {
      return { bytes: bytes.subarray(0, length), lines, ended: true };
    }
  }
}
