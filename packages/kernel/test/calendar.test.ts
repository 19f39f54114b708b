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
const outcomeOf = (type: ValueType, value: string) => outcomeIn(kernel, type, value);

const DAY = 86_400_000_000n;

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
  expect(readAll(kernel, optionsOf('rest', [{ name: 'v', type }]), utf8('{"v":null}')).rows).toStrictEqual([
    [null, null],
  ]);
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
  const options = optionsOf('rest', [
    { name: 'v', type: 'date' },
    { name: 't', type: 'timestamp' },
  ]);
  const input = utf8(lines.join('\n'));
  expect(differenceOf(readAll(kernel, options, input), expectedOf(options, input))).toBeUndefined();
});
