/** The outer form of zstd: RFC 8878, section 3.1. All numbers are little-endian. */

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** "Blocks … Block_Maximum_Size: the smaller of Window_Size and 128 KiB" (3.1.1.2.4). */
const MAX_BLOCK_BYTES = 128 * 1024;

export const MAGIC_BYTES = 4;
export const BLOCK_HEADER_BYTES = 3;
export const CHECKSUM_BYTES = 4;
/** Magic and length of a skippable frame (3.1.2). */
export const SKIPPABLE_HEADER_BYTES = 8;

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const magicOf = (bytes: Uint8Array): number =>
  bytes.length < MAGIC_BYTES ? 0 : view(bytes).getUint32(0, true);

export const isFrame = (bytes: Uint8Array): boolean => magicOf(bytes) === FRAME_MAGIC;
/** Sixteen magic numbers stand for skippable frames. */
export const isSkippable = (bytes: Uint8Array): boolean => (magicOf(bytes) & ~0xf) >>> 0 === SKIPPABLE_MAGIC;

/** Whether fewer than four bytes may be the beginning of a magic number. */
export function mayBeMagic(bytes: Uint8Array): boolean {
  const frame = [0x28, 0xb5, 0x2f, 0xfd];
  const skippable = [((bytes[0] ?? 0) & 0xf) | 0x50, 0x2a, 0x4d, 0x18];
  return [frame, skippable].some((magic) => bytes.every((byte, index) => byte === magic[index]));
}

/** Length of a skippable frame, header included. `bytes` hold at least its header. */
export const skippableLength = (bytes: Uint8Array): number =>
  SKIPPABLE_HEADER_BYTES + view(bytes).getUint32(4, true);

export interface FrameHeader {
  /** With the magic number. */
  readonly length: number;
  /** The history that a decoder must hold: Window_Size, or the content's size where that is smaller. */
  readonly windowBytes: number;
  readonly contentSize?: number;
  readonly hasChecksum: boolean;
  readonly maxBlockBytes: number;
}

/** Exponent and mantissa of Window_Descriptor (3.1.1.1.2): from 1 KiB to 3.75 TiB. */
function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function contentSizeOf(bytes: DataView, at: number, length: number): number | undefined {
  if (length === 1) return bytes.getUint8(at);
  if (length === 2) return bytes.getUint16(at, true) + 256;
  if (length === 4) return bytes.getUint32(at, true);
  return length === 8 ? Number(bytes.getBigUint64(at, true)) : undefined;
}

/** Bytes of the header of the frame that begins here, as its descriptor (the fifth byte) tells. */
export function frameHeaderLength(descriptor: number): number {
  const single = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return MAGIC_BYTES + 1 + (single ? 0 : 1) + dictionary + contentSize;
}

/** Reads a frame's header, or undefined where `bytes` end before it does. */
export function parseFrameHeader(bytes: Uint8Array): FrameHeader | undefined {
  const descriptor = bytes[MAGIC_BYTES];
  if (descriptor === undefined || bytes.length < frameHeaderLength(descriptor)) return undefined;
  const length = frameHeaderLength(descriptor);
  const single = (descriptor & 0x20) !== 0;
  const sizeLength = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const contentSize = contentSizeOf(view(bytes), length - sizeLength, sizeLength);
  const declared = single ? (contentSize ?? 0) : windowSize(bytes[MAGIC_BYTES + 1] ?? 0);
  return {
    length,
    windowBytes: Math.min(declared, contentSize ?? Infinity),
    ...(contentSize === undefined ? {} : { contentSize }),
    hasChecksum: (descriptor & 4) !== 0,
    maxBlockBytes: Math.min(declared, MAX_BLOCK_BYTES),
  };
}

export const RAW_BLOCK = 0;
export const RLE_BLOCK = 1;
export const RESERVED_BLOCK = 3;

export interface BlockHeader {
  readonly last: boolean;
  readonly type: number;
  /** Block_Size: what it holds here, except for RLE, where it is what comes out. */
  readonly size: number;
  /** Stored bytes, the header's three included. */
  readonly length: number;
}

/** The block header at `at`, of which three bytes are there (3.1.1.2). */
export function blockHeader(bytes: Uint8Array, at: number): BlockHeader {
  const bits = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  const type = (bits >> 1) & 3;
  const size = bits >> 3;
  return { last: (bits & 1) === 1, type, size, length: BLOCK_HEADER_BYTES + (type === RLE_BLOCK ? 1 : size) };
}
