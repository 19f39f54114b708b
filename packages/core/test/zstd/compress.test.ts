import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { zstdPage, zstdTextFrame } from '../../src/zstd/compress.ts';

const SIZES = [0, 1, 255, 256, 1000, 65_536, (1 << 17) + 1, 3 << 20];

const noise = (bytes: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  for (let i = 0, state = 1; i < bytes; i++) buffer[i] = (state = Math.imul(state, 48_271) >>> 0) >>> 24;
  return buffer;
};

/** Content size of a frame header; RFC 8878, 3.1.1.1.4 */
function contentSize(frame: Buffer): number {
  const flag = frame[4]! >> 6;
  const at = 5 + ((frame[4]! & 0x20) === 0 ? 1 : 0);
  if (flag === 0) return frame[at]!;
  return flag === 1 ? frame.readUInt16LE(at) + 256 : frame.readUInt32LE(at);
}

test.each(
  SIZES.flatMap((size) => [Buffer.alloc(size, 'abc'), noise(size)].map((bytes) => [size, bytes] as const)),
)('a page of %i bytes is one frame with its content size', (size, bytes) => {
  for (const level of [1, 3, 9]) {
    const frame = Buffer.from(zstdPage(bytes, level));
    expect(zstdDecompressSync(frame).equals(bytes)).toBe(true);
    expect(contentSize(frame)).toBe(size);
    expect(frame.equals(zstdPage(Buffer.from(bytes), level))).toBe(true);
  }
});

test('a text frame has a checksum, a page has none', () => {
  const bytes = Buffer.from('text '.repeat(100));
  const [frame, page] = [Buffer.from(zstdTextFrame(bytes, 3)), zstdPage(bytes, 3)];
  expect(frame.length).toBe(page.length + 4);
  frame[frame.length - 1]! ^= 1;
  expect(() => zstdDecompressSync(frame)).toThrow('checksum');
});
