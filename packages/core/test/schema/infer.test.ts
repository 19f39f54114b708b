import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SchemaInference } from '../../src/schema/infer.ts';
import { fitsDouble, isInt64Text } from '../../src/schema/number-text.ts';
import { topLevelFields } from '../../src/schema/top-level.ts';

const infer = (...lines: string[]): Record<string, string> => {
  const inference = new SchemaInference();
  for (const line of lines) inference.addLine(line);
  return Object.fromEntries(inference.columns().map((column) => [column.name, column.type]));
};

describe('the type of a column', () => {
  test.each([
    ['booleans', ['true', 'false'], 'boolean'],
    ['integers', ['1', '-9223372036854775808', '9223372036854775807'], 'int64'],
    ['an integer that a double cannot hold', ['9007199254740993'], 'int64'],
    ['fractions', ['0.1', '1e300', '1.0'], 'double'],
    ['integers and fractions', ['1', '2.5'], 'double'],
    ['fractions beside an integer that a double cannot hold', ['0.5', '9007199254740993'], 'json'],
    ['integers over int64', ['9223372036854775808'], 'json'],
    ['more digits than a double has', ['0.1234567890123456789'], 'json'],
    ['a number that overflows', ['1e400'], 'json'],
    ['strings', ['"a"', '""'], 'text'],
    ['strings and integers', ['"1"', '1'], 'json'],
    ['booleans and numbers', ['false', '1.5'], 'json'],
    ['objects', ['{"a":1}'], 'json'],
    ['arrays and null', ['[]', 'null'], 'json'],
    ['only null', ['null'], 'json'],
    ['null beside integers', ['null', '7'], 'int64'],
  ])('%s', (_title, values, type) => {
    expect(infer(...values.map((value) => `{"k":${value}}`))).toEqual({ k: type });
  });

  test('columns stand in order of appearance; lines that are no object say nothing', () => {
    const lines = ['{"b":1,"a":"x"}', '[1]', '{"z":', '7', '', '{"c":null,"b":2}'];
    expect(Object.keys(infer(...lines))).toEqual(['b', 'a', 'c']);
  });

  test('a key that is called like the rest column, or has no name, gets no column', () => {
    expect(infer('{"_rest":1,"":2,"k":3}')).toEqual({ k: 'int64' });
  });
});

test('numbers: what int64 and double hold exactly', () => {
  for (const text of ['0', '-1', '42']) expect(isInt64Text(text)).toBe(true);
  for (const text of ['-0', '1.0', '1e3', '01', '9223372036854775808']) expect(isInt64Text(text)).toBe(false);
  for (const text of ['-0', '1.10', '1E2', '5e-324', '9007199254740992']) expect(fitsDouble(text)).toBe(true);
  for (const text of ['9007199254740993', '1e400', '0.10000000000000000001'])
    expect(fitsDouble(text)).toBe(false);
});

test('the fields of any object are found with their raw text', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()),
      fc.constantFrom(undefined, 1, '\t '),
      (object, indent) => {
        const fields = topLevelFields(JSON.stringify(object, null, indent));
        const back = fields.map(({ key, raw }) => [key, JSON.parse(raw) as unknown]);
        expect(back).toEqual(Object.entries(JSON.parse(JSON.stringify(object)) as object));
      },
    ),
  );
});
