import { constants, zstdDecompressSync } from 'node:zlib';
import { WinnowError } from '../errors.ts';
import { isSkippable, zstdFrameLength } from './frames.ts';

/** Frames that Winnow writes hold 1 MiB; those of other writers may hold more, up to these. */
const MAX_STORED_FRAME_BYTES = 64 << 20;
const MAX_DECODED_FRAME_BYTES = 512 << 20;

const LINE_FEED = 10;

/**
 * The lines of a zstd-compressed text of any number of frames, without their line feeds. Holds one frame and one line
 * in memory. Throws a `WinnowError` that names the stored offset where a frame is cut, damaged or none, and for text
 * that is no UTF-8.
 */
export async function* readZstdLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const open: Buffer[] = [];
  for await (const text of decodedFrames(chunks)) {
    let from = 0;
    for (let end = text.indexOf(LINE_FEED); end >= 0; end = text.indexOf(LINE_FEED, from)) {
      yield lineOf(open, text.subarray(from, end));
      from = end + 1;
    }
    if (from < text.length) open.push(text.subarray(from));
  }
  if (open.length > 0) yield lineOf(open, Buffer.alloc(0));
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Takes the pieces of the open line. */
function lineOf(open: Buffer[], last: Buffer): string {
  const bytes = open.length === 0 ? last : Buffer.concat([...open.splice(0), last]);
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new WinnowError('a line of a zstd text file is not UTF-8', { cause });
  }
}

async function* decodedFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pending = Buffer.alloc(0);
  let offset = 0;
  for await (const chunk of chunks) {
    pending = Buffer.concat([pending, chunk]);
    for (
      let length = frameLength(pending, offset);
      length !== undefined;
      length = frameLength(pending, offset)
    ) {
      yield decodeFrame(pending.subarray(0, length), offset);
      pending = pending.subarray(length);
      offset += length;
    }
  }
  if (pending.length > 0 || offset === 0) {
    throw new WinnowError(`the zstd frame at byte ${offset} is cut: the file ends inside it`);
  }
}

/** Of the first frame of `pending`, which begins at byte `offset` of the file; undefined where it is not all there. */
function frameLength(pending: Buffer, offset: number): number | undefined {
  const length = zstdFrameLength(pending, offset);
  if (length === undefined && pending.length > MAX_STORED_FRAME_BYTES) {
    throw new WinnowError(
      `the zstd frame at byte ${offset} must be at most ${MAX_STORED_FRAME_BYTES} bytes long, is longer`,
      { hint: 'compress the text in smaller frames' },
    );
  }
  return length;
}

function decodeFrame(frame: Buffer, offset: number): Buffer {
  if (isSkippable(frame)) return Buffer.alloc(0);
  try {
    return zstdDecompressSync(frame, {
      maxOutputLength: MAX_DECODED_FRAME_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: 31 },
    });
  } catch (cause) {
    throw new WinnowError(`the zstd frame at byte ${offset} cannot be decoded: ${String(cause)}`, { cause });
  }
}
