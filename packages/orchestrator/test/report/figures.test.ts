import { expect, test } from '@jest/globals';
import { bytesText, countOf, countText, durationText } from '../../src/report/figures.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1234567, '1,234,567'],
])('count %d is %s', (value, text) => {
  expect(countText(value)).toBe(text);
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.00 kB'],
  [9994, '9.99 kB'],
  [9996, '10.0 kB'],
  [99_960, '100 kB'],
  [999_600, '1.00 MB'],
  [1_500_000_000, '1.50 GB'],
  [2e18, '2000 PB'],
])('%d bytes are %s', (value, text) => {
  expect(bytesText(value)).toBe(text);
});

test.each([
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [59.6, '1:00 min'],
  [187, '3:07 min'],
  [7387, '2:03:07 h'],
])('%d seconds are %s', (value, text) => {
  expect(durationText(value)).toBe(text);
});

test('one is not many', () => {
  expect([countOf(1, 'unit'), countOf(2, 'unit'), countOf(2, 'process', 'processes')]).toEqual([
    '1 unit',
    '2 units',
    '2 processes',
  ]);
});
