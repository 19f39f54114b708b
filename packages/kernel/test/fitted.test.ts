import { describe, expect, test } from '@jest/globals';
import type { CellValue } from '../src/batch-rows.ts';
import type { Column, DriftPolicy, ValueType } from '../src/column.ts';
import { Kernel } from '../src/kernel.ts';
import { NdjsonReader } from '../src/ndjson-reader.ts';
import { differenceOf, expectedOf } from './expected.ts';
import { LineMaker, randomNumbers } from './mutations.ts';
import { readAll } from './read-all.ts';

const kernel = new Kernel();
const POLICIES: readonly DriftPolicy[] = ['rest', 'fail', 'drop'];
const REST: Column = { name: '_rest', type: 'text' };
const optionsOf = (columns: readonly Column[], drift: DriftPolicy = 'rest') => ({
  columns: drift === 'rest' ? [...columns, REST] : columns,
  drift,
  maxRecordBytes: 1 << 24,
});
const utf8 = (text: string): Buffer => Buffer.from(text);
const decimal = (precision: number, scale: number): ValueType => ({ type: 'decimal', precision, scale });

/** What comes of one value, given as JSON text; 'drifts' where `_rest` has it as it is. */
function outcomeOf(type: ValueType, value: string): CellValue | undefined {
  const line = `{"v":${value}}`;
  const { rows, bad } = readAll(kernel, optionsOf([{ name: 'v', ...type }]), utf8(line));
  expect(bad).toStrictEqual([]);
  const [cell, rest] = rows[0]!;
  if (cell === null) expect(rest).toBe(line);
  else expect(rest).toBeNull();
  return cell === null ? 'drifts' : cell;
}

type Table = readonly (readonly [ValueType, readonly (readonly [value: string, unscaled: CellValue])[]])[];

const ten = (power: number): bigint => 10n ** BigInt(power);
const nines = (count: number): string => '9'.repeat(count);
const DAY = 86_400_000_000n;

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

const MOMENTS: readonly (readonly [value: string, micros: bigint | 'drifts'])[] = [
  ['1970-01-01T00:00:00', 0n],
  ['1970-01-01 00:00:00', 0n],
  ['1970/01/01 00:00:01', 1_000_000n],
  ['1969-12-31T23:59:59.999999', -1n],
  ['2024-02-29T23:59:59.123456', 19783n * DAY - 876_544n],
  ['1970-01-01T00:00:00.1', 100_000n],
  ['1970-01-01T00:00:00.000001', 1n],
  ['1970-01-01T00:00:00.000001000', 1n],
  ['1970-01-01T00:00:00.0000001', 'drifts'],
  ['1970-01-01T00:00:00.000001001', 'drifts'],
  ['1970-01-01T00:00:00.0000010000', 'drifts'],
  ['1970-01-01T00:00:00.', 'drifts'],
  ['1970-01-01T00:00:00,5', 'drifts'],
  ['1970-01-01T00:00:60', 'drifts'],
  ['1970-01-01T00:60:00', 'drifts'],
  ['1970-01-01T24:00:00', 'drifts'],
  ['1970-01-01t00:00:00', 'drifts'],
  ['1970-01-01  00:00:00', 'drifts'],
  ['1970-01-01T00:00', 'drifts'],
  ['1970-01-01', 'drifts'],
  ['19700101T000000', 'drifts'],
  ['1970/01/01T00:00:00', 'drifts'],
  ['1970/01-01 00:00:00', 'drifts'],
  ['1970-01/01 00:00:00', 'drifts'],
  ['1970/01/01 00:00:00.5', 'drifts'],
  ['2023-02-29T00:00:00', 'drifts'],
  ['0000-12-31T00:00:00', 'drifts'],
  ['0001-01-01T00:00:00', -719162n * DAY],
  ['9999-12-31T23:59:59.999999', 2932897n * DAY - 1n],
  ['+1970-01-01T00:00:00', 'drifts'],
  ['1970-01-01T0a:00:00', 'drifts'],
  ['1970-01-01T00:0/:00', 'drifts'],
  ['1970-01-01T00:00:0:', 'drifts'],
];

const HOUR = 3_600_000_000n;
const ZONED: readonly (readonly [value: string, micros: bigint | 'drifts'])[] = [
  ['1970-01-01T00:00:00 Z', 0n],
  ['1970-01-01T00:00:00+01:00', -HOUR],
  ['1970-01-01T00:00:00-01:00', HOUR],
  ['1970-01-01T00:00:00-00:00', 0n],
  ['1970-01-01T00:00:00 +0130', (-HOUR * 3n) / 2n],
  ['1970-01-01T00:00:00-01', HOUR],
  ['1970-01-01 00:00:00.5 -01', HOUR + 500_000n],
  ['1970-01-01T00:00:00.5+23:59', 500_000n + HOUR / 60n - DAY],
  ['1970/01/01 00:00:00 +0100', -HOUR],
  ['1970/01/01 00:00:00 -0100', HOUR],
  ['1970/01/01 00:00:00+0100', 'drifts'],
  ['1970/01/01 00:00:00 +01:00', 'drifts'],
  ['1970/01/01 00:00:00 +01', 'drifts'],
  ['1970/01/01 00:00:00 Z', 'drifts'],
  ['2024-02-28T23:30:00-01:00', 19782n * DAY + HOUR / 2n],
  ['2024-03-01T00:30:00+01:00', 19783n * DAY - HOUR / 2n],
  ['1970-01-01T00:00:00+24:00', 'drifts'],
  ['1970-01-01T00:00:00+01:60', 'drifts'],
  ['1970-01-01T00:00:00+1', 'drifts'],
  ['1970-01-01T00:00:00+1:00', 'drifts'],
  ['1970-01-01T00:00:00+100', 'drifts'],
  ['1970-01-01T00:00:00+01:0', 'drifts'],
  ['1970-01-01T00:00:00+01-00', 'drifts'],
  ['1970-01-01T00:00:00 ', 'drifts'],
  ['1970-01-01T00:00:00  Z', 'drifts'],
  ['1970-01-01T00:00:00Z ', 'drifts'],
  ['1970-01-01T00:00:00z', 'drifts'],
  ['1970-01-01T00:00:00UTC', 'drifts'],
  ['1970-01-01T00:00:00Z+01', 'drifts'],
  ['1970-01-01T00:00:00[Europe/Rome]', 'drifts'],
  ['0001-01-01T00:00:00+00:01', 'drifts'],
  ['0001-01-01T00:00:00-00:01', -719162n * DAY + HOUR / 60n],
  ['9999-12-31T23:59:59-00:01', 'drifts'],
  ['9999-12-31T23:59:59+00:01', 2932897n * DAY - 1_000_000n - HOUR / 60n],
  ['0001-01-01T23:59:00+23:59', -719162n * DAY],
];

const DATES: readonly (readonly [value: string, days: number | 'drifts'])[] = [
  ['1970-01-01', 0],
  ['1969-12-31', -1],
  ['2000-02-29', 11016],
  ['2000-03-01', 11017],
  ['1900-02-28', -25509],
  ['1900-03-01', -25508],
  ['2024-02-29', 19782],
  ['2024-12-31', 20088],
  ['0001-01-01', -719162],
  ['9999-12-31', 2932896],
  ['1900-02-29', 'drifts'],
  ['2100-02-29', 'drifts'],
  ['2023-02-29', 'drifts'],
  ['2024-02-30', 'drifts'],
  ['2024-04-31', 'drifts'],
  ['2024-06-31', 'drifts'],
  ['2024-09-31', 'drifts'],
  ['2024-11-31', 'drifts'],
  ['2024-01-32', 'drifts'],
  ['2024-00-01', 'drifts'],
  ['2024-13-01', 'drifts'],
  ['2024-01-00', 'drifts'],
  ['0000-01-01', 'drifts'],
  ['10000-01-01', 'drifts'],
  ['-001-01-01', 'drifts'],
  ['2024-1-01', 'drifts'],
  ['2024-01-1', 'drifts'],
  ['2024/01/01', 'drifts'],
  ['20240101', 'drifts'],
  ['2024-01-01T00:00:00Z', 'drifts'],
  ['2024-01-01 ', 'drifts'],
  [' 2024-01-01', 'drifts'],
  ['2024-01-0:', 'drifts'],
  ['2024-0/-01', 'drifts'],
  ['٢٠٢٤-01-01', 'drifts'],
  ['', 'drifts'],
];

const quoted = (
  table: readonly (readonly [string, CellValue])[],
): readonly (readonly [string, CellValue])[] =>
  table.map(([value, outcome]) => [JSON.stringify(value), outcome]);

describe.each(DECIMALS.map(([type, table]) => [JSON.stringify(type), type, table] as const))(
  '%s',
  (_, type, table) => {
    test.each(table)('%s', (value, outcome) => {
      expect(outcomeOf(type, value)).toStrictEqual(outcome);
    });
  },
);

describe('date', () => {
  test.each(quoted(DATES))('%s', (value, outcome) => {
    expect(outcomeOf({ type: 'date' }, value)).toStrictEqual(outcome);
  });
});

describe('datetime', () => {
  test.each(quoted([...MOMENTS, ...ZONED.map(([value]) => [value, 'drifts'] as const)]))(
    '%s',
    (value, outcome) => {
      expect(outcomeOf({ type: 'datetime' }, value)).toStrictEqual(outcome);
    },
  );
});

describe('timestamp', () => {
  const withZone = MOMENTS.map(([value, micros]) => {
    const zone = value.includes('/') ? ' +0000' : 'Z';
    return [value + zone, micros] as const;
  });
  test.each(quoted([...ZONED, ...withZone, ...MOMENTS.map(([value]) => [value, 'drifts'] as const)]))(
    '%s',
    (value, outcome) => {
      expect(outcomeOf({ type: 'timestamp' }, value)).toStrictEqual(outcome);
    },
  );
});

test.each(['date', 'timestamp', 'datetime'] as const)('%s takes no other JSON type', (type) => {
  for (const value of ['0', '19700101', '1.5', 'true', '["1970-01-01"]', '{"a":"1970-01-01"}']) {
    expect(outcomeOf({ type }, value)).toBe('drifts');
  }
  expect(readAll(kernel, optionsOf([{ name: 'v', type }]), utf8('{"v":null}')).rows).toStrictEqual([
    [null, null],
  ]);
});

test('escapes are resolved before a text is looked at', () => {
  const unit = (text: string): string =>
    `"${Array.from(text, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
  expect(outcomeOf({ type: 'date' }, unit('2024-02-29'))).toBe(19782);
  expect(outcomeOf({ type: 'date' }, '"2024-02-29\\n"')).toBe('drifts');
  expect(outcomeOf({ type: 'timestamp' }, unit('1970-01-01T00:00:00+01:00'))).toBe(-HOUR);
  expect(outcomeOf({ type: 'datetime' }, unit('1970-01-01 00:00:00.25'))).toBe(250_000n);
  expect(outcomeOf({ type: 'datetime' }, '"1970\\/01\\/01 00:00:01"')).toBe(1_000_000n);
  expect(outcomeOf(decimal(30, 10), unit(`${nines(20)}.${nines(10)}`))).toBe(ten(30) - 1n);
});

test('every day of the calendar has its number', () => {
  const lines: string[] = [];
  for (let year = 1; year <= 9999; year++) {
    if (year > 20 && year < 9980 && year % 100 > 4 && year % 100 < 97) continue;
    for (let month = 1; month <= 12; month++) {
      for (let day = 28; day <= 32; day++) {
        const text = [String(year).padStart(4, '0'), String(month).padStart(2, '0'), day].join('-');
        lines.push(`{"v":"${text}","t":"${text} 12:00:00-12"}`);
      }
    }
  }
  const options = optionsOf([
    { name: 'v', type: 'date' },
    { name: 't', type: 'timestamp' },
  ]);
  const input = utf8(lines.join('\n'));
  expect(differenceOf(readAll(kernel, options, input), expectedOf(options, input))).toBeUndefined();
});

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
      const options = optionsOf([{ name: 'v', type: 'decimal', precision, scale }]);
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

describe('mutated lines of these types', () => {
  const columns: Column[] = [
    { name: 'a', type: 'decimal', precision: 18, scale: 4 },
    { name: 'b', type: 'decimal', precision: 38, scale: 0 },
    { name: 'c', type: 'decimal', precision: 38, scale: 38 },
    { name: 'd', type: 'decimal', precision: 3, scale: 0 },
    { name: 'e', type: 'date' },
    { name: 'f', type: 'timestamp' },
    { name: 'g', type: 'datetime' },
  ];

  test.each(POLICIES)('come out as the oracle says under the policy %s', (drift) => {
    const input = new LineMaker(randomNumbers(21), columns).input(6000);
    const options = optionsOf(columns, drift);
    const result = readAll(kernel, options, input);
    expect(differenceOf(result, expectedOf(options, input))).toBeUndefined();
    for (const index of columns.keys()) {
      expect(result.rows.filter((row) => row[index] !== null).length).toBeGreaterThan(
        drift === 'fail' ? 100 : 1000,
      );
    }
  });
});

test('a row without a value has zeros, whatever stood there before', () => {
  const columns: Column[] = [
    { name: 'a', type: 'decimal', precision: 38, scale: 0 },
    { name: 'b', type: 'date' },
    { name: 'c', type: 'timestamp' },
  ];
  const reader = new NdjsonReader(kernel, { ...optionsOf(columns, 'drop'), batchRows: 2 });
  reader.startInput(0);
  const full = `{"a":-${nines(38)},"b":"1969-01-01","c":"1969-01-01T00:00:00Z"}\n`;
  reader.push(utf8(`${full}${full}{"a":null,"b":null}\n{"a":"x","b":1,"c":"x"}\n`));
  expect(reader.next()?.vector(0).nulls).toBe(0);
  const batch = reader.next()!;
  for (const [index, width] of [16, 4, 8].entries()) {
    const { nulls, values } = batch.vector(index);
    expect([nulls, ...values]).toStrictEqual([2, ...new Uint8Array(2 * width)]);
  }
  reader.dispose();
});
