import { describe, expect, test } from '@jest/globals';
import { unitsPerArrayShard, unitsPerShard } from '../../src/run/shard-size.ts';
import { shardsToDo } from '../../src/run/shards-to-do.ts';

const GIB = 2 ** 30;
const classes = (...units: number[]) =>
  units.map((count) => ({ memoryMiB: 512, firstUnit: 0, units: count }));

describe('units of a shard', () => {
  test.each([
    ['no units', [0], 0, 4, 1],
    ['fewer units than processes', [3], GIB, 4, 1],
    ['four shards for each process', [64], 64 * 2 ** 20, 4, 4],
    ['of large units not more than 8 GiB', [1000], 1000 * GIB, 2, 8],
    ['over all memory classes', [32, 32], 64 * 2 ** 20, 4, 4],
  ])('%s', (_title, units, decoded, processes, expected) => {
    expect(unitsPerShard(classes(...units), decoded, processes)).toBe(expected);
  });
});

describe('units of a shard of an array', () => {
  const TIB = 1024 * GIB;
  test.each([
    ['no units', 0, 0, 0, 1],
    ['a small run is one shard', 10, GIB / 2, 1, 19],
    ['at least 1 GiB of work', 80, 10 * GIB, 1, 7],
    ['a hundredth of the run', 4096, 512 * GIB, 1, 40],
    ['at most 8 GiB of work', 10_240, 10 * TIB, 1, 7],
    ['small inputs are work too: ten million, ten thousand a unit', 1000, 400e6, 10_000_000, 6],
  ])('%s', (_title, units, decoded, inputs, expected) => {
    const plan = { sha: '', objects: 0, bytes: 0, units, decoded, inputs, classes: classes(units) };
    expect(unitsPerArrayShard(plan)).toBe(expected);
  });
});

describe('shards that are to do', () => {
  const segment = { firstShard: 10, firstUnit: 100, units: 7, unitsPerShard: 3 };
  test.each<[string, number[], number[]]>([
    ['all when nothing is done', [], [10, 11, 12]],
    ['those with a unit left', [100, 101, 102, 103, 105], [11, 12]],
    ['none when all is done', [100, 101, 102, 103, 104, 105, 106], []],
  ])('%s', (_title, done, shards) => {
    expect(shardsToDo(segment, (unit) => done.includes(unit))).toEqual(shards);
  });
});
