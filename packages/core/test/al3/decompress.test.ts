import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compress } from '../../src/al3/compress.ts';
import { ALL_MARKS, bitOf, expand, MARKS, sourcePosition } from '../../src/al3/decompress.ts';
import { bytesOf } from './al3-text.ts';

const START = { at: 0, left: 0 };
const expanded = (text: string, marks = ALL_MARKS, length = 999): string =>
  Buffer.from(expand(bytesOf(text), START, length, marks).bytes).toString('latin1');

describe('runs', () => {
  test.each([
    ['a\xfa05 b', 'a     b'],
    ['\xfa1E?', '?'.repeat(30)],
    ['\xb303x\xfa02y', 'xxxyy'],
    ['\xfaff.', '.'.repeat(255)],
    ['Per\xfa 12', 'Per\xfa 12'],
    ['\xfa1', '\xfa1'],
    ['\xfa12', '\xfa12'],
    ['\xfa00x', '\xfa00x'],
    ['\xfaG1x', '\xfaG1x'],
    ['\xfa01\xfa', '\xfa'],
  ])('%j become %j', (source, text) => {
    expect(expanded(source)).toBe(text);
  });

  test('with another mark are text', () => {
    expect(expanded('\xfa03x\xb303y', bitOf(0xb3))).toBe('\xfa03xyyy');
    expect(expanded('\xfa03x', 0)).toBe('\xfa03x');
  });

  test('go on where they were left', () => {
    const source = bytesOf('a\xfa05bc');
    const { bytes, end } = expand(source, START, 3, ALL_MARKS);
    expect([Buffer.from(bytes).toString(), end]).toEqual(['abb', { at: 5, left: 3 }]);
    expect(Buffer.from(expand(source, end, 9, ALL_MARKS).bytes).toString()).toBe('bbbc');
  });
});

const runs = fc
  .array(fc.tuple(fc.constantFrom(0xfa, 0xb3, 0x20, 0x3f, 0x30, 0x41), fc.integer({ min: 1, max: 300 })))
  .map((pieces) => Buffer.concat(pieces.map(([byte, count]) => Buffer.alloc(count, byte))));

test('what is compressed with a mark expands to the same bytes', () => {
  fc.assert(
    fc.property(fc.oneof(runs, fc.uint8Array()), fc.constantFrom(...MARKS), (bytes, mark) => {
      const packed = compress(bytes, mark);
      expect(Buffer.from(expand(packed, START, bytes.length + 1, bitOf(mark)).bytes)).toEqual(
        Buffer.from(bytes),
      );
    }),
  );
});

test('every byte of what was expanded has its place in the source', () => {
  const source = bytesOf('ab\xfa05 c\xfa02?');
  const places = Array.from({ length: 10 }, (_, index) => sourcePosition(source, ALL_MARKS, index));
  expect(places).toEqual([0, 1, 2, 2, 2, 2, 2, 6, 7, 7]);
});
