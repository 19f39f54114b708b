import { expect, test } from '@jest/globals';
import { countAltered } from './accept-file.ts';
import { decimalSum } from './decimal.ts';
import { restored, withoutNulls } from './restored.ts';

test('a record is put together from columns and _rest, by key and by JSON Pointer', () => {
  const row = {
    a: 1,
    b: { c: [null, { d: null }], e: null },
    f: null,
    _rest: '{"f":"not a number","g":null,"/b/x~1y":2,"/b/c/0":"text","/b/c/1/d":[3],"/~1top":4}',
  };
  expect(restored(row)).toEqual({
    a: 1,
    b: { c: ['text', { d: [3] }], e: null, 'x/y': 2 },
    f: 'not a number',
    g: null,
    '/top': 4,
  });
  expect(restored({ a: 1, _rest: { b: 2 } })).toEqual({ a: 1, b: 2 });
});

test('null and absent are the same at any depth, but not in a list', () => {
  expect(withoutNulls({ a: null, b: [null, { c: null, d: 0 }], e: {} })).toEqual({
    b: [null, { d: 0 }],
    e: {},
  });
});

const RECORDS = [{ id: 1 }, { id: 2, x: [1] }, { id: 3 }];
test.each([
  ['nothing where all is the same', RECORDS, 0],
  ['a changed value', RECORDS.with(1, { id: 2, x: [2] }), 1],
  ['a zero that lost its sign', [{ id: -0 }, ...RECORDS.slice(1)], 1],
  ['a record too few', RECORDS.slice(0, 2), 1],
  ['a record too many', [...RECORDS, { id: 4 }], 1],
  ['another order', [...RECORDS].reverse(), 2],
])('altered records: %s', (_what, found, altered) => {
  expect(countAltered(found, RECORDS)).toBe(altered);
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
