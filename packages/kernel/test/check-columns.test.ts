import { describe, expect, test } from '@jest/globals';
import { checkColumns } from '../src/check-columns.ts';
import type { Column, ValueType } from '../src/column.ts';

const decimal = (precision: number, scale: number): ValueType => ({ type: 'decimal', precision, scale });
const struct = (...names: string[]): ValueType => ({
  type: 'struct',
  fields: names.map((name) => ({ name, type: 'text' })),
});

/** So many lists around an integer. */
function lists(count: number): ValueType {
  let type: ValueType = { type: 'int64' };
  for (let level = 0; level < count; level++) type = { type: 'list', element: type };
  return type;
}

const check = (type: ValueType, name = 'c') => checkColumns([{ name, ...type }]);

describe('columns are taken', () => {
  test.each<[string, ValueType]>([
    ['with 32 levels below', lists(32)],
    ['with the same name on two levels', { type: 'struct', fields: [{ name: 'c', ...struct('c') }] }],
    ['as decimals of all sizes', { type: 'struct', fields: [{ name: 'a', ...decimal(38, 38) }] }],
    ['as a decimal of one digit', decimal(1, 0)],
  ])('%s', (_what, type) => {
    expect(() => check(type)).not.toThrow();
  });
});

describe('columns are refused', () => {
  test.each<[string, ValueType, string]>([
    [
      'with 33 levels below',
      lists(33),
      'column "c" must have at most 32 levels below it, has more: make one of them json',
    ],
    [
      'with a hundred thousand',
      lists(100_000),
      'column "c" must have at most 32 levels below it, has more: make one of them json',
    ],
    [
      'with an empty struct',
      { type: 'list', element: struct() },
      'a struct must have a field, one in column "c" has none: make it a map or json',
    ],
    [
      'with two fields of one name',
      { type: 'map', value: struct('a', 'b', 'a') },
      'fields of a struct in column "c" must differ, got "a" twice',
    ],
    [
      'with too many digits',
      decimal(39, 2),
      'a decimal must have a precision from 1 to 38 and a scale from 0 to it, one in column "c" has 39 and 2',
    ],
    [
      'without digits',
      decimal(0, 0),
      'a decimal must have a precision from 1 to 38 and a scale from 0 to it, one in column "c" has 0 and 0',
    ],
    [
      'with more places than digits',
      { type: 'list', element: decimal(2, 3) },
      'a decimal must have a precision from 1 to 38 and a scale from 0 to it, one in column "c" has 2 and 3',
    ],
    [
      'with half a digit',
      decimal(2.5, 1),
      'a decimal must have a precision from 1 to 38 and a scale from 0 to it, one in column "c" has 2.5 and 1',
    ],
  ])('%s', (_what, type, message) => {
    expect(() => check(type)).toThrow(new RangeError(message));
  });

  test('with two of one name', () => {
    const columns: Column[] = [
      { name: 'x', type: 'text' },
      { name: 'x', type: 'json' },
    ];
    expect(() => checkColumns(columns)).toThrow(new RangeError('column names must differ, got "x" twice'));
  });
});
