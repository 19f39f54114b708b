import { expect, test } from '@jest/globals';
import { checkParts, checkRun, tableText } from './check.ts';
import { decimalSum } from './decimal.ts';
import { withoutNulls, sourceRecord } from './source-record.ts';

test('the table shows each check, shortens what is right and ends with the counts', () => {
  const checks = [
    checkRun('a/b.ndjson', 'exit code', 0, 0),
    checkParts('a/b.ndjson', 'hash', 'f'.repeat(64), {
      duckdb: 'f'.repeat(64),
      hyparquet: 'f'.repeat(64),
      agreed: true,
    }),
    checkParts('a/b.ndjson', 'rows', 3, { duckdb: 3, hyparquet: 2, agreed: false }),
  ];
  expect(tableText(checks).split('\n')).toEqual([
    'file      check      expected                  DuckDB or run             hyparquet                 ok',
    'b.ndjson  exit code  0                         0                                                   ok',
    'b.ndjson  hash       fffffffffffffffffffffff…  fffffffffffffffffffffff…  fffffffffffffffffffffff…  ok',
    'b.ndjson  rows       3                         3                         2                         FAILED',
    '',
    '2 passed, 1 failed',
  ]);
});

test.each([
  [['1', '2'], '3'],
  [['-0.5', '0.25'], '-0.25'],
  [['1706745600.0', '1'], '1706745601'],
  [['9007199254740993', '9007199254740993'], '18014398509481986'],
  [['100'], '100'],
  [[], '0'],
])('the sum of %j is %s', (values, sum) => {
  expect(decimalSum(values)).toBe(sum);
});

test('a sum of what is no plain decimal is refused', () => {
  expect(() => decimalSum(['1e5'])).toThrow(RangeError);
});

test('a record is put together from columns, JSON columns and _rest', () => {
  const row = { a: 1n, b: '{"c":[1]}', d: null, e: 'text', _rest: '{"d":"not a number","f":null}' };
  const record = sourceRecord(row, (column) => column === 'b');
  expect(record).toEqual({ a: 1, b: { c: [1] }, e: 'text', d: 'not a number', f: null });
  expect(withoutNulls(record)).toEqual({ a: 1, b: { c: [1] }, e: 'text', d: 'not a number' });
});
