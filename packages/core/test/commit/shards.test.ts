import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { groupShards, shardCount, shardUnits } from '../../src/commit/shards.ts';

const classes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }).map((sizes) => {
  let firstUnit = 0;
  return sizes.map((units, index) => {
    const memory = { memoryMiB: 256 << index, firstUnit, units };
    firstUnit += units;
    return memory;
  });
});

test('any grouping covers each unit exactly once, and no shard crosses a memory class', () => {
  fc.assert(
    fc.property(classes, fc.integer({ min: 1, max: 60 }), (memory, unitsPerShard) => {
      const grouping = groupShards(memory, unitsPerShard);
      const seen: number[] = [];
      for (let shard = 0; shard < shardCount(grouping); shard++) {
        const { firstUnit, count } = shardUnits(grouping, shard);
        expect(count).toBeGreaterThan(0);
        expect(count).toBeLessThanOrEqual(unitsPerShard);
        const own = memory.find(
          (one) => firstUnit >= one.firstUnit && firstUnit < one.firstUnit + one.units,
        )!;
        expect(firstUnit + count).toBeLessThanOrEqual(own.firstUnit + own.units);
        for (let unit = firstUnit; unit < firstUnit + count; unit++) seen.push(unit);
      }
      const total = memory.reduce((sum, { units }) => sum + units, 0);
      expect(seen).toEqual(Array.from({ length: total }, (_, unit) => unit));
    }),
  );
});

test('a shard outside the grouping and an impossible size are refused', () => {
  const grouping = groupShards([{ memoryMiB: 1, firstUnit: 0, units: 5 }], 2);
  expect(() => shardUnits(grouping, 3)).toThrow('shard 3 is not in the grouping, which has 3 shards');
  expect(() => shardUnits(grouping, -1)).toThrow(RangeError);
  expect(() => groupShards([], 0)).toThrow('got 0');
});
