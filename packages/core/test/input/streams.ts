import { constants, crc32, createZstdCompress, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { once } from 'node:events';
import { decode, type DecodedChunk } from '../../src/input/decode.ts';
import { DecodeError } from '../../src/input/decode-error.ts';

/** The bytes in chunks of these lengths, taken in turn. */
export async function* inChunks(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    yield await Promise.resolve(bytes.subarray(at, at + length));
    at += length;
  }
}

export interface Decoded {
  /** What came out, as far as it may be kept. */
  readonly kept: Buffer;
  readonly error?: { readonly kind: string; readonly storedOffset: number; readonly decodedOffset: number };
  readonly chunks: readonly DecodedChunk[];
}

/** Decodes all, and after an error keeps what the error says. */
export async function decodeAll(
  stored: Uint8Array,
  lengths: readonly number[] = [1 << 16],
  maxWindowBytes = 2 ** 31,
  mostDecodedBytes = Infinity,
): Promise<Decoded> {
  const chunks: DecodedChunk[] = [];
  const all = (): Buffer => Buffer.concat(chunks.map(({ bytes }) => bytes));
  try {
    const options = { maxWindowBytes, mostDecodedBytes };
    for await (const chunk of decode(inChunks(stored, lengths), options)) chunks.push(chunk);
    return { kept: all(), chunks };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const { kind, storedOffset, decodedOffset } = error;
    return { kept: all().subarray(0, decodedOffset), error: { kind, storedOffset, decodedOffset }, chunks };
  }
}

export const zstdFrame = (content: string | Uint8Array, checksum = true): Buffer =>
  zstdCompressSync(Buffer.from(content), {
    params: { [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0 },
  });

/** A frame that tells no content size and declares a window of 2^log bytes; flushed after each piece. */
export async function streamedFrame(
  pieces: readonly string[],
  windowLog: number,
  checksum = true,
): Promise<Buffer> {
  const stream = createZstdCompress({
    params: {
      [constants.ZSTD_c_windowLog]: windowLog,
      [constants.ZSTD_c_enableLongDistanceMatching]: windowLog > 27 ? 1 : 0,
      // Small tables: only the declared window is of interest.
      [constants.ZSTD_c_hashLog]: 10,
      [constants.ZSTD_c_chainLog]: 10,
      [constants.ZSTD_c_checksumFlag]: checksum ? 1 : 0,
    },
  });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const piece of pieces) {
    stream.write(piece);
    await new Promise<void>((resolve) => stream.flush(() => resolve()));
  }
  stream.end();
  await once(stream, 'end');
  return Buffer.concat(chunks);
}

export function skippableFrame(length: number, magic = 0): Buffer {
  const frame = Buffer.alloc(8 + length, 0x28);
  frame.writeUInt32LE(0x184d2a50 + magic, 0);
  frame.writeUInt32LE(length, 4);
  return frame;
}

/** A member whose header has every optional field. */
export function decoratedMember(content: string): Buffer {
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3]),
    Buffer.from([5, 0, 9, 9, 0x1f, 0x8b, 8]),
    Buffer.from('name.ndjson\0comment\0'),
  ]);
  const sums = Buffer.alloc(10);
  sums.writeUInt16LE(crc32(header) & 0xffff, 0);
  sums.writeUInt32LE(crc32(content), 2);
  sums.writeUInt32LE(content.length, 6);
  return Buffer.concat([header, sums.subarray(0, 2), deflateRawSync(content), sums.subarray(2)]);
}

export const gzipMember = (content: string | Uint8Array): Buffer => gzipSync(content);
