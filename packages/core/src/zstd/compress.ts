import { constants, zstdCompressSync } from 'node:zlib';

/** What else than the page itself decides a frame's bytes. */
interface FrameOptions {
  readonly level: number;
  /** Whether the frame ends with a checksum of its content. */
  readonly checksum: boolean;
}

/**
 * The one place where anything of an output is compressed. Equal input gives equal bytes for one version of zstd:
 * the whole content at once, its size pledged, and the size of Node's output chunk a function of it (other chunk
 * sizes give other bytes, and so does the asynchronous way).
 */
function zstdFrame(bytes: Uint8Array, options: FrameOptions): Uint8Array {
  return zstdCompressSync(bytes, {
    chunkSize: Math.max(1024, bytes.length + (bytes.length >> 7) + 512),
    pledgedSrcSize: bytes.length,
    params: {
      [constants.ZSTD_c_compressionLevel]: options.level,
      [constants.ZSTD_c_checksumFlag]: options.checksum ? 1 : 0,
    },
  });
}

/** One frame with content size: a page of a Parquet file. */
export const zstdPage = (bytes: Uint8Array, level: number): Uint8Array =>
  zstdFrame(bytes, { level, checksum: false });

/** One frame with content size and checksum: a stretch of a text file. */
export const zstdTextFrame = (bytes: Uint8Array, level: number): Uint8Array =>
  zstdFrame(bytes, { level, checksum: true });
