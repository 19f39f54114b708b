import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Column } from '../src/column.ts';
import { Kernel } from '../src/kernel.ts';
import { differenceOf, expectedOf } from './expected.ts';
import { readAll } from './read-all.ts';

const kernel = new Kernel();
const COLUMNS: readonly Column[] = [{ name: 'j', type: 'json' }];
const OPTIONS = { columns: COLUMNS, drift: 'drop', maxRecordBytes: 100 * 1024 * 1024 } as const;
const utf8 = (text: string): Buffer => Buffer.from(text);

/** The details of the lines that are bad. */
const details = (lines: readonly string[]): string[] =>
  readAll(kernel, OPTIONS, utf8(lines.join('\n'))).bad.map(({ reason, detail }) => `${reason}: ${detail}`);

const members = (keys: readonly string[]): string => `{${keys.map((key) => `"${key}":0`).join(',')}}`;
const inside = (value: string): string => `{"j":${value}}`;
const numbered = (count: number, key: (n: number) => string): string[] =>
  Array.from({ length: count }, (_, n) => key(n));
const escaped = (text: string): string =>
  Array.from(text, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

describe('a key twice in an object inside a record', () => {
  test.each([
    ['{"j":{"a":1,"a":1}}', '"a" again at byte 12'],
    ['{"j":{"a":1,"b":2,"a":1}}', '"a" again at byte 18'],
    ['{"j":{"":1,"":1}}', '"" again at byte 11'],
    ['{"j":[{"a":1,"a":1}]}', '"a" again at byte 13'],
    ['{"j":[[],{"x":[{"a":1},{"a":1,"a":2}]}]}', '"a" again at byte 30'],
    ['{"j":{"a":{"a":{}},"a":1}}', '"a" again at byte 19'],
    ['{"j":{"a":1,"\\u0061":1}}', '"\\u0061" again at byte 12'],
    ['{"j":{"\\u0061":1,"a":1}}', '"a" again at byte 17'],
    ['{"j":{"\\u0061":1,"\\u0061":1}}', '"\\u0061" again at byte 17'],
    ['{"j":{"\\n":1,"\\u000a":1}}', '"\\u000a" again at byte 13'],
    ['{"j":{"é":1,"\\u00e9":1}}', '"\\u00e9" again at byte 13'],
    ['{"j":{"\\ud83d\\ude02":1,"😂":1}}', '"😂" again at byte 23'],
    ['{"j":{"a/b":1,"a\\/b":1}}', '"a\\/b" again at byte 14'],
    ['{"j":{"12345678":1,"12345678":1}}', '"12345678" again at byte 19'],
    ['{"j": { "a" : 1 , "a" : 1 } }', '"a" again at byte 18'],
    ['{"new":{"a":1,"a":1}}', '"a" again at byte 14'],
  ])('%s', (line, detail) => {
    expect(details([line])).toStrictEqual([`duplicate-key: ${detail} of the record`]);
  });

  test('is told before what is wrong behind it, and after what is wrong before it', () => {
    expect(details(['{"j":{"a":1,"a":x}}', '{"j":{"a":x,"a":1}}', '{"j":{"a":1,"a" 1}}'])).toStrictEqual([
      'duplicate-key: "a" again at byte 12 of the record',
      'invalid-value: at byte 10 of the record',
      'expected-colon: at byte 16 of the record',
    ]);
  });

  test('is found in each of many objects, at every depth', () => {
    const depth = 1022;
    const good = '{"a":'.repeat(depth) + '{"a":1}' + '}'.repeat(depth);
    const deep = '{"a":'.repeat(depth) + '1' + ',"a":2}'.repeat(1) + '}'.repeat(depth - 1);
    const shallow = '{"a":'.repeat(depth) + '1' + '}'.repeat(depth - 1) + ',"a":2}';
    expect(details([inside(good)])).toStrictEqual([]);
    expect(details([inside(deep)])[0]).toContain('"a" again at byte');
    expect(details([inside(shallow)])[0]).toContain('"a" again at byte');
  });
});

test.each([
  '{"j":[{"a":1},{"a":1},{"a":1}]}',
  '{"j":{"a":{"a":{"a":1}},"b":{"a":1},"c":{"a":1}}}',
  '{"j":{"a":1},"k":{"a":1}}',
  '{"j":{"j":1}}',
  '{"j":{"a":"a","b":"a"}}',
  '{"j":{"a":1,"A":1,"a ":1,"":1,"\\u0000":1,"aa":1}}',
  '{"j":{"\\\\u0061":1,"a":1}}',
  '{"j":{"é":1,"e\u0301":1}}',
])('no key is twice in an object of %s', (line) => {
  expect(details([line])).toStrictEqual([]);
});

/** Same length, same first and last eight bytes: what a short hash looks at. */
const alike = (n: number): string => `the same${String(n).padStart(7, '0')}the same`;

describe.each([
  ['keys of many lengths', (n: number) => String(n)],
  ['keys with the same ends', alike],
  ['keys of escapes', (n: number) => escaped(`k${n}`)],
])('%s', (_, key) => {
  test.each([2, 16, 31, 32, 33, 34, 63, 64, 65, 66, 128, 129, 130, 1000])('%i in an object', (count) => {
    const keys = numbered(count, key);
    expect(details([inside(members(keys))])).toStrictEqual([]);
    const places = [0, 1, 30, 31, 32, 33, 63, 64, count - 1].filter((place) => place < count);
    const lines = places.map((place) => inside(members([...keys, keys[place]!])));
    expect(details(lines)).toHaveLength(places.length);
    const again = (place: number): string => escaped(JSON.parse(`"${keys[place]!}"`) as string);
    const written = places.map((place) => inside(members([...keys, again(place)])));
    expect(details(written)).toHaveLength(places.length);
  });
});

test('objects of many keys inside each other keep theirs apart', () => {
  const keys = numbered(100, (n) => `key${n}`);
  const nest = (depth: number, last: string): string => {
    if (depth === 0) return members([...keys, last]);
    const parts = keys.map((key, n) => `"${key}":${n % 50 === 40 ? nest(depth - 1, last) : '0'}`);
    return `{${parts.join(',')},"${last}":0}`;
  };
  expect(details([inside(nest(3, 'other'))])).toStrictEqual([]);
  for (const twice of [0, 39, 40, 41, 99]) expect(details([inside(nest(3, `key${twice}`))])).toHaveLength(1);
  // Only the outer object has one twice, behind inner ones that took tables of their own.
  const outer = `{${keys.map((key) => `"${key}":${members(keys)}`).join(',')}`;
  expect(details([inside(`${outer}}`), inside(`${outer},"key7":0}`)])).toHaveLength(1);
});

test('a million keys in one object are all different, or one is not', () => {
  const keys = numbered(1_000_000, (n) => `k${n}`);
  const good = inside(members(keys));
  expect(details([good])).toStrictEqual([]);
  for (const twice of [0, 500_000, 999_999]) {
    const bad = inside(members([...keys, `k${twice}`]));
    expect(details([bad])).toStrictEqual([
      `duplicate-key: "k${twice}" again at byte ${good.length - 1} of the record`,
    ]);
  }
  expect(details([inside(members(numbered(200_000, alike)))])).toStrictEqual([]);
});

test('records before do not matter, whatever they were', () => {
  const many = inside(members(numbered(200_000, (n) => `k${n}`)));
  const lines = [
    many,
    '{"j":{"a":1}}',
    '{"j":{"k1":[{',
    '{"j":{"k1":1}}',
    many,
    '{"j":{"k1":1,"k2":{"k1":1,"k1":1}}}',
  ];
  expect(details([...lines, ...lines])).toStrictEqual(
    [...lines, ...lines].flatMap((line) => {
      if (line.endsWith('{')) return ['unexpected-end: at byte 13 of the record'];
      return line.includes('"k2":{"k1"') ? ['duplicate-key: "k1" again at byte 26 of the record'] : [];
    }),
  );
});

test('generated objects come out as the oracle says', () => {
  const key = fc.oneof(
    fc.nat({ max: 60 }).map(String),
    fc.nat({ max: 60 }).map((n) => escaped(String(n))),
    fc.nat({ max: 60 }).map(alike),
    fc.constantFrom('', 'a', '\\n', '\\u000A', 'é', '\\u00e9', 'x'.repeat(100)),
  );
  const { value } = fc.letrec<{ value: string; object: string; array: string }>((tie) => ({
    value: fc.oneof({ maxDepth: 5 }, fc.constant('0'), tie('object'), tie('array')),
    object: fc
      .array(fc.tuple(key, tie('value')), { maxLength: 40, size: 'max' })
      .map((pairs) => `{${pairs.map(([name, inner]) => `"${name}":${inner}`).join(',')}}`),
    array: fc.array(tie('value'), { maxLength: 4 }).map((values) => `[${values.join(',')}]`),
  }));
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), (values) => {
      const input = utf8(values.map(inside).join('\n'));
      expect(differenceOf(readAll(kernel, OPTIONS, input), expectedOf(OPTIONS, input))).toBeUndefined();
    }),
    { numRuns: 200, seed: 11, endOnFailure: true },
  );
});
