import { crc32, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { decodeAll, gzipMember, skippableFrame, streamedFrame, zstdFrame } from './streams.ts';

// Gzip and zstd as tools write them that want to read from the middle: what they add must change nothing.

const LINES = Array.from({ length: 400 }, (_, n) => `{"n":${n},"text":"record ${n * 7919}"}\n`);
const TEXT = LINES.join('');
const PIECES = [0, 100, 200, 300].map((from) => LINES.slice(from, from + 100).join(''));

/** A block of bgzf: a gzip member whose extra field BC holds its size (SAM/BAM specification, section 4.1). */
function bgzfBlock(content: string): Buffer {
  const deflated = deflateRawSync(content);
  const block = Buffer.alloc(18 + deflated.length + 8);
  block.set([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0]);
  block.writeUInt16LE(block.length - 1, 16);
  block.set(deflated, 18);
  block.writeUInt32LE(crc32(content), block.length - 8);
  block.writeUInt32LE(Buffer.byteLength(content), block.length - 4);
  return block;
}
/** The empty block that bgzip ends a file with. */
const BGZF_END = Buffer.from('1f8b08040000000000ff0600424302001b0003000000000000000000', 'hex');

/** pzstd: each frame behind a skippable one that holds its size. */
function pzstdFrame(content: string): Buffer {
  const frame = zstdFrame(content);
  const size = skippableFrame(4);
  size.writeUInt32LE(frame.length, 8);
  return Buffer.concat([size, frame]);
}

/** The seekable format: frames, then their sizes in a skippable one (zstd, contrib/seekable_format). */
function seekTable(frames: readonly Buffer[], contents: readonly string[]): Buffer {
  const table = skippableFrame(8 * frames.length + 9, 0x0e);
  frames.forEach((frame, i) => {
    table.writeUInt32LE(frame.length, 8 + 8 * i);
    table.writeUInt32LE(Buffer.byteLength(contents[i] ?? ''), 12 + 8 * i);
  });
  table.writeUInt32LE(frames.length, table.length - 9);
  table.writeUInt8(0, table.length - 5);
  table.writeUInt32LE(0x8f92eab1, table.length - 4);
  return table;
}

const STREAMED = await streamedFrame(['x\n'], 20);
const blocks = PIECES.map(bgzfBlock);
const parallel = PIECES.map(pzstdFrame);
const frames = PIECES.map((piece) => zstdFrame(piece));
const table = seekTable(frames, PIECES);

describe('decodes', () => {
  test.each<[string, Buffer, string]>([
    ['bgzf', Buffer.concat([...blocks, BGZF_END]), TEXT],
    ['bgzf without its last, empty block', Buffer.concat(blocks), TEXT],
    [
      'bgzf with empty blocks between',
      Buffer.concat([BGZF_END, ...blocks.flatMap((block) => [block, BGZF_END])]),
      TEXT,
    ],
    ['bgzf with nothing in it', BGZF_END, ''],
    [
      'bgzf and gzip members',
      Buffer.concat([bgzfBlock('a\n'), gzipMember('b\n'), bgzfBlock('c\n')]),
      'a\nb\nc\n',
    ],
    ['pzstd', Buffer.concat(parallel), TEXT],
    ['the seekable format', Buffer.concat([...frames, table]), TEXT],
    ['the seekable format with nothing in it', seekTable([], []), ''],
    [
      'skippable frames of all kinds before, between and behind frames of all kinds',
      Buffer.concat([
        ...Array.from({ length: 16 }, (_, kind) => skippableFrame(kind * kind, kind)),
        ...frames.flatMap((frame, i) => [
          frame,
          skippableFrame(100 * i, i),
          skippableFrame(0),
          zstdFrame('', false),
        ]),
        STREAMED,
        skippableFrame(20_000),
      ]),
      `${TEXT}x\n`,
    ],
  ])('%s, however it is cut into chunks', async (_, stored, expected) => {
    for (const lengths of [[1 << 20], [1], [7, 2, 90]]) {
      const { kept, error } = await decodeAll(stored, lengths);
      expect(error).toBeUndefined();
      expect(kept.toString()).toBe(expected);
    }
  });
});

const lengthOf = (pieces: readonly (string | Buffer)[], count: number): number =>
  pieces.slice(0, count).reduce((sum, piece) => sum + piece.length, 0);
const flipped = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe('refuses from where it is wrong', () => {
  const bgzf = Buffer.concat([...blocks, BGZF_END]);
  const pzstd = Buffer.concat(parallel);
  const seekable = Buffer.concat([...frames, table]);
  // Where the third block, or frame with what stands before it, begins in the stored and in the decoded bytes.
  const decoded = lengthOf(PIECES, 2);
  const block = { storedOffset: lengthOf(blocks, 2), decodedOffset: decoded };
  const frame = { storedOffset: lengthOf(parallel, 2), decodedOffset: decoded };
  const behindSize = { storedOffset: frame.storedOffset + 12, decodedOffset: decoded };
  const plain = { storedOffset: lengthOf(frames, 2), decodedOffset: decoded };
  const end = { storedOffset: lengthOf(frames, 4), decodedOffset: TEXT.length };
  const thirdEnd = lengthOf(blocks, 3);
  const cut = (bytes: Buffer, at: number): Buffer => bytes.subarray(0, at);

  test.each<[string, Buffer, string, { storedOffset: number; decodedOffset: number }]>([
    ['bgzf cut in a fixed header', cut(bgzf, block.storedOffset + 5), 'truncated', block],
    ['bgzf cut in an extra field', cut(bgzf, block.storedOffset + 14), 'truncated', block],
    [
      'bgzf cut behind a header',
      cut(bgzf, block.storedOffset + 18),
      'truncated',
      { ...block, storedOffset: block.storedOffset + 18 },
    ],
    [
      'bgzf cut in a checksum',
      cut(bgzf, thirdEnd - 6),
      'truncated',
      { storedOffset: thirdEnd - 6, decodedOffset: lengthOf(PIECES, 3) },
    ],
    [
      'bgzf cut in its last, empty block',
      cut(bgzf, bgzf.length - 12),
      'truncated',
      { storedOffset: lengthOf(blocks, 4), decodedOffset: TEXT.length },
    ],
    ['bgzf with a wrong checksum', flipped(bgzf, thirdEnd - 8), 'corrupt', block],
    ['bgzf with a wrong length', flipped(bgzf, thirdEnd - 4), 'corrupt', block],
    ['bgzf with a damaged header', flipped(bgzf, block.storedOffset + 2), 'corrupt', block],
    ['bgzf with a damaged extra length', flipped(bgzf, block.storedOffset + 10), 'corrupt', block],
    ['pzstd cut in a skippable header', cut(pzstd, frame.storedOffset + 6), 'truncated', frame],
    ['pzstd cut in a skippable frame', cut(pzstd, frame.storedOffset + 10), 'truncated', frame],
    ['pzstd cut in a frame header', cut(pzstd, behindSize.storedOffset + 4), 'truncated', behindSize],
    ['pzstd with a wrong checksum', flipped(pzstd, lengthOf(parallel, 3) - 1), 'corrupt', behindSize],
    ['pzstd with a damaged skippable magic', flipped(pzstd, frame.storedOffset + 1), 'corrupt', frame],
    [
      'the seekable format with a damaged frame',
      flipped(seekable, lengthOf(frames, 3) - 2),
      'corrupt',
      plain,
    ],
    ['a seek table that is cut in its header', cut(seekable, end.storedOffset + 7), 'truncated', end],
    ['a seek table that is cut', cut(seekable, seekable.length - 1), 'truncated', end],
    [
      'a skippable frame alone that is cut in its header',
      cut(skippableFrame(10), 6),
      'truncated',
      { storedOffset: 0, decodedOffset: 0 },
    ],
    [
      'a skippable frame that says more than there is',
      skippableFrame(10).fill(0xff, 4, 8),
      'truncated',
      { storedOffset: 0, decodedOffset: 0 },
    ],
  ])('%s', async (_, stored, kind, at) => {
    for (const lengths of [[1 << 20], [1], [7, 2, 90]]) {
      const { kept, error } = await decodeAll(stored, lengths);
      expect(error).toEqual({ kind, ...at });
      expect(kept.toString()).toBe(TEXT.slice(0, at.decodedOffset));
    }
  });

  test('whichever byte it is cut behind: what is kept ends nowhere but in what was there', async () => {
    for (const [stored, step] of [
      [bgzf, 37],
      [pzstd, 31],
      [seekable, 29],
    ] as const) {
      for (let length = 4; length < stored.length; length += step) {
        const { kept, error } = await decodeAll(cut(stored, length));
        expect(TEXT.startsWith(kept.toString())).toBe(true);
        expect(error?.storedOffset ?? length).toBeLessThanOrEqual(length);
      }
    }
  });
});
