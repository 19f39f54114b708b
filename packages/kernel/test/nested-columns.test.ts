import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CellValue } from '../src/batch-rows.ts';
import type { Column, DriftPolicy, ValueType } from '../src/column.ts';
import { Kernel } from '../src/kernel.ts';
import { differenceOf, expectedOf } from './expected.ts';
import { LineMaker, NESTED_COLUMNS, randomNumbers } from './mutations.ts';
import { cut, readAll, readInputs } from './read-all.ts';
import { readLines } from './read-lines.ts';
import { optionsOf, POLICIES } from './reader-options.ts';

const kernel = new Kernel();
const read = (columns: readonly Column[], drift: DriftPolicy, lines: readonly string[]) =>
  readLines(kernel, columns, drift, lines);

describe('mutated lines with nested columns', () => {
  test.each(POLICIES)('come out as the oracle says under the policy %s', (drift) => {
    const input = new LineMaker(randomNumbers(77), NESTED_COLUMNS).input(3000);
    const options = optionsOf(drift, NESTED_COLUMNS);
    expect(differenceOf(readAll(kernel, options, input), expectedOf(options, input))).toBeUndefined();
  });

  test('come out the same however the input is cut and the batches are bounded', () => {
    const any = fc.record({
      seed: fc.nat(),
      lines: fc.nat({ max: 60 }),
      cuts: fc.array(fc.nat({ max: 20_000 }), { maxLength: 40 }),
      drift: fc.constantFrom(...POLICIES),
      batchRows: fc.integer({ min: 1, max: 50 }),
      maxRecordBytes: fc.constantFrom(200, 600, 1 << 20),
    });
    fc.assert(
      fc.property(any, ({ seed, lines, cuts, drift, batchRows, maxRecordBytes }) => {
        const input = new LineMaker(randomNumbers(seed), NESTED_COLUMNS).input(lines);
        const options = { ...optionsOf(drift, NESTED_COLUMNS, maxRecordBytes), batchRows };
        const places = cuts.map((place) => Math.min(place, input.length));
        const result = readInputs(kernel, options, [{ offset: 0, chunks: cut(input, places) }]);
        expect(differenceOf(result, expectedOf(options, input))).toBeUndefined();
      }),
      { numRuns: 200, seed: 8, endOnFailure: true },
    );
  });
});

const STRUCT: Column = {
  name: 's',
  type: 'struct',
  fields: [
    { name: 'a', type: 'int64' },
    { name: 'b', type: 'text' },
  ],
};
const LIST: Column = { name: 'l', type: 'list', element: { type: 'int64' } };
const MAP: Column = { name: 'm', type: 'map', value: { type: 'boolean' } };

describe('a nested column holds', () => {
  test.each<[string, Column, string, CellValue, string | null]>([
    ['all fields', STRUCT, '{"s":{"a":1,"b":"x"}}', [1n, 'x'], null],
    ['fields in another order, with space', STRUCT, '{"s": { "b" : "x\\n" , "a" : 1 } }', [1n, 'x\n'], null],
    ['a field whose key is escaped', STRUCT, '{"s":{"\\u0061":1}}', [1n, null], null],
    ['an empty struct', STRUCT, '{"s":{}}', [null, null], null],
    ['null', STRUCT, '{"s":null}', null, null],
    ['nothing', STRUCT, '{}', null, null],
    ['null fields', STRUCT, '{"s":{"a":null,"b":null}}', [null, null], null],
    ['no unknown key', STRUCT, '{"s":{"a":1,"c":[2]}}', [1n, null], '{"/s/c":[2]}'],
    ['no value that does not fit', STRUCT, '{"s":{"a":1.5,"b":"x"}}', [null, 'x'], '{"/s/a":1.5}'],
    ['no other type', STRUCT, '{"s":[1]}', null, '{"s":[1]}'],
    ['a list', LIST, '{"l":[1,2,3]}', [1n, 2n, 3n], null],
    ['an empty list', LIST, '{"l":[ ]}', [], null],
    ['null elements', LIST, '{"l":[null,1,null]}', [null, 1n, null], null],
    ['no element that does not fit', LIST, '{"l":[1,"2",3]}', [1n, null, 3n], '{"/l/1":"2"}'],
    [
      'a map',
      MAP,
      '{"m":{"x":true,"":false}}',
      [
        ['x', true],
        ['', false],
      ],
      null,
    ],
    ['an empty map', MAP, '{"m":{}}', [], null],
    ['null in a map', MAP, '{"m":{"x":null}}', [['x', null]], null],
    ['no value of a map that does not fit', MAP, '{"m":{"a/b~":1}}', [['a/b~', null]], '{"/m/a~1b~0":1}'],
    ['a pointer with a quote', MAP, '{"m":{"\\"\\u0001":1}}', [['"\u0001', null]], '{"/m/\\"\\u0001":1}'],
    ['no list for a map', MAP, '{"m":[]}', null, '{"m":[]}'],
  ])('%s', (_what, column, line, cell, rest) => {
    expect(read([column], 'rest', [line])).toEqual({
      rows: [[cell, rest]],
      bad: [],
      drift: expect.anything(),
    });
  });
});

test('an unknown key that looks like a pointer is written as one', () => {
  const { rows, drift } = read([STRUCT], 'rest', ['{"/s/a":1,"\\/x":2,"s":{"a":"3"}}']);
  expect(rows).toEqual([[[null, null], '{"/~1s~1a":1,"/~1x":2,"/s/a":"3"}']]);
  expect(drift).toEqual(['/s/a string', '/~1s~1a number', '/~1x number']);
});

test('drift in elements and values of maps is counted under one name', () => {
  const columns: Column[] = [{ name: 'x', type: 'map', value: { type: 'list', element: STRUCT } }];
  const lines = ['{"x":{"k":[{"a":"1"},{"a":true}],"q":[{"c":1},2]}}', '{"x":{"z":[{"a":{}}]}}'];
  expect(read(columns, 'drop', lines).drift).toEqual([
    '/x/*/* number',
    '/x/*/*/a boolean,object,string',
    '/x/*/*/c number',
  ]);
});

test('under fail a detail names the place and the type', () => {
  const lines = ['{"s":{"a":1,"b":2}}', '{"s":{"c":1}}', '{"s":7}', '{"s":{"a":1}}'];
  const { rows, bad } = read([STRUCT], 'fail', lines);
  expect(rows).toEqual([[[1n, null]]]);
  expect(bad).toEqual([
    'drift: "/s/b": number does not fit text',
    'drift: unknown key "/s/c", number',
    'drift: "s": number does not fit struct',
  ]);
});

test('a record that turns out bad leaves nothing in the columns', () => {
  const columns: Column[] = [
    STRUCT,
    { name: 'l', type: 'list', element: { type: 'struct', fields: [{ name: 'b', type: 'boolean' }] } },
    MAP,
  ];
  const good = (n: number): string => `{"s":{"a":${n}},"l":[{"b":false},{"b":true}],"m":{"k${n}":true}}`;
  const broken = '{"s":{"a":9,"b":"nine"},"l":[{"b":true},{"b":true},{"b":true}],"m":{"x":true},}';
  const lines = Array.from({ length: 300 }, (_, n) => (n % 3 === 1 ? broken : good(n)));
  const { rows, bad } = read(columns, 'rest', lines);
  expect(bad).toHaveLength(100);
  expect(rows).toEqual(
    lines.flatMap((line, n) =>
      line === broken ? [] : [[[BigInt(n), null], [[false], [true]], [[`k${n}`, true]], null]],
    ),
  );
});

test('a list of many elements grows over many batches', () => {
  const lines = Array.from(
    { length: 50 },
    (_, n) => `{"l":[${Array.from({ length: 5000 }, (__, i) => i * n).join()}]}`,
  );
  const { rows } = read([LIST], 'rest', lines);
  expect(rows.map(([cell]) => (cell as bigint[]).length)).toEqual(lines.map(() => 5000));
  expect((rows[49]?.[0] as bigint[])[4999]).toBe(49n * 4999n);
});

test('too much that does not fit is no record', () => {
  const element = '"x"';
  const line = (count: number): string => `{"l":[${Array.from({ length: count }, () => element).join()}]}`;
  const { rows, bad } = read([LIST], 'drop', [line(65_537), line(65_536)]);
  expect(bad).toEqual([expect.stringMatching(/^too-many-keys: /)]);
  expect(rows).toHaveLength(1);
});

/** One value in a struct, a list and a map. */
const EVERYWHERE = (type: ValueType): readonly Column[] => [
  { name: 's', type: 'struct', fields: [{ name: 'v', ...type }] },
  { name: 'l', type: 'list', element: type },
  { name: 'm', type: 'map', value: type },
];

describe('a scalar inside', () => {
  const decimal: ValueType = { type: 'decimal', precision: 38, scale: 2 };
  test.each<[ValueType, string, CellValue | undefined]>([
    [{ type: 'text' }, '"\\u00e9\\n"', 'é\n'],
    [{ type: 'text' }, '7', undefined],
    [{ type: 'json' }, '{"a" : [1.10,"\\u0061"]}', '{"a" : [1.10,"\\u0061"]}'],
    [{ type: 'json' }, '"\\n"', '"\\n"'],
    [{ type: 'int64' }, '-9223372036854775808', -(2n ** 63n)],
    [{ type: 'int64' }, '9223372036854775808', undefined],
    [{ type: 'int64' }, '1.0', undefined],
    [{ type: 'int64' }, '-0', undefined],
    [{ type: 'double' }, '-0', -0],
    [{ type: 'double' }, '3', 3],
    [{ type: 'double' }, '0.30000000000000004', 0.30000000000000004],
    [{ type: 'double' }, '9007199254740993', undefined],
    [{ type: 'double' }, '1e400', undefined],
    [{ type: 'boolean' }, 'false', false],
    [{ type: 'boolean' }, '0', undefined],
    [decimal, '-99999999999999999999999999999999999.9', -99999999999999999999999999999999999_90n],
    [decimal, '"18446744073709551616"', 2n ** 64n * 100n],
    [decimal, '"\\u0031.5"', 150n],
    [decimal, '0.001', undefined],
    [decimal, '{}', undefined],
    [{ type: 'date' }, '"1969-12-31"', -1],
    [{ type: 'date' }, '"2023-02-29"', undefined],
    [{ type: 'timestamp' }, '"1970-01-01T01:00:00.5+01:00"', 500_000n],
    [{ type: 'timestamp' }, '"1970-01-01T01:00:00"', undefined],
    [{ type: 'datetime' }, '"1970-01-01 00:00:00.000001"', 1n],
    [{ type: 'datetime' }, '[]', undefined],
  ])('%j reads %s', (type, value, cell) => {
    const lines = [`{"s":{"v":${value}},"l":[null,${value}],"m":{"k":${value}}}`, '{}'];
    const { rows } = read(EVERYWHERE(type), 'rest', lines);
    const inside = cell === undefined ? null : cell;
    const rest = cell === undefined ? `{"/s/v":${value},"/l/1":${value},"/m/k":${value}}` : null;
    expect(rows).toStrictEqual([
      [[inside], [null, inside], [['k', inside]], rest],
      [null, null, null, null],
    ]);
  });
});

test('a path leads through 32 levels', () => {
  let type: ValueType = { type: 'struct', fields: [{ name: 'v', type: 'int64' }] };
  for (let level = 0; level < 31; level++) {
    type = level % 2 === 0 ? { type: 'list', element: type } : { type: 'map', value: type };
  }
  const open = (level: number): string => (level % 2 === 0 ? '[' : '{"a":');
  const close = (level: number): string => (level % 2 === 0 ? ']' : '}');
  const levels = Array.from({ length: 31 }, (_, level) => 30 - level);
  const steps = levels.map((level) => (level % 2 === 0 ? '/0' : '/a')).join('');
  const line = `{"x":${levels.map(open).join('')}{"v":"no","u":1}${levels.toReversed().map(close).join('')}}`;
  const { rows, drift } = read([{ name: 'x', ...type }], 'rest', [line]);
  expect(rows[0]?.[1]).toBe(`{"/x${steps}/v":"no","/x${steps}/u":1}`);
  const stars = '/*'.repeat(31);
  expect(drift).toEqual([`/x${stars}/u number`, `/x${stars}/v string`]);
});
