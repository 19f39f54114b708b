import type { TextCodec } from '../../src/commit/text-codec.ts';
import { textLines } from '../../src/commit/text-lines.ts';

/** Text as it is: the close's logic does not depend on how its objects are compressed. */
export const plainCodec: TextCodec = {
  writer: (sink) => ({ write: (text) => sink.write(Buffer.from(text)), finish: () => Promise.resolve() }),
  async *lines(bytes) {
    for await (const line of textLines(bytes)) yield line.toString();
  },
};
