import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { combineCrc32 } from '../../src/moto-gaps/crc32-combine.ts';

test('the CRC of two parts is that of the whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), fc.uint8Array({ maxLength: 500 }), (a, b) => {
      expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(crc32(Buffer.concat([a, b])));
    }),
  );
});

test('so it is of parts of MiBs', () => {
  const [a, b] = [Buffer.alloc(5 << 20, 'a'), Buffer.alloc((6 << 20) + 1, 'b')];
  expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(crc32(Buffer.concat([a, b])));
});
