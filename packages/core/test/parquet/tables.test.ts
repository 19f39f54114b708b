import { describe, expect, test } from '@jest/globals';
import type { Column, PlainType } from '@winnow/kernel';
import { JUDGES } from './judges.ts';
import { difference, oneColumn, type Cell, type Table } from './table.ts';
import { writeTable, type WriteOptions } from './write-table.ts';

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

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
  [
    'odd names',
    {
      columns: ['a.b', '', ' ', 'ü', '"'].map((name) => ({ name, type: 'int64' })),
      rows: [[1n, 2n, 3n, 4n, 5n]],
    },
  ],
];

describe.each(JUDGES)('%s reads what was written', (_name, judge) => {
  test.each(CASES.map(([title, table, options = {}]) => ({ title, table, options })))(
    '$title',
    async ({ table, options }) => {
      const file = await writeTable(table, options);
      expect(difference(table, await judge(file))).toBeUndefined();
    },
  );
});
