const LF = 10;

/** A piece of decoded bytes. */
export interface Piece {
  readonly bytes: Uint8Array;
}

/**
 * Leaves out an unfinished last line. For an input that is refused from some byte on: a record that the cut goes
 * through belongs to what is refused.
 *
 * One that is longer than `maxBytes` already goes through, for no more is held than that: it is quarantined as too
 * long, whatever its end would have been.
 */
export async function* withoutOpenLine(
  pieces: AsyncIterable<Piece>,
  maxBytes: number,
): AsyncGenerator<Piece> {
  let open: Uint8Array[] = [];
  let openBytes = 0;
  for await (const { bytes } of pieces) {
    const end = bytes.lastIndexOf(LF) + 1;
    if (end > 0) {
      for (const held of open) yield { bytes: held };
      yield { bytes: bytes.subarray(0, end) };
      open = [];
      openBytes = 0;
    }
    if (end === bytes.length) continue;
    open.push(bytes.subarray(end));
    openBytes += bytes.length - end;
    if (openBytes <= maxBytes) continue;
    for (const held of open) yield { bytes: held };
    open = [];
  }
}
