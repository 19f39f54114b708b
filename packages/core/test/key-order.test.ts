import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareKeys } from '../src/key-order.ts';

test('orders as the UTF-8 bytes do, surrogates and private use included', () => {
  const key = fc.string({ unit: fc.constantFrom('a', '/', '-', 'é', '\ue000', '\uffff', '😀', '𐀀', 'z') });
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});
