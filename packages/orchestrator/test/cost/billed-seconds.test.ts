import { expect, test } from '@jest/globals';
import { billedSeconds, lostSeconds } from '../../src/cost/billed-seconds.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

test.each([
  ['a moment', 0, undefined, 60],
  ['less than a minute', 59.2, undefined, 60],
  ['a minute', 60, undefined, 60],
  ['a part of a second more', 60.001, undefined, 61],
  ['an hour', 3600, undefined, 3600],
  ['less than nothing, by a clock that was set back', -100, undefined, 60],
  ['more, as the service tells', 100, 130.2, 131],
  ['less, as the service tells', 100, 90, 100],
])('an attempt of %s is billed by the second, a minute at least', (_what, seconds, told, billed) => {
  expect(billedSeconds({ startedAt: at(0), updatedAt: at(seconds) }, told)).toBe(billed);
});

test('a record without times is billed a minute, or what the service tells', () => {
  expect(billedSeconds({ startedAt: '1', updatedAt: '' })).toBe(60);
  expect(billedSeconds({ startedAt: '1', updatedAt: '' }, 90)).toBe(90);
});

test.each<[string, number[], number[], number[]]>([
  ['none', [], [], []],
  ['none where all are recorded', [90, 80], [1, 2], []],
  ['those before a recorded one', [], [1, 4], [60, 60]],
  ['those that were told of', [0, 10, 70.5], [], [60, 60, 71]],
  ['those between', [90, 80, 70], [2], [90, 70]],
  ['none by attempts without a number', [], [NaN], []],
])('lost are %s', (_what, told, recorded, lost) => {
  expect(lostSeconds(told, new Set(recorded))).toEqual(lost);
});
