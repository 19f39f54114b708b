import { WinnowError } from '../errors.ts';

/** RFC 8878, 3.1.1 */
const FRAME_MAGIC = 0xfd2fb528;
/** 0x184d2a50 to 0x184d2a5f; RFC 8878, 3.1.2 */
const SKIPPABLE_MAGIC = 0x184d2a50;

const RLE_BLOCK = 1;
const CHECKSUM_BYTES = 4;

/**
 * Length of the zstd frame that `bytes` begin with, found by walking its blocks without decoding them, or undefined
 * where they do not hold all of it yet. Throws where no frame begins; `offset` is where that is in the file.
 *
 * Node's decoder stops in silence after the first frame, and hides a cut second one; with the exact borders neither
 * can happen.
 */
export function zstdFrameLength(bytes: Buffer, offset: number): number | undefined {
  if (bytes.length < 8) return undefined;
  const magic = bytes.readUInt32LE(0);
  if (isSkippable(bytes)) return whole(bytes, 8 + bytes.readUInt32LE(4));
  if (magic !== FRAME_MAGIC) {
    const found = magic.toString(16).padStart(8, '0');
    throw new WinnowError(`no zstd frame begins at byte ${offset}: its first four bytes are 0x${found}`);
  }
  const descriptor = bytes.readUInt8(4);
  let at = headerLength(descriptor);
  for (let last = false; !last;) {
    if (bytes.length - at < 3) return undefined;
    const block = bytes.readUIntLE(at, 3);
    last = (block & 1) === 1;
    at += 3 + (((block >> 1) & 3) === RLE_BLOCK ? 1 : block >> 3);
  }
  return whole(bytes, at + ((descriptor & 4) === 0 ? 0 : CHECKSUM_BYTES));
}

const whole = (bytes: Buffer, length: number): number | undefined =>
  length <= bytes.length ? length : undefined;

/** Magic, descriptor, window, dictionary id and content size; RFC 8878, 3.1.1.1 */
function headerLength(descriptor: number): number {
  const single = (descriptor & 0x20) !== 0;
  const dictionaryId = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return 5 + (single ? 0 : 1) + dictionaryId + contentSize;
}

/** Whether the frame that `bytes` begin with holds no text, only somebody's own bytes. */
export const isSkippable = (bytes: Buffer): boolean =>
  (bytes.readUInt32LE(0) & 0xfffffff0) >>> 0 === SKIPPABLE_MAGIC;
