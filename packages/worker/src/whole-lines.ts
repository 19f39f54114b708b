const LF = 10;

/**
 * Leaves out an unfinished last line. For an input that is refused from some byte on: a record that the cut goes
 * through belongs to what is refused.
 */
export async function* withoutOpenLine(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let open: Uint8Array[] = [];
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LF) + 1;
    if (end === 0) {
      open.push(chunk);
      continue;
    }
    yield* open;
    yield chunk.subarray(0, end);
    open = end < chunk.length ? [chunk.slice(end)] : [];
  }
}
