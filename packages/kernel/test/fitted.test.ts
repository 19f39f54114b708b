import { describe, expect, test } from '@jest/globals';
import type { Column, ValueType } from '../src/column.ts';
import { Kernel } from '../src/kernel.ts';
import { NdjsonReader } from '../src/ndjson-reader.ts';
import { differenceOf, expectedOf } from './expected.ts';
import { LineMaker, randomNumbers } from './mutations.ts';
import { outcomeOf as outcomeIn } from './outcome-of.ts';
import { readAll } from './read-all.ts';
import { optionsOf, POLICIES } from './reader-options.ts';

const kernel = new Kernel();
const utf8 = (text: string): Buffer => Buffer.from(text);
const decimal = (precision: number, scale: number): ValueType => ({ type: 'decimal', precision, scale });
const outcomeOf = (type: ValueType, value: string) => outcomeIn(kernel, type, value);
const HOUR = 3_600_000_000n;
const ten = (power: number): bigint => 10n ** BigInt(power);
const nines = (count: number): string => '9'.repeat(count);

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
    const options = optionsOf(drift, columns);
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
  const reader = new NdjsonReader(kernel, { ...optionsOf('drop', columns), batchRows: 2 });
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
