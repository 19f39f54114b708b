import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SortedNames } from '../../src/storage/sorted-names.ts';

test('names come in byte order, however many runs they make', () => {
  const name = fc
    .uint8Array({ minLength: 1, maxLength: 8 })
    .map((bytes) => Buffer.from(bytes.map((byte) => byte || 1)).toString('latin1'));
  fc.assert(
    fc.property(fc.array(name, { maxLength: 60 }), fc.integer({ min: 1, max: 70 }), (names, runNames) => {
      const sorted = new SortedNames({ runNames });
      for (const one of names) sorted.add(one);
      expect([...sorted]).toEqual([...names].sort());
    }),
    { numRuns: 500 },
  );
});
