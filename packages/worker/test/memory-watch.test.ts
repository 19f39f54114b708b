import { expect, test } from '@jest/globals';
import { OutOfMemoryError } from '@winnow/core';
import { MemoryWatch } from '../src/memory-watch.ts';

const MIB = 2 ** 20;

test('says nothing up to the limit, and names the next class above it', () => {
  let used = 100 * MIB;
  const watch = new MemoryWatch(512, () => used);
  watch.check(0);
  used = 512 * MIB;
  watch.check(MIB);
  used = 512 * MIB + 1;
  expect(() => watch.check(2 * MIB)).toThrow(OutOfMemoryError);
  expect(() => watch.check(3 * MIB)).toThrow(
    'resident memory 513 MiB is over the limit of 512 MiB; try 1024 MiB',
  );
});

test.each([
  [512, 1024],
  [600, 1024],
  [16_384, 30_720],
  // Larger than any class: twice as much.
  [30_720, 61_440],
])('a process of %d MiB needs %d', (limit, needed) => {
  const watch = new MemoryWatch(limit, () => (limit + 1) * MIB);
  expect(() => watch.check(0)).toThrow(expect.objectContaining({ neededMiB: needed }));
});

test('looks once in so many decoded bytes, and anew when a sub-unit begins', () => {
  let looks = 0;
  const watch = new MemoryWatch(512, () => {
    looks++;
    return 0;
  });
  for (const decoded of [0, 1000, 300_000, 300_001, 10]) watch.check(decoded);
  expect(looks).toBe(3);
});
