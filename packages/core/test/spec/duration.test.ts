import { expect, test } from '@jest/globals';
import { durationText, parseDuration } from '../../src/spec/duration.ts';

test.each<[string, number | undefined]>([
  ['0s', 0],
  ['90s', 90_000],
  ['30m', 1_800_000],
  ['12h', 43_200_000],
  ['7d', 604_800_000],
  ['7', undefined],
  ['7 d', undefined],
  ['-7d', undefined],
  ['1.5h', undefined],
  ['1w', undefined],
  ['d', undefined],
  ['', undefined],
])('%j is %p ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['7d', '36h', '90m', '61s', '1h', '0s'])('%s is printed as it was written', (text) => {
  expect(durationText(parseDuration(text) ?? NaN)).toBe(text);
});
