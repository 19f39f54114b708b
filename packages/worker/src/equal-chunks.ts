/** Stored bytes that are decoded at once: the same for every attempt. */
export const STORED_CHUNK_BYTES = 2 ** 20;

/**
 * Cuts stored bytes into chunks of one size, the last one smaller, whatever chunks a storage gives.
 *
 * How much of a damaged stream decodes before its damage shows depends on these chunks, and with it how many
 * sub-units are committed by then, or whether the stream goes over its limit before. So equal chunks make all attempts
 * come to the same sub-units and refusals.
 */
export async function* equalChunks(
  chunks: AsyncIterable<Uint8Array>,
  chunkBytes: number,
): AsyncGenerator<Uint8Array> {
  let open: Uint8Array[] = [];
  let missing = chunkBytes;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + missing);
      at += piece.length;
      missing -= piece.length;
      open.push(piece);
      if (missing > 0) continue;
      yield joined(open);
      open = [];
      missing = chunkBytes;
    }
  }
  if (open.length > 0) yield joined(open);
}

/** Most storages give such chunks already: nothing is copied then. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  return first && pieces.length === 1 ? first : Buffer.concat(pieces);
}
