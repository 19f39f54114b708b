import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lowerBound, MAX_BOUND_BYTES, upperBound } from '../../src/parquet/text-bounds.ts';

const x = 'x'.repeat(60);

test.each([
  ['abc', 'abc', 'abc'],
  [`${x}abcd`, `${x}abcd`, `${x}abcd`],
  [`${x}abcde`, `${x}abcd`, `${x}abce`],
  // No code point is cut: the bound is shorter instead.
  [`${x}ab漢`, `${x}ab`, `${x}ac`],
  [`${x}漢字`, `${x}漢`, `${x}漣`],
  // The successor may be a byte longer.
  [`${x}abc\u007f!`, `${x}abc\u007f`, `${x}abc\u0080`],
  // Surrogates are left out.
  [`${x}a\ud7ff!`, `${x}a\ud7ff`, `${x}a\ue000`],
  // What has no successor is dropped.
  [`${x}\u{10ffff}!`, `${x}\u{10ffff}`, `${'x'.repeat(59)}y`],
  ['\u{10ffff}'.repeat(17), '\u{10ffff}'.repeat(16), undefined],
])('%j', (text, lower, upper) => {
  expect(lowerBound(Buffer.from(text)).toString()).toBe(lower);
  expect(upperBound(Buffer.from(text))?.toString()).toBe(upper);
});

test('bounds enclose every text, are short and valid UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 10, maxLength: 100 }), (text) => {
      const bytes = Buffer.from(text);
      const [lower, upper] = [lowerBound(bytes), upperBound(bytes)];
      expect(lower.compare(bytes)).toBeLessThanOrEqual(0);
      expect(lower.length).toBeLessThanOrEqual(MAX_BOUND_BYTES);
      expect(Buffer.from(lower.toString()).equals(lower)).toBe(true);
      if (upper === undefined) return;
      expect(upper.compare(bytes)).toBeGreaterThanOrEqual(0);
      expect(upper.length).toBeLessThanOrEqual(MAX_BOUND_BYTES + 3);
      expect(Buffer.from(upper.toString()).equals(upper)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
