import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Kernel } from '../../src/kernel.ts';

const { exports } = new Kernel();
const MAX_BYTES = 25;
const room = exports.allocate(MAX_BYTES + 1) >>> 0;
const bits = new DataView(new ArrayBuffer(8));

function print(value: number): string {
  const bytes = Buffer.from(exports.memory.buffer, room, MAX_BYTES + 1);
  bytes.fill(0xff);
  const length = (exports.printDouble(room, value) >>> 0) - room;
  expect(bytes.subarray(length).every((byte) => byte === 0xff)).toBe(true);
  return bytes.toString('latin1', 0, length);
}

function fromBits(pattern: bigint): number {
  bits.setBigUint64(0, pattern);
  return bits.getFloat64(0);
}

function toBits(value: number): bigint {
  bits.setFloat64(0, value);
  return bits.getBigUint64(0);
}

/** Those of the doubles next to `values`, and they themselves, that do not print as in JavaScript. */
function different(values: Iterable<number>): string[] {
  const wrong: string[] = [];
  for (const value of values) {
    const pattern = toBits(value);
    for (const near of [pattern - 1n, pattern, pattern + 1n]) {
      const double = fromBits(BigInt.asUintN(64, near));
      if (!Number.isFinite(double)) continue;
      const expected = Object.is(double, -0) ? '-0.0' : String(double);
      const printed = print(double);
      if (printed !== expected) wrong.push(`${expected}: ${printed}`);
    }
  }
  return wrong;
}

test('doubles of any bits print as in JavaScript', () => {
  const any = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(fromBits);
  fc.assert(
    fc.property(any, (value) => {
      expect(different([value])).toStrictEqual([]);
    }),
    { numRuns: 10_000 },
  );
});

test('decimals of few digits print as in JavaScript', () => {
  const decimal = fc
    .tuple(fc.maxSafeInteger(), fc.integer({ min: -30, max: 30 }))
    .map(([digits, exponent]) => Number(`${digits}e${exponent}`));
  fc.assert(
    fc.property(decimal, (value) => {
      expect(different([value])).toStrictEqual([]);
    }),
    { numRuns: 5000 },
  );
});

test('integers up to 2^64 print as in JavaScript', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), fc.nat({ max: 63 }), (integer, shift) => {
      expect(different([Number(integer >> BigInt(shift))])).toStrictEqual([]);
    }),
    { numRuns: 5000 },
  );
});

test('the powers of two and of ten and their neighbours print as in JavaScript', () => {
  const twos = Array.from({ length: 2098 }, (_, index) => 2 ** (index - 1074));
  const tens = Array.from({ length: 632 }, (_, index) => Number(`1e${index - 323}`));
  expect(different([...twos, ...tens].flatMap((value) => [value, -value]))).toStrictEqual([]);
});

test.each([
  [0, '0'],
  [-0, '-0.0'],
  [5e-324, '5e-324'],
  [2.225073858507201e-308, '2.225073858507201e-308'],
  [Number.MAX_VALUE, '1.7976931348623157e+308'],
  [123456789012345680000, '123456789012345680000'],
  [1e21, '1e+21'],
  [1.5e300, '1.5e+300'],
  [0.000001, '0.000001'],
  [1.5e-7, '1.5e-7'],
  [-0.0000012345678901234567, '-0.0000012345678901234567'],
  [1e23, '1e+23'],
  [9.5, '9.5'],
])('%d prints as %s', (value, text) => {
  expect(print(value)).toBe(text);
});
