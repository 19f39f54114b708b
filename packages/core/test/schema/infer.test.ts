import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SchemaInference } from '../../src/schema/infer.ts';
import { fitsDouble, isInt64Text } from '../../src/schema/number-text.ts';
import { typeText } from '../../src/schema/schema-text.ts';

/** Name → type, as `--schema` writes it in one line. */
const infer = (...lines: string[]): Record<string, string> => {
  const inference = new SchemaInference();
  for (const line of lines) inference.addLine(line);
  return Object.fromEntries(inference.columns().map((column) => [column.name, typeText(column)]));
};
/** The type of `k` in records that have these values. */
const typeOf = (...values: string[]): string | undefined =>
  infer(...values.map((value) => `{"k":${value}}`))['k'];

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const objectOf = (keys: readonly number[]): string => `{${keys.map((key) => `"k${key}":1`).join()}}`;
const nest = (levels: number, inner: string): string =>
  `${'{"a":'.repeat(levels)}${inner}${'}'.repeat(levels)}`;

describe('the type of a column', () => {
  test.each([
    ['booleans', ['true', 'false'], 'boolean'],
    ['integers', ['1', '-9223372036854775808', '9223372036854775807'], 'int64'],
    ['an integer that a double cannot hold', ['9007199254740993'], 'int64'],
    ['fractions', ['0.1', '1e300', '1.0'], 'double'],
    ['a minus zero', ['-0', '0'], 'double'],
    ['integers and fractions', ['1', '2.5'], 'double'],
    ['fractions beside an integer that a double cannot hold', ['0.5', '9007199254740993'], 'json'],
    ['integers over int64', ['9223372036854775808'], 'json'],
    ['more digits than a double has', ['0.1234567890123456789'], 'json'],
    ['seventeen digits that a double has', ['0.30000000000000004'], 'double'],
    ['sixteen digits that it has not', ['9007199254740.9931'], 'json'],
    ['a number that overflows', ['1e400'], 'json'],
    ['a few digits and an exponent that overflows', ['1e309'], 'json'],
    ['strings', ['"a"', '""'], 'text'],
    ['dates, as strings', ['"2024-01-01"', '"2024-01-01T00:00:00Z"'], 'text'],
    ['strings and integers', ['"1"', '1'], 'json'],
    ['booleans and numbers', ['false', '1.5'], 'json'],
    ['only null', ['null'], 'json'],
    ['null beside integers', ['null', '7'], 'int64'],
    ['an object', ['{"a":1}'], '{struct: {a: int64}}'],
    [
      'merged keys',
      ['{"b":1,"a":null}', '{"a":"x","b":0.5,"c":[]}'],
      '{struct: {b: double, a: text, c: json}}',
    ],
    ['an object beside null', ['null', '{"a":{"b":true}}'], '{struct: {a: {struct: {b: boolean}}}}'],
    ['an empty object', ['{}'], 'json'],
    ['an empty object beside another', ['{}', '{"a":1}'], '{struct: {a: int64}}'],
    ['a conflict inside', ['{"a":1}', '{"a":"1"}'], '{struct: {a: json}}'],
    ['objects and strings', ['{"a":1}', '"a"'], 'json'],
    ['objects and arrays', ['{"a":1}', '[1]'], 'json'],
    ['an array', ['[1,2.5,null]', '[]'], '{list: double}'],
    ['an array of arrays', ['[[1],[]]', '[[2]]'], '{list: {list: int64}}'],
    ['an array of objects', ['[{"a":1},{"b":"x"}]', '[{"a":2.5}]'], '{list: {struct: {a: double, b: text}}}'],
    ['an array of this and that', ['[1,"a"]'], '{list: json}'],
    ['elements that conflict over records', ['[1]', '["a"]'], '{list: json}'],
    ['only empty arrays', ['[]', '[ ]', 'null'], 'json'],
    ['only empty arrays inside', ['[[]]'], '{list: json}'],
    ['only null inside', ['[null]'], '{list: json}'],
    ['keys that no field can have', ['{"":1,"\\ud800":2,"_rest":3}'], '{struct: {_rest: int64}}'],
    ['only keys that no field can have', ['{"":1}'], 'json'],
  ])('%s', (_title, values, type) => {
    expect(typeOf(...values)).toBe(type);
  });

  test.each([
    ['200 keys', objectOf(range(200)), /^\{struct/],
    ['201 keys', objectOf(range(201)), /^json$/],
    ['an object nested on the eighth level', nest(7, '{"a":1}'), /^[^j]*int64[^j]*$/],
    ['one on the ninth', nest(8, '{"a":1}'), /^[^j]*json[^j]*$/],
    ['an array on the ninth', nest(8, '[1]'), /^[^j]*json[^j]*$/],
    ['very deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, /^(\{list: ){8}json\}{8}$/],
    [
      '1,000 leaves',
      `[${range(5)
        .map(() => objectOf(range(200)))
        .map((one, n) => `{"${n}":${one}}`)
        .join()}]`,
      /^\{list/,
    ],
    [
      '1,001 leaves',
      `[{"more":1},${range(5)
        .map(() => objectOf(range(200)))
        .map((one, n) => `{"${n}":${one}}`)
        .join()}]`,
      /^json$/,
    ],
  ])('%s', (_title, value, type) => {
    expect(typeOf(value)).toMatch(type);
  });

  test('keys count over all records', () => {
    expect(typeOf(objectOf(range(150)), objectOf(range(200)))).toMatch(/struct/);
    expect(typeOf(objectOf(range(150)), objectOf(range(201)), objectOf([1]))).toBe('json');
    expect(typeOf(`{"a":${objectOf(range(201))},"b":1}`)).toBe('{struct: {a: json, b: int64}}');
  });

  test('a column of more places than can be kept is json, whatever they would have come to', () => {
    const wide = (n: number): string => `{"k${n}":${objectOf(range(201))}}`;
    expect(typeOf(...range(90).map(wide))).toMatch(/^\{struct: \{k0: json/);
    expect(typeOf(...range(110).map(wide))).toBe('json');
  });
});

describe('columns', () => {
  test('stand in order of appearance; lines that are no object say nothing', () => {
    const lines = ['{"b":1,"a":"x"}', '[1]', '{"z":', '7', '', '{"c":null,"b":2}'];
    expect(Object.keys(infer(...lines))).toEqual(['b', 'a', 'c']);
  });

  test('a key that is called like the rest column, or has no name, gets no column', () => {
    expect(infer('{"_rest":1,"":2,"\\udc00":4,"k":3}')).toEqual({ k: 'int64' });
  });

  test('a line may begin with a byte order mark', () => {
    expect(infer('\ufeff{"k":3}')).toEqual({ k: 'int64' });
  });

  test('as many as there are', () => {
    expect(Object.keys(infer(objectOf(range(5000))))).toHaveLength(5000);
  });
});

test('numbers: what int64 and double hold exactly', () => {
  for (const text of ['0', '-1', '42']) expect(isInt64Text(text)).toBe(true);
  for (const text of ['-0', '1.0', '1e3', '01', '9223372036854775808']) expect(isInt64Text(text)).toBe(false);
  for (const text of ['-0', '1.10', '1E2', '5e-324', '9007199254740992', '9007199254740994'])
    expect(fitsDouble(text)).toBe(true);
  for (const text of [
    '9007199254740993',
    '3441303122429237000',
    '3441303122429237248',
    '1e400',
    '0.10000000000000000001',
  ])
    expect(fitsDouble(text)).toBe(false);
});

/** What a value of a program comes to, told without the text. */
function expectedKinds(value: unknown, path: string, kinds: Map<string, Set<string>>): void {
  const kind = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  kinds.set(path, (kinds.get(path) ?? new Set()).add(kind));
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    expectedKinds(inner, `${path}/${Array.isArray(value) ? '*' : key}`, kinds);
}

test('every place of any object is found, and what stands there', () => {
  const keys = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.constantFrom('"', '\\', '\\"', '{', ','),
  );
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 0, 1.5, -1e21, '', '"', '\\', '}]', 'a:b,c'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(
      fc.dictionary(keys, values, { minKeys: 1 }),
      fc.constantFrom('', '\t \r'),
      (object, indent) => {
        const inference = new SchemaInference();
        inference.addLine(JSON.stringify(object, null, indent));
        const found = new Map<string, Set<string>>();
        const visit = (
          seen: typeof inference.seen extends ReadonlyMap<string, infer S> ? S : never,
          path: string,
        ): void => {
          found.set(
            path,
            new Set(seen.kinds().map((kind) => (/integer|number/.test(kind) ? 'number' : kind))),
          );
          for (const [key, field] of seen.fields ?? []) visit(field, `${path}/${key}`);
          if (seen.element) visit(seen.element, `${path}/*`);
        };
        for (const [name, seen] of inference.seen) visit(seen, name);
        const expected = new Map<string, Set<string>>();
        for (const [key, value] of Object.entries(object))
          if (key !== '_rest') expectedKinds(value, key, expected);
        expect(found).toEqual(expected);
      },
    ),
  );
});
