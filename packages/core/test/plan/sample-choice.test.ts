import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SampleChoice } from '../../src/plan/sample-choice.ts';

const choose = (names: readonly string[], limit: number): string[] => {
  const choice = new SampleChoice<string>(limit);
  for (const name of names) choice.offer(name, name);
  return choice.items;
};

test('the same names are chosen in whatever order they come', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 30 }), fc.nat(10), (names, limit) => {
      const chosen = choose(names, limit);
      expect(chosen.length).toBe(Math.min(names.length, limit));
      expect(choose([...names].reverse(), limit)).toEqual(chosen);
      expect(choose([...names].sort(), limit)).toEqual(chosen);
    }),
  );
});

test('numbered names are chosen from all over the archive', () => {
  const names = Array.from({ length: 10_000 }, (_, n) => `input-${String(n).padStart(7, '0')}.ndjson`);
  const tenths = new Set(choose(names, 64).map((name) => Math.floor(names.indexOf(name) / 1000)));
  expect(tenths.size).toBe(10);
});
