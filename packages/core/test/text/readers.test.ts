/** What random tables become is read by readers that share no code with the writer. */
import { describe, expect, test } from '@jest/globals';
import type { ValueType } from '@winnow/kernel';
import fc from 'fast-check';
import { arbitraryTable } from '../parquet/arbitrary-table.ts';
import { oneColumn, type Cell, type Table } from '../parquet/table.ts';
import { readByDuckDb } from './duckdb-text.ts';
import { csvText, jsonText, objectText } from './spelling.ts';
import { readStrictCsv } from './strict-csv.ts';
import { writeText } from './write-text.ts';

/** Everything that CSV, JSON or a careless reader treats in a way of its own. */
const NASTY = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('"', '""', ',', '\r', '\n', '\r\n', '\\', "'", '\t', ';', ' ') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('=', '+', '-', '@', 'null', 'NULL', '\u0000', '\u001f', '\u007f'),
    },
    { weight: 2, arbitrary: fc.constantFrom('é', '\u2028', '\ufeff', '😂', 'a', 'bc') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 3 }) },
  ),
  maxLength: 40,
});

const nastyTable: fc.Arbitrary<Table> = fc
  .tuple(fc.uniqueArray(NASTY, { minLength: 1, maxLength: 4 }), fc.nat(20))
  .chain(([names, rows]) =>
    fc.record({
      columns: fc.constant(names.map((name) => ({ name, type: 'text' }) as const)),
      rows: fc.array(fc.tuple(...names.map(() => fc.option(NASTY))), { minLength: rows, maxLength: rows }),
    }),
  );

/** JSON has no infinities: no reader leaves one in a batch. */
const finite = ({ columns, rows }: Table): Table => ({
  columns,
  rows: rows.map((row) => row.map(finiteCell)),
});
const finiteCell = (cell: Cell): Cell => {
  if (Array.isArray(cell)) return (cell as readonly Cell[]).map(finiteCell);
  return cell === Infinity || cell === -Infinity ? Math.sign(cell) * Number.MAX_VALUE : cell;
};

const anyTable = fc.oneof(
  { weight: 1, arbitrary: nastyTable },
  { weight: 2, arbitrary: arbitraryTable(60, 2).map(finite) },
);

/** JSON with its numbers as written, so that no digit is lost between the file and the check. */
const parseExactly = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? `number ${context?.source}` : value,
  );

const expectedObjects = ({ columns, rows }: Table): unknown[] =>
  rows.map((row) => parseExactly(objectText(columns, row)));

describe('JSON.parse, with numbers as written, finds the values', () => {
  test('in each line of NDJSON', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const lines = (await writeText(table, 'ndjson')).toString().split('\n');
        expect(lines.pop()).toBe('');
        expect(lines.map(parseExactly)).toEqual(expectedObjects(table));
      }),
      { numRuns: 200 },
    );
  });

  test('in the elements of JSON', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const text = (await writeText(table, 'json')).toString();
        expect(parseExactly(text)).toEqual(expectedObjects(table));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a reader by the letter of RFC 4180', () => {
  test('finds every value, and tells empty texts from none', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const { columns, rows } = table;
        const [header, ...records] = readStrictCsv((await writeText(table, 'csv')).toString());
        expect(header!.map(({ text }) => text)).toEqual(columns.map(({ name }) => name));
        const found = records.map((record) =>
          record.map(({ text, quoted }) => (text === '' && !quoted ? null : text)),
        );
        expect(found).toEqual(rows.map((row) => csvRow(columns, row)));
      }),
      { numRuns: 200 },
    );
  });

  test('finds quotes only around what needs them', async () => {
    await fc.assert(
      fc.asyncProperty(anyTable, async (table) => {
        const [, ...records] = readStrictCsv((await writeText(table, 'csv')).toString());
        for (const { text, quoted } of records.flat()) if (quoted) expect(text).toMatch(/^$|[",\r\n]/);
      }),
      { numRuns: 100 },
    );
  });

  test('finds no formula with csvSafe, and every text behind its mark', async () => {
    await fc.assert(
      fc.asyncProperty(nastyTable, async (table) => {
        const cells = readStrictCsv((await writeText(table, 'csv', { csvSafe: true })).toString()).flat();
        const texts = [table.columns.map(({ name }) => name), ...table.rows].flat();
        for (const [index, { text }] of cells.entries()) {
          expect(text).not.toMatch(/^[=+\-@\t\r]/);
          const given = (texts[index] as string | null) ?? '';
          expect(text).toBe(/^[=+\-@\t\r]/.test(given) ? `'${given}` : given);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** In a record of one column nothing is written as two quotes. */
function csvRow(columns: Table['columns'], row: readonly Cell[]): (string | null)[] {
  const texts = columns.map((column, index) => csvText(column, row[index] ?? null));
  return texts.length === 1 ? [texts[0] ?? ''] : texts;
}

const TYPES: readonly [string, fc.Arbitrary<Cell>][] = [
  ['double', fc.double({ noNaN: true, noDefaultInfinity: true })],
  ['double', fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e-300, max: 1e-300 })],
  ['double', fc.tuple(fc.maxSafeInteger(), fc.nat(12)).map(([digits, places]) => digits / 10 ** places)],
  [
    'double',
    fc.tuple(fc.integer(), fc.integer({ min: -30, max: 30 })).map(([digits, e]) => Number(`${digits}e${e}`)),
  ],
  ['int64', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  [
    'int64',
    fc
      .tuple(fc.nat(62), fc.integer({ min: -1, max: 1 }))
      .map(([bits, by]) => 2n ** BigInt(bits) + BigInt(by)),
  ],
  [
    'int64',
    fc
      .tuple(fc.nat(18), fc.integer({ min: -1, max: 1 }))
      .map(([zeros, by]) => 10n ** BigInt(zeros) + BigInt(by)),
  ],
  ['date', fc.integer({ min: -719162, max: 2932896 })],
  ['timestamp', fc.bigInt({ min: -62135596800000000n, max: 253402300799999999n })],
  ['datetime', fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })],
];

describe('many values of one type are spelled as JavaScript spells them', () => {
  test.each(TYPES)('%s', async (name, cell) => {
    const type = { type: name } as ValueType;
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { minLength: 500, maxLength: 500 }), async (cells) => {
        const text = (await writeText(oneColumn(type, cells), 'ndjson')).toString();
        expect(text).toBe(cells.map((one) => `{"c":${jsonText(type, one)}}\n`).join(''));
      }),
      { numRuns: 20 },
    );
  });

  test.each([1, 9, 18, 19, 20, 28, 37, 38])('decimal of %i digits', async (precision) => {
    const bound = 10n ** BigInt(precision) - 1n;
    const cell = fc.oneof(
      fc.bigInt({ min: -bound, max: bound }),
      fc
        .tuple(fc.nat(precision - 1), fc.integer({ min: -1, max: 1 }))
        .map(([zeros, by]) => 10n ** BigInt(zeros) + BigInt(by)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(cell, { minLength: 200, maxLength: 200 }),
        fc.nat(precision),
        async (cells, scale) => {
          const type: ValueType = { type: 'decimal', precision, scale };
          const text = (await writeText(oneColumn(type, cells), 'ndjson')).toString();
          expect(text).toBe(cells.map((one) => `{"c":${jsonText(type, one)}}\n`).join(''));
        },
      ),
      { numRuns: 20 },
    );
  });

  test.each([
    ['first', -719_162],
    ['last', 2_932_896 - 146_096],
  ])('every day of the %s 400 years of the calendar', async (_which, from) => {
    const cells = Array.from({ length: 146_097 }, (_, day) => from + day);
    const text = (await writeText(oneColumn('date', cells), 'csv')).toString();
    expect(text === `c\r\n${cells.map((one) => `${csvText({ type: 'date' }, one)}\r\n`).join('')}`).toBe(
      true,
    );
  });
});

describe('DuckDB', () => {
  test.each(['ndjson', 'json', 'csv'] as const)('reads the texts of %s', async (format) => {
    await fc.assert(
      fc.asyncProperty(nastyTable, async (table) => {
        // Names that differ in case alone are the same to DuckDB; NUL ends its names, and its texts of CSV.
        const named = {
          ...table,
          columns: table.columns.map((column, index) => ({ ...column, name: `c${index}` })),
        };
        fc.pre(format !== 'csv' || !JSON.stringify(table.rows).includes('\\u0000'));
        const rows = await readByDuckDb(await writeText(named, format), format, named.columns);
        const expected =
          format === 'csv' && table.columns.length === 1 ? table.rows.map(([c]) => [c ?? '']) : table.rows;
        expect(rows).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  test.each(['ndjson', 'json', 'csv'] as const)(
    'reads the numbers and times of %s exactly',
    async (format) => {
      const columns = [
        { name: 'i', type: 'int64' },
        { name: 'd', type: 'double' },
        { name: 'p', type: 'decimal', precision: 18, scale: 3 },
        { name: 'day', type: 'date' },
        { name: 'at', type: 'timestamp' },
        { name: 'local', type: 'datetime' },
        { name: 'yes', type: 'boolean' },
      ] as const;
      // DuckDB takes decimals of JSON through doubles, which hold 15 digits.
      const most = 10n ** (format === 'csv' ? 18n : 15n) - 1n;
      const row = fc.tuple(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.bigInt({ min: -most, max: most }),
        fc.integer({ min: -719162, max: 2932896 }),
        fc.bigInt({ min: -62135596800000000n, max: 253402300799999999n }),
        fc.bigInt({ min: -62135596800000000n, max: 253402300799999999n }),
        fc.boolean(),
      );
      const nullable = fc
        .tuple(row, fc.nat(127))
        .map(([cells, none]) => cells.map((cell, index) => ((none >> index) & 1 && none > 64 ? null : cell)));
      await fc.assert(
        fc.asyncProperty(fc.array(nullable, { minLength: 1, maxLength: 40 }), async (rows) => {
          const file = await writeText({ columns, rows }, format);
          expect(await readByDuckDb(file, format, columns)).toEqual(rows);
        }),
        { numRuns: 25 },
      );
    },
  );

  test.each(['ndjson', 'json', 'csv'] as const)('tells the zeros of %s apart', async (format) => {
    const table = oneColumn('double', [-0, 0, 1, -0]);
    const rows = await readByDuckDb(await writeText(table, format), format, table.columns);
    expect(rows).toEqual(table.rows);
  });
});
