import { describe, expect, test } from '@jest/globals';
import type { CellValue } from '../src/batch-rows.ts';
import type { ValueType } from '../src/column.ts';
import { Kernel } from '../src/kernel.ts';
import { differenceOf, expectedOf } from './expected.ts';
import { outcomeOf as outcomeIn } from './outcome-of.ts';
import { readAll } from './read-all.ts';
import { optionsOf } from './reader-options.ts';

const kernel = new Kernel();
const utf8 = (text: string): Buffer => Buffer.from(text);
const decimal = (precision: number, scale: number): ValueType => ({ type: 'decimal', precision, scale });
const outcomeOf = (type: ValueType, value: string) => outcomeIn(kernel, type, value);

type Table = readonly (readonly [ValueType, readonly (readonly [value: string, unscaled: CellValue])[]])[];

const ten = (power: number): bigint => 10n ** BigInt(power);
const nines = (count: number): string => '9'.repeat(count);
const DECIMALS: Table = [
  [
    decimal(10, 2),
    [
      ['12.3', 1230n],
      ['12.30', 1230n],
      ['12.300000000000000000000000000000000000000000000', 1230n],
      ['1e2', 10000n],
      ['1E+2', 10000n],
      ['1230e-2', 1230n],
      ['12300e-3', 1230n],
      ['0.0000000123e9', 1230n],
      ['-7', -700n],
      ['0', 0n],
      ['-0', 0n],
      ['-0.000', 0n],
      ['0e400', 0n],
      ['0.000e-400', 0n],
      ['99999999.99', 9999999999n],
      ['-99999999.99', -9999999999n],
      ['9007199254740993', 'drifts'],
      ['100000000', 'drifts'],
      ['99999999.991', 'drifts'],
      ['1e8', 'drifts'],
      ['1e7', ten(9)],
      ['0.001', 'drifts'],
      ['1e-3', 'drifts'],
      ['1e400', 'drifts'],
      ['1e-400', 'drifts'],
      ['1e99999999999999999999', 'drifts'],
      ['1e-99999999999999999999', 'drifts'],
      ['"12.30"', 1230n],
      ['"-12.3"', -1230n],
      ['"-0"', 0n],
      ['"0.10"', 10n],
      ['"12.3000"', 1230n],
      ['"12.345"', 'drifts'],
      ['"1e2"', 'drifts'],
      ['"+1"', 'drifts'],
      ['" 1"', 'drifts'],
      ['"1 "', 'drifts'],
      ['"1."', 'drifts'],
      ['".5"', 'drifts'],
      ['"01"', 'drifts'],
      ['"00"', 'drifts'],
      ['"-01.5"', 'drifts'],
      ['"-"', 'drifts'],
      ['""', 'drifts'],
      ['"."', 'drifts'],
      ['"1.2.3"', 'drifts'],
      ['"1,5"', 'drifts'],
      ['"--1"', 'drifts'],
      ['"0x1"', 'drifts'],
      ['"NaN"', 'drifts'],
      ['"١"', 'drifts'],
      ['"1\\u0000"', 'drifts'],
      ['"\\u0031\\u0032.3"', 1230n],
      ['"\\u002d1"', -100n],
      ['"1\\n"', 'drifts'],
      ['true', 'drifts'],
      ['[1]', 'drifts'],
      ['{"a":1}', 'drifts'],
    ],
  ],
  [
    decimal(38, 0),
    [
      [nines(38), ten(38) - 1n],
      [`-${nines(38)}`, 1n - ten(38)],
      [`"${nines(38)}"`, ten(38) - 1n],
      [`1${'0'.repeat(38)}`, 'drifts'],
      ['1e37', ten(37)],
      ['-1e37', -ten(37)],
      ['1e38', 'drifts'],
      ['9223372036854775807', 2n ** 63n - 1n],
      ['9223372036854775808', 2n ** 63n],
      ['-9223372036854775808', -(2n ** 63n)],
      ['-9223372036854775809', -(2n ** 63n) - 1n],
      ['18446744073709551615', 2n ** 64n - 1n],
      ['18446744073709551616', 2n ** 64n],
      ['-18446744073709551616', -(2n ** 64n)],
      ['-18446744073709551617', -(2n ** 64n) - 1n],
      ['170141183460469231731687303715884105727', 'drifts'],
      ['-170141183460469231731687303715884105728', 'drifts'],
      ['1.0', 1n],
      ['0.5', 'drifts'],
      [`"\\u0031${'0'.repeat(30)}"`, ten(30)],
    ],
  ],
  [
    decimal(38, 38),
    [
      [`0.${nines(38)}`, ten(38) - 1n],
      [`-0.${nines(38)}`, 1n - ten(38)],
      ['1e-38', 1n],
      ['1e-39', 'drifts'],
      ['0.5', 5n * ten(37)],
      ['1', 'drifts'],
      ['-1.0', 'drifts'],
      ['0', 0n],
    ],
  ],
  [
    decimal(38, 30),
    [
      ['5', 5n * ten(30)],
      ['-5', -5n * ten(30)],
      ['5.5', 55n * ten(29)],
      ['"5"', 5n * ten(30)],
      ['99999999', 99999999n * ten(30)],
      ['100000000', 'drifts'],
    ],
  ],
  [
    decimal(1, 1),
    [
      ['0.9', 9n],
      ['9', 'drifts'],
      ['0.09', 'drifts'],
    ],
  ],
];

describe.each(DECIMALS.map(([type, table]) => [JSON.stringify(type), type, table] as const))(
  '%s',
  (_, type, table) => {
    test.each(table)('%s', (value, outcome) => {
      expect(outcomeOf(type, value)).toStrictEqual(outcome);
    });
  },
);

test('every precision and scale keeps its digits and no more', () => {
  for (let precision = 1; precision <= 38; precision++) {
    for (let scale = 0; scale <= precision; scale++) {
      const whole = nines(precision - scale) || '0';
      const most = scale > 0 ? `${whole}.${nines(scale)}` : whole;
      const values = [
        ...[most, `-${most}`, `${most}${scale > 0 ? '0' : '.0'}`, `${most}e0`, `1e${precision - scale}`],
        ...[`1e${precision - scale - 1}`, `1e-${scale}`, `-1e-${scale}`, `1e-${scale + 1}`],
        ...[`${scale > 0 ? most : `${most}.`}1`, `1${'0'.repeat(precision - scale)}`, '0.0', `"${most}"`],
      ];
      const input = utf8(values.map((value) => `{"v":${value}}`).join('\n'));
      const options = optionsOf('rest', [{ name: 'v', type: 'decimal', precision, scale }]);
      expect(differenceOf(readAll(kernel, options, input), expectedOf(options, input))).toBeUndefined();
    }
  }
});

test('digits that do not count are read, however many they are', () => {
  const type = decimal(38, 19);
  expect(outcomeOf(type, `1${'0'.repeat(10_000)}e-10000`)).toBe(ten(19));
  expect(outcomeOf(type, `0.${'0'.repeat(10_000)}1e10001`)).toBe(ten(19));
  expect(outcomeOf(type, `"1.${'0'.repeat(10_000)}"`)).toBe(ten(19));
  expect(outcomeOf(type, nines(1_000_000))).toBe('drifts');
  expect(outcomeOf(type, `"0.${nines(1_000_000)}"`)).toBe('drifts');
  expect(outcomeOf(type, '1e999999999')).toBe('drifts');
  expect(outcomeOf(type, '1e-999999999')).toBe('drifts');
});
