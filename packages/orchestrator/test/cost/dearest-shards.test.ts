import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DearestShards } from '../../src/cost/dearest-shards.ts';

test('the dearest stand first, the lower number first of those that cost the same, and no more than are wanted', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), (costs, most) => {
      const shards = costs.map((usd, shard) => ({ shard, attempts: 1, usd }));
      const dearest = new DearestShards(most);
      for (const shard of shards) dearest.add(shard);
      expect(dearest.list).toEqual(
        shards.toSorted((a, b) => b.usd - a.usd || a.shard - b.shard).slice(0, most),
      );
    }),
  );
});
