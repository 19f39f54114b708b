import { expect, test } from '@jest/globals';
import type { Column } from '@winnow/kernel';
import { memoryNeeds } from '../../src/run/memory-needs.ts';

const columnsOf = (count: number): Column[] =>
  Array.from({ length: count }, (_, index) => ({ name: `c${index}`, type: 'int64' }));
const classOf = (memoryMiB: number, units: number) => ({ memoryMiB, firstUnit: 0, units });

test('says nothing where the memory is enough', () => {
  expect(memoryNeeds([classOf(512, 9), classOf(4096, 0)], columnsOf(5), 512)).toEqual([]);
  expect(memoryNeeds([classOf(512, 9)], columnsOf(5), 256)).toEqual([]);
  expect(memoryNeeds([classOf(512, 1), classOf(4096, 9)], columnsOf(5), 4096)).toEqual([]);
});

test('names units, size and why', () => {
  expect(memoryNeeds([classOf(512, 9), classOf(4096, 1)], columnsOf(5), 512)).toEqual([
    '1 unit needs 4096 MiB a process, more than --memory 512MiB: their zstd windows are that large; ' +
      'they get it, in fewer processes at once (--memory 4096MiB for all)',
  ]);
  expect(memoryNeeds([classOf(1024, 3)], columnsOf(20_000), 512)).toEqual([
    '3 units need 1024 MiB a process, more than --memory 512MiB: 20,000 columns take about 729 MiB; ' +
      'they get it, in fewer processes at once (--memory 1024MiB for all)',
  ]);
});
