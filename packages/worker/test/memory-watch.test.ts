import { expect, test } from '@jest/globals';
import { OutOfMemoryError } from '@winnow/core';
import { MemoryWatch } from '../src/memory-watch.ts';

const MIB = 2 ** 20;

/** A process whose size is set by hand; collecting takes `garbage` off it. */
function watched(limitMiB: number) {
  const state = { usedMiB: 0, garbageMiB: 0, looks: 0, collected: 0, decoded: 0 };
  const watch = new MemoryWatch(limitMiB, {
    residentBytes: () => {
      state.looks++;
      return state.usedMiB * MIB;
    },
    collectGarbage: () => {
      state.collected++;
      state.usedMiB -= state.garbageMiB;
      state.garbageMiB = 0;
    },
  });
  const at = (usedMiB: number, garbageMiB = 0) => {
    Object.assign(state, { usedMiB, garbageMiB });
    return watch.check((state.decoded += MIB));
  };
  return { state, watch, at };
}

test('names the next class above the limit, and not before', () => {
  const { at } = watched(512);
  at(100);
  at(512);
  expect(() => at(513)).toThrow(OutOfMemoryError);
  expect(() => at(513)).toThrow('resident memory 513 MiB is over the limit of 512 MiB; try 1024 MiB');
});

test.each([
  [512, 1024],
  [600, 1024],
  [16_384, 30_720],
  // Larger than any class: twice as much.
  [30_720, 61_440],
])('a process of %d MiB needs %d', (limit, needed) => {
  const { at } = watched(limit);
  expect(() => at(limit + 1)).toThrow(expect.objectContaining({ neededMiB: needed }));
});

test('warns once at 80 % and once at 90 %', () => {
  const { at } = watched(1000);
  const told = [799, 800, 850, 700, 899, 901, 950, 100, 1000].map((used) => at(used)?.percent);
  expect(told).toEqual([undefined, 80, undefined, undefined, undefined, 90, undefined, undefined, undefined]);
});

test('a leap over both shares is one warning, with what was used', () => {
  const { at } = watched(1000);
  expect(at(950)).toEqual({ percent: 90, memoryMiB: 950, limitMiB: 1000 });
  expect(at(999)).toBeUndefined();
});

test('garbage is collected before anything is said, and only then', () => {
  const { state, at } = watched(1000);
  expect(at(790, 300)).toBeUndefined();
  expect(state.collected).toBe(0);
  expect(at(2000, 1500)).toBeUndefined();
  expect(state.collected).toBe(1);
  expect(at(1500, 650)).toMatchObject({ percent: 80, memoryMiB: 850 });
  // 80 % is told: nothing to collect for until 90 %.
  expect(at(880)).toBeUndefined();
  expect(state.collected).toBe(2);
});

test('looks once in so many decoded bytes, and anew when a sub-unit begins', () => {
  const { state, watch } = watched(512);
  for (const decoded of [0, 1000, 300_000, 300_001, 10]) watch.check(decoded);
  expect(state.looks).toBe(3);
});
