import { describe, expect, test } from '@jest/globals';
import type { Column, PlainType } from '@winnow/kernel';
import { canJudge, JUDGES } from './judges.ts';
import { decimal, difference, list, map, oneColumn, struct, type Cell, type Table } from './table.ts';
import { writeTable, type WriteOptions } from './write-table.ts';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

const INT64 = { type: 'int64' } as const;
const FIRST_MOMENT = -62_135_596_800_000_000n;
const LAST_MOMENT = 253_402_300_799_999_999n;

const ALL_TYPES: readonly Column[] = [
  { name: 'text', type: 'text' },
  { name: 'int64', type: 'int64' },
  { name: 'double', type: 'double' },
  { name: 'boolean', type: 'boolean' },
  { name: 'json', type: 'json' },
];

const repeat = (rows: number, cellOf: (row: number) => Cell): Cell[] =>
  Array.from({ length: rows }, (_, row) => cellOf(row));

/** Every type, nulls by a different rhythm a column. */
const mixed = (rows: number): Table => ({
  columns: ALL_TYPES,
  rows: Array.from({ length: rows }, (_, r) => [
    r % 3 === 0 ? null : `text ${r % 50}`,
    r % 5 === 1 ? null : BigInt(r) * 1_000_003n - 77n,
    r % 7 === 2 ? null : r / 8,
    r % 2 === 0 ? null : r % 11 < 4,
    r % 4 === 3 ? null : `{"r": ${r}, "x": [1.10, null]}`,
  ]),
});

const wide = (columns: number, rows: number): Table => ({
  columns: Array.from({ length: columns }, (_, c) => ({
    name: `column ${c}`,
    type: ALL_TYPES[c % ALL_TYPES.length]!.type as PlainType,
  })),
  rows: Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) =>
      (r + c) % 6 === 0 ? null : [`t${r}`, BigInt(r * c), r / 4, r % 2 === 0, `[${c}]`][c % 5]!,
    ),
  ),
});

const CASES: readonly (readonly [string, Table, WriteOptions?])[] = [
  ['all types, nulls at all places', mixed(1000)],
  ['no rows', { columns: ALL_TYPES, rows: [] }],
  ['one row', mixed(1)],
  ['one row of nulls', { columns: ALL_TYPES, rows: [[null, null, null, null, null]] }],
  ['many row groups', mixed(1000), { rowGroupRows: 7 }],
  ['row groups by bytes', mixed(1000), { rowGroupBytes: 300 }],
  ['a row larger than a row group', oneColumn('text', ['a', 'b'.repeat(5000), 'c']), { rowGroupBytes: 100 }],
  [
    'columns without any value',
    { columns: ALL_TYPES, rows: repeat(300, () => null).map((n) => [n, n, n, n, n]) },
  ],
  ['empty texts', oneColumn('text', ['', null, '', 'a', ''])],
  ['only empty texts', oneColumn('text', ['', '', ''])],
  [
    'texts over 1 MiB',
    oneColumn('text', ['x', 'y'.repeat((1 << 20) + 1), null, 'ü'.repeat(1 << 20), 'x', '']),
  ],
  [
    'the same long text again',
    oneColumn(
      'text',
      repeat(20, () => 'z'.repeat(1 << 19)),
    ),
  ],
  [
    'Unicode',
    oneColumn('text', ['ä', '漢字', '😀', '\u0000', '\uffff', '\u{10ffff}', 'a\u0000', 'e\u0301', '\r\n\t"']),
  ],
  ['int64 extremes', oneColumn('int64', [MIN, MAX, 0n, -1n, null, MAX, MIN, 1n])],
  [
    'int64 extremes among many',
    oneColumn(
      'int64',
      repeat(1000, (r) => (r === 400 ? MIN : r === 401 ? MAX : BigInt(r))),
    ),
  ],
  ['one int64', oneColumn('int64', [MIN])],
  [
    'the same int64',
    oneColumn(
      'int64',
      repeat(500, () => -5n),
    ),
  ],
  ...[1, 2, 31, 32, 33, 127, 128, 129, 130, 160, 161, 256, 257, 258].map((n): readonly [string, Table] => [
    `${n} rising int64`,
    oneColumn(
      'int64',
      repeat(n, (r) => BigInt(r * r)),
    ),
  ]),
  // A miniblock of every width: values that are 0 or 2^w.
  ...Array.from({ length: 63 }, (_, w): readonly [string, Table] => [
    `int64 of ${w} bits`,
    oneColumn(
      'int64',
      repeat(200, (r) => (r % 61 === 7 ? 2n ** BigInt(w) : 0n)),
    ),
  ]),
  [
    'doubles',
    oneColumn('double', [
      0,
      -0,
      5e-324,
      -5e-324,
      2 ** -1022,
      Number.MAX_VALUE,
      -Number.MAX_VALUE,
      null,
      0.1,
      1 / 3,
    ]),
  ],
  ['infinite doubles', oneColumn('double', [Infinity, -Infinity, 1])],
  [
    'true',
    oneColumn(
      'boolean',
      repeat(100, () => true),
    ),
  ],
  [
    'false, and a null',
    oneColumn(
      'boolean',
      repeat(100, (r) => (r === 64 ? null : false)),
    ),
  ],
  [
    'booleans across words',
    oneColumn(
      'boolean',
      repeat(1000, (r) => (r % 3 === 0 ? null : (r * 7919) % 13 < 6)),
    ),
  ],
  [
    'the same text',
    oneColumn(
      'text',
      repeat(5000, () => 'same'),
    ),
  ],
  [
    'two texts in long runs',
    oneColumn(
      'text',
      repeat(5000, (r) => (r % 1000 < 990 ? 'a' : 'b')),
    ),
  ],
  [
    'runs of all lengths',
    oneColumn('text', Array.from({ length: 60 }, (_, n) => repeat(n, () => `t${n}`)).flat()),
  ],
  [
    'high cardinality',
    oneColumn(
      'text',
      repeat(5000, (r) => `id-${(r * 7919) % 5003}`),
    ),
  ],
  [
    'nearly as many entries as a dictionary holds',
    oneColumn(
      'text',
      repeat(40_000, (r) => `${r % 999 < 500 ? 0 : r}`),
    ),
    { rowGroupRows: 40_000 },
  ],
  [
    'more entries than a dictionary holds',
    oneColumn(
      'text',
      repeat(90_000, (r) => `${r % 2 === 0 ? 0 : r}`),
    ),
    { rowGroupRows: 90_000 },
  ],
  [
    'values only at the end',
    oneColumn(
      'int64',
      repeat(3000, (r) => (r < 2990 ? null : 7n)),
    ),
  ],
  [
    'values only at the start',
    oneColumn(
      'text',
      repeat(3000, (r) => (r > 9 ? null : 'v')),
    ),
  ],
  [
    'raw JSON',
    oneColumn('json', ['1.10', '{"a" : [ ]}', '"x"', 'null', null, '0.1234567890123456789', '[]', '[]']),
  ],
  ['1,200 columns', wide(1200, 9)],
  ['1,200 columns in row groups', wide(1200, 9), { rowGroupRows: 2 }],
  ['dates', oneColumn('date', [0, -719_162, 2_932_896, null, 19_000])],
  [
    'many near dates',
    oneColumn(
      'date',
      repeat(3000, (r) => 19_000 + ((r * 7919) % 3001)),
    ),
  ],
  [
    'few dates',
    oneColumn(
      'date',
      repeat(3000, (r) => [-700_000, 0, 2_900_000][(r * 7) % 3]!),
    ),
  ],
  ['timestamps', oneColumn('timestamp', [0n, FIRST_MOMENT, LAST_MOMENT, null, 1n, -1n])],
  ['datetimes', oneColumn('datetime', [0n, FIRST_MOMENT, LAST_MOMENT, null, 1n, -1n])],
  ...[1, 9, 18, 19, 28, 38].flatMap((precision): (readonly [string, Table])[] => {
    const most = 10n ** BigInt(precision) - 1n;
    const type = decimal(precision, precision >> 1);
    return [
      [`decimals of ${precision} digits`, oneColumn(type, [0n, 1n, -1n, most, null, -most])],
      [
        `few decimals of ${precision} digits`,
        oneColumn(
          type,
          repeat(2000, (r) => [most, -most, 7n, null, 0n][(r * r) % 5]!),
        ),
      ],
      [
        `many decimals of ${precision} digits`,
        oneColumn(
          type,
          repeat(2000, (r) => (BigInt(r) * 0x9e3779b97f4a7c15n) % (most + 1n)),
        ),
      ],
    ];
  }),
  [
    'few doubles',
    oneColumn(
      'double',
      repeat(5000, (r) => [0, -0, 1 / 3, null, 5e-324][(r * 7) % 5]!),
    ),
  ],
  [
    'few int64 far apart',
    oneColumn(
      'int64',
      repeat(5000, (r) => [MIN, MAX, 0n][(r * r) % 3]!),
    ),
  ],
  [
    'doubles that are many after the trial',
    oneColumn(
      'double',
      repeat(50_000, (r) => (r < 2000 ? r % 5 : r / 7)),
    ),
    { rowGroupRows: 50_000 },
  ],
  ['a list of int64', oneColumn(list(INT64), [[1n, 2n], [], null, [null], [3n, null, 4n]])],
  ['empty lists alone', oneColumn(list(INT64), [[], [], []])],
  ['null lists alone', oneColumn(list({ type: 'text' }), [null, null])],
  ['lists of null', oneColumn(list({ type: 'text' }), [[null], [null, null], [null]])],
  ['lists of texts', oneColumn(list({ type: 'text' }), [['a', '', null], ['a'], [], null, ['b', 'a']])],
  [
    'lists of booleans',
    oneColumn(
      list({ type: 'boolean' }),
      repeat(300, (r) => (r % 7 === 0 ? null : repeat(r % 5, (i) => (r + i) % 3 === 0))),
    ),
  ],
  [
    'a list of lists',
    oneColumn(list(list(INT64)), [
      [[1n], [2n, 3n]],
      [[]],
      [],
      null,
      [null],
      [[null], [4n]],
      [[], null, [5n]],
    ]),
  ],
  [
    'a list of lists of lists',
    oneColumn(list(list(list({ type: 'text' }))), [[[['a'], []], []], [[['b', null], null], null], null, []]),
  ],
  [
    'structs',
    oneColumn(struct({ a: INT64, b: { type: 'text' } }), [[1n, 'x'], null, [null, null], [2n, null]]),
  ],
  ['structs of null', oneColumn(struct({ a: INT64, b: { type: 'text' } }), [[null, null], null])],
  [
    'structs in structs',
    oneColumn(struct({ s: struct({ a: INT64 }), t: struct({ b: { type: 'date' } }) }), [
      [[1n], [7]],
      [null, null],
      null,
      [[null], [null]],
      [[2n], null],
    ]),
  ],
  [
    'maps',
    oneColumn(map(INT64), [
      [
        ['a', 1n],
        ['b', null],
      ],
      [],
      null,
      [['', 3n]],
    ]),
  ],
  [
    'a list in a map, with a struct in it',
    oneColumn(map(list(struct({ a: INT64, m: map({ type: 'text' }) }))), [
      [
        ['k', [[1n, [['x', 'y']]], null, [null, []]]],
        ['l', null],
      ],
      [['k', []]],
      null,
      [],
    ]),
  ],
  [
    'a struct in a list in a map, many',
    oneColumn(
      map(list(struct({ price: decimal(12, 2), on: { type: 'date' } }))),
      repeat(500, (r) =>
        r % 9 === 0
          ? null
          : repeat(r % 3, (k) => [
              `k${k}`,
              repeat((r + k) % 4, (i) => (i === 2 ? null : [BigInt(r * i), r])),
            ]),
      ),
    ),
  ],
  [
    'nested rows over row groups and pages',
    oneColumn(
      list(struct({ a: INT64, t: { type: 'text' } })),
      repeat(45_000, (r) => (r % 50 === 0 ? null : repeat(r % 4, (i) => [BigInt(r), `t${i}`]))),
    ),
    { rowGroupRows: 41_000 },
  ],
  [
    'nested rows of many entries',
    oneColumn(
      list(INT64),
      repeat(40, (r) => repeat(r * 1000, (i) => BigInt(i * i * r) % 1_000_003n)),
    ),
  ],
  [
    'texts over many pages',
    oneColumn(
      'text',
      repeat(60_000, (r) => (r % 3 === 0 ? null : `${r}`.padStart(100, 'x'))),
    ),
    { rowGroupRows: 60_000 },
  ],
  [
    'a text above a page between short ones',
    oneColumn('text', ['a', null, 'y'.repeat(3 << 20), null, 'b', 'z'.repeat(2 << 20), 'c']),
  ],
  [
    'odd names',
    {
      columns: ['a.b', '', ' ', 'ü', '"'].map((name) => ({ name, type: 'int64' })),
      rows: [[1n, 2n, 3n, 4n, 5n]],
    },
  ],
];

describe.each(JUDGES)('%s reads what was written', (_name, judge) => {
  const cases = CASES.filter(([, table]) => canJudge(judge, table));
  test.each(cases.map(([title, table, options = {}]) => ({ title, table, options })))(
    '$title',
    async ({ table, options }) => {
      const file = await writeTable(table, options);
      expect(difference(table, await judge(file, table.columns))).toBeUndefined();
    },
  );
});
