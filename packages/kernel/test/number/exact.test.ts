import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactDouble } from '../../src/exact-double.ts';
import { Kernel } from '../../src/kernel.ts';

const { exports } = new Kernel();
const room = exports.allocate(1024) >>> 0;

function held(numeral: string): number {
  const length = Buffer.from(exports.memory.buffer, room, 1024).write(numeral, 'latin1');
  expect(length).toBe(numeral.length);
  return exports.heldDouble(room, length);
}

/** The numeral as fields, written in one of the ways that JSON allows. */
const spelled = (digits: string, exponent: number, way: number, zeros: number, minus: boolean): string => {
  const sign = minus ? '-' : '';
  const tail = '0'.repeat(zeros);
  if (way === 0) return `${sign}${digits}${tail}e${exponent}`;
  if (way === 1)
    return `${sign}${digits[0] ?? ''}.${digits.slice(1)}${tail}0E+${exponent}`.replace('+-', '-');
  if (way === 2) return `${sign}0.${tail}${digits}${tail}`;
  if (way === 3) return `${sign}${digits}${tail}`;
  return `${sign}${digits}.${tail}0`;
};

/** As a program prints a double that it does not know the shortest print of: with `digits` digits. */
const precise = (value: number, digits: number): string => value.toPrecision(digits).replace('e+', 'E');

const anyDigits = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 19n - 1n }), fc.integer({ min: 0, max: 18 }))
  .map(([digits, drop]) => String(digits / 10n ** BigInt(drop) || 1n));
const anySpelling = fc.record({
  exponent: fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -350, max: 330 })),
  way: fc.nat({ max: 4 }),
  zeros: fc.oneof(fc.constant(0), fc.nat({ max: 30 })),
  minus: fc.boolean(),
});
const anyDouble = fc.double({ noNaN: true, noDefaultInfinity: true });

function agree<T>(any: fc.Arbitrary<T>, numerals: (value: T) => readonly string[]): void {
  const check = fc.property(any, (value) => {
    for (const numeral of numerals(value))
      expect([numeral, held(numeral)]).toStrictEqual([numeral, exactDouble(numeral)]);
  });
  fc.assert(check, { numRuns: 5000 });
}

describe('the kernel and JavaScript agree on', () => {
  test('any digits, however they are spelled', () => {
    agree(fc.tuple(anyDigits, anySpelling), ([digits, { exponent, way, zeros, minus }]) => [
      spelled(digits, exponent, way, zeros, minus),
    ]);
  });

  test('prints of doubles with 15 to 19 digits', () => {
    agree(anyDouble, (value) => [15, 16, 17, 18, 19].map((digits) => precise(value, digits)));
  });

  test('shortest prints of doubles and what stands beside them', () => {
    agree(anyDouble, (value) => {
      const print = Object.is(value, -0) ? '-0' : String(value);
      const beside = print.replace(/\d(?=e|$)/, (digit) => String((Number(digit) + 1) % 10));
      return [print, beside];
    });
  });

  test('integers around every power of two, and the doubles among them', () => {
    agree(fc.tuple(fc.nat({ max: 100 }), fc.bigInt({ min: -3000n, max: 3000n })), ([power, offset]) => {
      const integer = 2n ** BigInt(power) + offset;
      return [integer, BigInt(Number(integer)), -integer].flatMap((value) => [
        `${value}`,
        `${value}.0`,
        `${value}e0`,
      ]);
    });
  });

  test('integers of few digits and many zeros', () => {
    agree(fc.tuple(anyDigits, fc.nat({ max: 320 })), ([digits, zeros]) => [`${digits}${'0'.repeat(zeros)}`]);
  });

  test('numbers halfway between two doubles', () => {
    agree(fc.tuple(fc.maxSafeInteger(), fc.integer({ min: -30, max: 12 })), ([mantissa, power]) => {
      const odd = 2n * BigInt(mantissa) + 1n;
      if (power >= 0) return [`${odd << BigInt(power)}`, `${odd << BigInt(power)}.0`];
      return [`${odd * 5n ** BigInt(-power)}e${power}`];
    });
  });
});

test.each([
  '0',
  '-0',
  '-0.0',
  '0.000e99999999999999999999',
  '-0e5',
  '1e309',
  '1.7976931348623157e308',
  '17976931348623157E292',
  '1.7976931348623159e308',
  '5e-324',
  '4.9406564584124654e-324',
  '2e-324',
  '1e-400',
  '2.2250738585072014e-308',
  '2.225073858507201e-308',
  '1e99999999999999999999',
  '1e-99999999999999999999',
  `0.${'0'.repeat(40)}12345678901234567e41`,
  `12345678901234567${'0'.repeat(40)}e-41`,
  `0.1${'0'.repeat(40)}1`,
  '9007199254740993',
  '9007199254740993.0',
  '72057594037927936',
  '1152921504606846976',
  '1152921504606847000',
  '1152921504606847000.0',
  '100000000000000000000000',
  '10000000000000000000000',
  '1e23',
  '9.5367431640625e-7',
  '0.30000000000000004',
  '0.300000000000000040',
  '0.30000000000000005',
])('JavaScript and the kernel agree on %s', (numeral) => {
  expect(held(numeral)).toBe(exactDouble(numeral));
});
