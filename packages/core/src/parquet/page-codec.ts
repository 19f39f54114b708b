import { SnappyCompressor, type Kernel } from '@winnow/kernel';
import { zstdPage } from '../zstd/compress.ts';
import type { Codec } from './format.ts';

/** Compresses pages. What it gives is valid until the next call into the kernel. */
export interface PageCodec {
  compress(page: Uint8Array): Uint8Array;
  dispose(): void;
}

const nothing = (): void => undefined;

/** `level` is that of zstd; the others have none. */
export function pageCodec(kernel: Kernel, codec: Codec, level: number): PageCodec {
  switch (codec) {
    case 'zstd':
      return { compress: (page) => zstdPage(page, level), dispose: nothing };
    case 'snappy':
      return new SnappyCompressor(kernel);
    case 'none':
      return { compress: (page) => page, dispose: nothing };
  }
}
