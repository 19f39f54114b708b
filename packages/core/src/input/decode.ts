import { sniff } from './compression.ts';
import type { DecodedChunk } from './decoded-chunk.ts';
import { DecodeError } from './decode-error.ts';
import { decodeGzip } from './gzip.ts';
import { StoredReader } from './stored-reader.ts';
import { MAGIC_BYTES } from './zstd-format.ts';
import { decodeZstd } from './zstd.ts';

export type { DecodedChunk } from './decoded-chunk.ts';

export interface DecodeOptions {
  /** The largest zstd window that this process has room for. */
  readonly maxWindowBytes: number;
  /** Give this many decoded bytes, then end: what a {@link DecodeError} said may be kept. Default: all. */
  readonly decodedLimit?: number;
  /** A compressed input that decodes to more fails as `over-limit` once this many bytes were given. Default: none does. */
  readonly mostDecodedBytes?: number;
  readonly signal?: AbortSignal;
}

/** Where the bytes go over the limit follows from the stream, not from how it was cut into chunks. */
async function* upTo(mostBytes: number, chunks: AsyncIterable<DecodedChunk>): AsyncGenerator<DecodedChunk> {
  let left = mostBytes;
  for await (const chunk of chunks) {
    const over = chunk.bytes.length > left;
    if (!over || left > 0) yield over ? { ...chunk, bytes: chunk.bytes.subarray(0, left) } : chunk;
    left -= chunk.bytes.length;
    if (!over) continue;
    throw new DecodeError('over-limit', `it decodes to more than ${mostBytes} bytes`, {
      storedOffset: chunk.storedStart,
      decodedOffset: mostBytes,
    });
  }
}

async function* passThrough(reader: StoredReader): AsyncGenerator<DecodedChunk> {
  for (let bytes = await reader.next(); bytes !== undefined; bytes = await reader.next()) {
    yield { bytes, storedStart: reader.offset - bytes.length, storedEnd: reader.offset };
  }
}

async function open(
  reader: StoredReader,
  { maxWindowBytes, mostDecodedBytes = Infinity }: DecodeOptions,
): Promise<AsyncGenerator<DecodedChunk>> {
  const { kind } = sniff(await reader.peek(MAGIC_BYTES));
  if (kind === 'none') return passThrough(reader);
  return upTo(mostDecodedBytes, kind === 'gzip' ? decodeGzip(reader) : decodeZstd(reader, maxWindowBytes));
}

/**
 * Decodes an input, whatever its compression (told by {@link sniff}), in constant memory: the zstd window, a stored
 * chunk and 256 KiB. Bytes come as soon as they are decoded, before their checksum was seen: when a
 * {@link DecodeError} follows, start again with its `decodedOffset` as `decodedLimit`.
 *
 * @throws DecodeError where the stored bytes are cut or damaged, or decode to more than `mostDecodedBytes`
 * @throws OutOfMemoryError where a zstd window is larger than `maxWindowBytes`, before it is allocated
 */
export async function* decode(
  stored: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<DecodedChunk, void, void> {
  const { decodedLimit = Infinity, signal } = options;
  const reader = new StoredReader(stored);
  let left = decodedLimit;
  try {
    if (left <= 0) return;
    for await (const chunk of await open(reader, options)) {
      signal?.throwIfAborted();
      if (chunk.bytes.length === 0) continue;
      yield chunk.bytes.length > left ? { ...chunk, bytes: chunk.bytes.subarray(0, left) } : chunk;
      left -= chunk.bytes.length;
      if (left <= 0) return;
    }
  } finally {
    await reader.close();
  }
}
