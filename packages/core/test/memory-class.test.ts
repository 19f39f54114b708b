import { expect, test } from '@jest/globals';
import { memoryClassFor, nextMemoryClass, windowThatFits } from '../src/memory-class.ts';

const GIB = 2 ** 30;

test.each([
  [0, 512],
  [8 * 2 ** 20, 512],
  [GIB / 2, 1024],
  [GIB, 2048],
  [2 * GIB, 4096],
])('a zstd window of %d bytes needs a process of %d MiB', (windowBytes, memoryMiB) => {
  expect(memoryClassFor(windowBytes)).toBe(memoryMiB);
  expect(windowThatFits(memoryMiB)).toBeGreaterThanOrEqual(windowBytes);
});

test('a window that fits no class is refused by its size', () => {
  expect(() => memoryClassFor(64 * GIB)).toThrow(/needs 72390 MiB, more than any memory class/);
});

test('the classes rise to the largest', () => {
  expect([nextMemoryClass(256), nextMemoryClass(512), nextMemoryClass(30720)]).toEqual([
    512,
    1024,
    undefined,
  ]);
});
