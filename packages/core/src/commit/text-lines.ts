import { LINE_FEED } from '../json-bytes.ts';

/**
 * The lines of a text, without their newlines and without copying where a line lies within a chunk: a line is good
 * until the next is asked for. Memory: the longest line and one chunk.
 */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let open: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      const last = bytes.subarray(start, end);
      yield open.length === 0 ? last : Buffer.concat([...open, last]);
      open = [];
      start = end + 1;
    }
    if (start < bytes.length) open.push(Buffer.from(bytes.subarray(start)));
  }
  if (open.length > 0) yield Buffer.concat(open);
}
