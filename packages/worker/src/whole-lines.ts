const LF = 10;

/** A piece of decoded bytes. */
export interface Piece {
  readonly bytes: Uint8Array;
}

/**
 * Leaves out an unfinished last line. For an input that is refused from some byte on: a record that the cut goes
 * through belongs to what is refused.
 */
export async function* withoutOpenLine(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  let open: Piece[] = [];
  for await (const { bytes } of pieces) {
    const end = bytes.lastIndexOf(LF) + 1;
    if (end === 0) {
      open.push({ bytes });
      continue;
    }
    yield* open;
    yield { bytes: bytes.subarray(0, end) };
    open = end < bytes.length ? [{ bytes: bytes.subarray(end) }] : [];
  }
}
