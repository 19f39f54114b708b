import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CsvDialect } from '../src/csv-dialect.ts';
import type { CsvReaderOptions } from '../src/csv-reader.ts';
import { Kernel } from '../src/kernel.ts';
import { expectedCsv, spansOf } from './csv-oracle.ts';
import { COLUMNS, dialects, FITTING, SPELLINGS, writeCsv } from './csv-tables.ts';
import { cut } from './read-all.ts';
import { csvDifference, csvOptions, readCsv, readText, texts } from './read-csv.ts';
import { REST } from './reader-options.ts';

const kernel = new Kernel();

/** What decides, and now and then something else. */
const pieces = (dialect: CsvDialect): fc.Arbitrary<string> => {
  const { delimiter, quote = '"', comment = '#' } = dialect;
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(delimiter, quote, '\n', '\r\n') },
    { weight: 3, arbitrary: fc.constantFrom(...SPELLINGS) },
    {
      weight: 3,
      arbitrary: fc.constantFrom('\r', '\\', comment, quote + quote, delimiter + quote, quote + delimiter),
    },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(70), `${quote}${'y\n'.repeat(40)}`, 't', 'a') },
  );
};

const options = (dialect: CsvDialect): fc.Arbitrary<CsvReaderOptions> =>
  fc
    .record({
      drift: fc.constantFrom('rest' as const, 'fail' as const, 'drop' as const),
      nulls: fc.constantFrom<(readonly string[])[]>([''], [], ['', 'NULL', '\\N'], ['a']),
      fit: fc.constantFrom('print' as const, 'value' as const),
      short: fc.constantFrom('quarantine' as const, 'fill' as const),
      maxRecordBytes: fc.constantFrom(1 << 20, 1 << 20, 1, 7, 20, 64, 130),
      batchRows: fc.integer({ min: 1, max: 20 }),
      columns: fc.subarray([...COLUMNS], { minLength: 0 }),
    })
    .map(({ columns, ...more }) => ({
      ...more,
      dialect,
      columns: more.drift === 'rest' ? [...columns, REST] : columns,
    }));

const cases = dialects.chain((dialect) =>
  fc.record({
    options: options(dialect),
    pieces: fc.array(pieces(dialect), { maxLength: 60 }),
    flips: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 0x80, 0xc3, 0xff, 0x22)), { maxLength: 2 }),
    bom: fc.boolean(),
    offset: fc.constantFrom(0, 0, 0, 5_000_000_000),
    fields: fc.option(
      fc.uniqueArray(fc.constantFrom('t', 'i', 'd', 'b', 'm', 'y', 's', 'c', 'x', 'u"é'), { maxLength: 5 }),
      { nil: undefined, freq: 2 },
    ),
    cuts: fc.array(fc.nat({ max: 400 }), { maxLength: 12 }),
    linesBefore: fc.constantFrom(0, 9),
  }),
);

/** The bytes of a case and what else is told of its input. */
function inputOf({ pieces, flips, bom, offset, fields, linesBefore, options }: CaseOf<typeof cases>): {
  bytes: Uint8Array;
  input: { offset: number; fields?: readonly string[]; linesBefore: number };
} {
  const bytes = Buffer.from((bom ? '\ufeff' : '') + pieces.join(''));
  for (const [place, byte] of flips) if (bytes.length > 0) bytes[place % bytes.length] = byte;
  const known = fields ?? (offset > 0 && options.dialect.header ? ['t', 'i'] : undefined);
  return { bytes, input: { offset, linesBefore, ...(known && { fields: known }) } };
}
type CaseOf<A> = A extends fc.Arbitrary<infer T> ? T : never;

describe('any bytes', () => {
  test('come out as the oracle says, however they are cut', () => {
    fc.assert(
      fc.property(cases, (made) => {
        const { bytes, input } = inputOf(made);
        const chunks = cut(
          bytes,
          made.cuts.map((place) => Math.min(place, bytes.length)),
        );
        const result = readCsv(kernel, made.options, [{ ...input, chunks }]);
        expect(csvDifference(result, expectedCsv(made.options, bytes, input.offset, input))).toBeUndefined();
      }),
      { numRuns: 6000, seed: 11, endOnFailure: false },
    );
  });

  test('come out the same from chunks of one byte', () => {
    fc.assert(
      fc.property(cases, (made) => {
        const { bytes, input } = inputOf(made);
        const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
        const result = readCsv(kernel, made.options, [{ ...input, chunks }]);
        expect(csvDifference(result, expectedCsv(made.options, bytes, input.offset, input))).toBeUndefined();
      }),
      { numRuns: 1500, seed: 12 },
    );
  });

  test('are all in a record, a blank line or a comment', () => {
    fc.assert(
      fc.property(cases, (made) => {
        const { bytes } = inputOf(made);
        let at = 0;
        for (const { start, end, next } of spansOf(bytes, 0, made.options)) {
          expect(start).toBe(at);
          expect(next).toBeGreaterThan(start);
          expect(next - end).toBeLessThanOrEqual(2);
          at = next;
        }
        expect(at).toBe(bytes.length);
      }),
      { numRuns: 500, seed: 13 },
    );
  });
});

describe('mutated tables', () => {
  const names = COLUMNS.map(({ name }) => name);
  const cell = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom(...SPELLINGS) },
    { weight: 6, arbitrary: fc.constant('fitting') },
  );
  const row = fc.array(cell, { minLength: names.length + 1, maxLength: names.length + 1 });
  const byte = fc.constantFrom('"', ',', '\n', '\r', '', '\\', '\xff', 'x');
  const tables = fc.record({
    dialect: dialects,
    rows: fc.array(row, { maxLength: 20 }),
    order: fc.shuffledSubarray([...names, 'other'], { minLength: 8 }),
    mutations: fc.array(fc.tuple(fc.nat(), byte), { maxLength: 3 }),
    quoted: fc.infiniteStream(fc.boolean()),
    cuts: fc.array(fc.nat({ max: 2000 }), { maxLength: 4 }),
    fit: fc.constantFrom('print' as const, 'value' as const),
  });
  const mutate = (text: string, mutations: readonly (readonly [number, string])[]): Buffer => {
    let bytes = Buffer.from(text).toString('latin1');
    for (const [place, changed] of mutations) {
      const at = place % (bytes.length + 1);
      bytes = bytes.slice(0, at) + changed + bytes.slice(at + 1);
    }
    return Buffer.from(bytes, 'latin1');
  };

  test.each(['rest', 'fail', 'drop'] as const)('come out as the oracle says under the policy %s', (drift) => {
    let values = 0;
    fc.assert(
      fc.property(tables, ({ dialect, rows, order, mutations, quoted, cuts, fit }) => {
        const texts = (cells: readonly string[]): string[] =>
          order.map((name, index) => {
            const text = cells[index] ?? '';
            return text === 'fitting' ? (FITTING[name] ?? '') : text;
          });
        const table = [order, ...rows.map(texts)];
        const written = writeCsv(table, dialect, () => quoted.next().value === true);
        const bytes = mutate(written, mutations);
        const columns = drift === 'rest' ? [...COLUMNS, REST] : COLUMNS;
        const options = csvOptions(columns, dialect, { drift, fit, nulls: ['', 'NULL'], short: 'fill' });
        const places = cuts.map((place) => Math.min(place, bytes.length));
        const input = { offset: 0, ...(!dialect.header && { fields: order }) };
        const result = readCsv(kernel, options, [{ ...input, chunks: cut(bytes, places) }]);
        expect(csvDifference(result, expectedCsv(options, bytes, 0, input))).toBeUndefined();
        if (result !== 'refused') values += result.rows.flat().filter((value) => value !== null).length;
      }),
      { numRuns: 1000, seed: 15 },
    );
    expect(values).toBeGreaterThan(drift === 'fail' ? 100 : 5000);
  });
});

describe('any table', () => {
  const cell = fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
    {
      weight: 4,
      arbitrary: fc
        .array(fc.constantFrom('"', "'", ',', '\n', '\r', '\\', ';', '#', '\t', 'a', '|'), { maxLength: 80 })
        .map((parts) => parts.join('')),
    },
    { weight: 2, arbitrary: fc.constantFrom(...SPELLINGS) },
  );
  const tables = fc
    .integer({ min: 1, max: 6 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 30 }));

  test('written in any dialect with quotes comes back equal', () => {
    const any = fc.record({
      table: tables,
      dialect: dialects.filter(({ quote }) => quote !== undefined),
      seed: fc.infiniteStream(fc.boolean()),
    });
    fc.assert(
      fc.property(any, ({ table, dialect, seed }) => {
        const width = table[0]?.length ?? 1;
        // A record of one null is a blank line.
        const rows = table.filter(
          (row) => dialect.blankLines === 'record' || row.some((text) => text !== null),
        );
        const columns = texts(width);
        const names = columns.map(({ name }) => name);
        const written = writeCsv(
          dialect.header ? [names, ...rows] : rows,
          dialect,
          () => seed.next().value === true,
        );
        const isSingle = width === 1 && dialect.blankLines === 'skip';
        const result = readText(kernel, csvOptions(columns, dialect), written);
        expect(result.bad).toStrictEqual([]);
        expect(result.rows).toStrictEqual(isSingle ? rows.filter(([text]) => text !== null) : rows);
      }),
      { numRuns: 3000, seed: 14 },
    );
  });
});
