import { expect, test } from '@jest/globals';
import type { Column } from '@winnow/kernel';
import {
  columnsMemoryMiB,
  memoryClassFor,
  nextMemoryClass,
  processMemoryMiB,
  windowThatFits,
} from '../src/memory-class.ts';

const GIB = 2 ** 30;

const columnsOf = (count: number): Column[] =>
  Array.from({ length: count }, (_, index) => ({ name: `c${index}`, type: 'int64' }));

test.each([
  [0, 0, 512],
  [8 * 2 ** 20, 0, 512],
  [GIB / 8, 0, 512],
  [GIB / 2, 0, 1024],
  [GIB, 0, 2048],
  [2 * GIB, 0, 4096],
  [0, 10_000, 512],
  [0, 12_000, 1024],
  [0, 30_000, 1024],
  [GIB / 8, 10_000, 1024],
  [0, 100_000, 4096],
])('a zstd window of %d bytes and %d columns need a process of %d MiB', (windowBytes, count, memoryMiB) => {
  const baseMiB = columnsMemoryMiB(columnsOf(count));
  expect(memoryClassFor(windowBytes, baseMiB)).toBe(memoryMiB);
  expect(windowThatFits(memoryMiB, baseMiB)).toBeGreaterThanOrEqual(windowBytes);
});

test('what is nested in a column counts', () => {
  const fields = columnsOf(5999);
  expect(columnsMemoryMiB([{ name: 'a', type: 'struct', fields }])).toBe(columnsMemoryMiB(columnsOf(6000)));
});

test('a window that fits no class is refused by its size', () => {
  expect(() => memoryClassFor(64 * GIB)).toThrow(
    /window of 68719476736 bytes beside 240 MiB needs 72330 MiB, more than any memory class/,
  );
});

test.each([
  ['what is asked for', 512, 512, 10, 512],
  ['more than is needed', 512, 2048, 10, 2048],
  ['less than the smallest class, for what needs little', 512, 256, 10, 256],
  ['the smallest class, where columns need more than is given', 512, 256, 9000, 512],
  ['its class, for what needs a larger one', 4096, 512, 10, 4096],
])('a process gets %s', (_, classMiB, given, columns, expected) => {
  expect(processMemoryMiB(classMiB, given, columnsOf(columns))).toBe(expected);
});

test('the classes rise to the largest', () => {
  expect([nextMemoryClass(256), nextMemoryClass(512), nextMemoryClass(30720)]).toEqual([
    512,
    1024,
    undefined,
  ]);
});
