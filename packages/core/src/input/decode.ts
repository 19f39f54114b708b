import { sniff } from './compression.ts';
import type { DecodedChunk } from './decoded-chunk.ts';
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
  readonly signal?: AbortSignal;
}

async function* passThrough(reader: StoredReader): AsyncGenerator<DecodedChunk> {
  for (let bytes = await reader.next(); bytes !== undefined; bytes = await reader.next()) {
    yield { bytes, storedEnd: reader.offset };
  }
}

async function open(reader: StoredReader, maxWindowBytes: number): Promise<AsyncGenerator<DecodedChunk>> {
  const { kind } = sniff(await reader.peek(MAGIC_BYTES));
  if (kind === 'gzip') return decodeGzip(reader);
  return kind === 'zstd' ? decodeZstd(reader, maxWindowBytes) : passThrough(reader);
}

/**
 * Decodes an input, whatever its compression (told by {@link sniff}), in constant memory: the zstd window, a stored
 * chunk and 256 KiB. Bytes come as soon as they are decoded, before their checksum was seen: when a
 * {@link DecodeError} follows, start again with its `decodedOffset` as `decodedLimit`.
 *
 * @throws DecodeError where the stored bytes are cut or damaged
 * @throws OutOfMemoryError where a zstd window is larger than `maxWindowBytes`, before it is allocated
 */
export async function* decode(
  stored: AsyncIterable<Uint8Array>,
  options: DecodeOptions,
): AsyncGenerator<DecodedChunk, void, void> {
  const { maxWindowBytes, decodedLimit = Infinity, signal } = options;
  const reader = new StoredReader(stored);
  let left = decodedLimit;
  try {
    if (left <= 0) return;
    for await (const chunk of await open(reader, maxWindowBytes)) {
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
