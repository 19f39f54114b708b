import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactDouble } from '../src/exact-double.ts';

test('every double is held exactly as JavaScript prints it', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const print = Object.is(value, -0) ? '-0' : String(value);
      // Above 2^53 a print without exponent may end in zeros that the double does not have.
      if (/^-?\d+$/.test(print) && !Number.isSafeInteger(value)) return;
      expect(exactDouble(print)).toBe(value);
      expect(
        exactDouble(print.startsWith('-') ? `-${(-value).toExponential()}` : value.toExponential()),
      ).toBe(value);
    }),
  );
});

test.each([
  ['1.10', 1.1],
  ['100e-2', 1],
  ['0.00e5', 0],
  ['-0.0', -0],
  [`0.1${'0'.repeat(100_000)}`, 0.1],
  [`0.1${'0'.repeat(100_000)}1`, NaN],
  ['9007199254740993', NaN],
  ['9007199254740993.0', NaN],
  ['1152921504606846976', NaN],
  ['1152921504606847000', NaN],
  ['1152921504606847000.0', 2 ** 60],
  ['1e309', NaN],
  ['1e-400', NaN],
  ['1e99999999999999999999', NaN],
])('%s', (numeral, value) => {
  expect(exactDouble(numeral)).toBe(value);
});
