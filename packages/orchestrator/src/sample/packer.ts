import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Random } from './random.ts';

/** Compresses a file's text piece by piece: each piece a gzip member or a zstd frame of its own. */
export type Packer = (piece: Buffer, index: number) => Buffer;

export type Packing = 'none' | 'gzip' | 'zstd';

/** What readers tell formats by is the content; the names only help people. */
export const SUFFIXES: Readonly<Record<Packing, string>> = { none: '', gzip: '.gz', zstd: '.zst' };

/** A skippable frame (RFC 8878, 3.1.2) of 5 bytes, which holds no data. */
const SKIPPABLE = Buffer.from('502a4d180500000077696e6e6f', 'hex');

export const PACKERS: Readonly<Record<Packing, Packer>> = {
  none: (piece) => piece,
  gzip: (piece) => gzipSync(piece),
  zstd: (piece, index) =>
    index === 1 ? Buffer.concat([SKIPPABLE, zstdCompressSync(piece)]) : zstdCompressSync(piece),
};

const KIB = 1024;

/** Decoded bytes of the next piece, at most 1 MiB: borders fall anywhere, also inside records and characters. */
export const pieceBytes = (random: Random): number =>
  random.once(2) ? 1 + random.below(16 * KIB) : 16 * KIB + random.below(1008 * KIB);
