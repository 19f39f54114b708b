import { expect, test } from '@jest/globals';
import { sniff, SNIFF_BYTES } from '../../src/input/compression.ts';
import { skippableFrame, streamedFrame, zstdFrame } from './streams.ts';

test.each<[string, Uint8Array, unknown]>([
  ['nothing', Buffer.alloc(0), { kind: 'none' }],
  ['text', Buffer.from('{"a":1}\n'), { kind: 'none' }],
  ['half a gzip magic', Buffer.from([0x1f]), { kind: 'none' }],
  ['three bytes of a zstd magic', Buffer.from([0x28, 0xb5, 0x2f]), { kind: 'none' }],
  ['gzip', Buffer.from([0x1f, 0x8b]), { kind: 'gzip' }],
  ['a zstd magic alone', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), { kind: 'zstd', windowBytes: undefined }],
  ['a single segment', zstdFrame('hello'), { kind: 'zstd', windowBytes: 5, contentSize: 5 }],
  [
    'a content size of two bytes',
    zstdFrame('x'.repeat(300)),
    { kind: 'zstd', windowBytes: 300, contentSize: 300 },
  ],
  [
    'a frame behind skippable ones',
    Buffer.concat([skippableFrame(3), skippableFrame(0, 15), zstdFrame('hello')]),
    { kind: 'zstd', windowBytes: 5, contentSize: 5 },
  ],
  [
    'a skippable frame that goes on',
    skippableFrame(100).subarray(0, 20),
    { kind: 'zstd', windowBytes: undefined },
  ],
  // RFC 8878, 3.1.1.1.2: exponent 21, mantissa 1: 2 GiB and an eighth of it
  [
    'a mantissa',
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (21 << 3) | 1]),
    { kind: 'zstd', windowBytes: 2 ** 31 * 1.125 },
  ],
  // dictionary id of four bytes, content size of eight
  [
    'long fields',
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xc3, 0, 1, 2, 3, 4, 0, 0, 0, 0, 2, 0, 0, 0]),
    { kind: 'zstd', windowBytes: 1024, contentSize: 2 ** 33 },
  ],
])('tells %s by its first bytes', (_, head, expected) => {
  expect(sniff(head)).toEqual(expected);
});

test('reads a window of 2 GiB', async () => {
  const frame = await streamedFrame(['{"a":1}\n'], 31);
  expect(sniff(frame.subarray(0, SNIFF_BYTES))).toEqual({ kind: 'zstd', windowBytes: 2 ** 31 });
});
