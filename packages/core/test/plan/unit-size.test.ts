import { expect, test } from '@jest/globals';
import { chooseUnitBytes } from '../../src/plan/unit-size.ts';

const MIB = 2 ** 20;
const GIB = 2 ** 30;

test.each([
  [0, 16 * MIB],
  [100 * MIB, 16 * MIB],
  [256 * MIB, 16 * MIB],
  [257 * MIB, 32 * MIB],
  [GIB, 64 * MIB],
  [2 * GIB, 128 * MIB],
  [128 * GIB, 128 * MIB],
  [129 * GIB, 256 * MIB],
  [100_000 * GIB, GIB],
])('an archive of %d decoded bytes has units of %d', (decoded, size) => {
  expect(chooseUnitBytes(decoded)).toBe(size);
});
