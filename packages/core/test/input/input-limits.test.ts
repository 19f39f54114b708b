import { expect, test } from '@jest/globals';
import { mostDecodedBytes, type InputLimits } from '../../src/input/input-limits.ts';
import { MIB } from '../../src/spec/size.ts';

test.each<[string, InputLimits, number, number]>([
  ['a run planned before there were limits takes all', {}, 1, Infinity],
  ['a small input may decode to 64 MiB, whatever its ratio', { maxInputRatio: 1000 }, 100, 64 * MIB],
  ['a larger one to its ratio', { maxInputRatio: 1000 }, MIB, 1000 * MIB],
  ['an empty one to 64 MiB', { maxInputRatio: 1000 }, 0, 64 * MIB],
  ['the smaller limit counts: the size', { maxInputRatio: 1000, maxInputDecoded: 70 * MIB }, MIB, 70 * MIB],
  [
    'the smaller limit counts: the ratio',
    { maxInputRatio: 2, maxInputDecoded: 1000 * MIB },
    50 * MIB,
    100 * MIB,
  ],
  ['a size below 64 MiB counts too', { maxInputRatio: 1000, maxInputDecoded: 5 }, MIB, 5],
])('%s', (_, limits, storedBytes, most) => {
  expect(mostDecodedBytes(limits, storedBytes)).toBe(most);
});
