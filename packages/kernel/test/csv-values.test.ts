import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Column } from '../src/column.ts';
import { Kernel } from '../src/kernel.ts';
import { RowTextEncoder } from '../src/row-text-encoder.ts';
import { NdjsonReader } from '../src/ndjson-reader.ts';
import { expectedCsv } from './csv-oracle.ts';
import { COLUMNS, FITTING, SPELLINGS } from './csv-tables.ts';
import { csvDifference, csvOptions, readText } from './read-csv.ts';
import { readAll } from './read-all.ts';
import { optionsOf, REST } from './reader-options.ts';

const kernel = new Kernel();
const types = COLUMNS.slice(1, -1);
const fits = ['print', 'value'] as const;

const digits = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 22n }), fc.nat({ max: 23 }))
  .map(([number, cut]) => String(number).slice(cut) || '0');
const fraction = fc.oneof(
  fc.constant(''),
  fc.nat({ max: 999_999 }).map((number) => `.${number}`),
  fc.stringMatching(/^\.[0-9]{1,18}$/),
);
const numerals = fc
  .tuple(fc.constantFrom('', '-', '+'), digits, fraction, fc.constantFrom('', '', '', 'e5', 'E-3', 'e+22'))
  .map((parts) => parts.join(''));
const printed = fc.double({ noNaN: true }).map(String);

const integers = fc
  .tuple(fc.constantFrom('', '-'), fc.stringMatching(/^[0-9]{1,21}$/))
  .map((parts) => parts.join(''));
/** A value with up to two bytes changed, left out or put in. */
const nearValues = fc
  .tuple(
    fc.constantFrom(
      ...Object.values(FITTING),
      '0001-01-01T00:00:00Z',
      '2024-12-31 23:59:59.123456',
      '123456789',
    ),
    fc.array(
      fc.tuple(
        fc.nat({ max: 30 }),
        fc.constantFrom(0, 1),
        fc.constantFrom('0', '1', '2', '9', ':', '/', '-', '.', 'T', 'Z', ' ', '+', 'e', ''),
      ),
      {
        maxLength: 2,
      },
    ),
  )
  .map(([text, changes]) =>
    changes.reduce(
      (changed, [at, removed, put]) => changed.slice(0, at) + put + changed.slice(at + removed),
      text,
    ),
  );

/** Each text once in a column of each type. */
const eachType = (list: readonly string[]): Buffer =>
  Buffer.from(list.map((text) => `${types.map(() => text).join()}\n`).join(''));

describe('a value', () => {
  test.each(fits)('of every spelling fits as the oracle says by %s', (fit) => {
    const options = csvOptions([...types, REST], { header: false }, { fit, drift: 'rest' });
    const bytes = eachType(SPELLINGS.filter((text) => text !== ''));
    const result = readText(kernel, options, bytes);
    expect(csvDifference(result, expectedCsv(options, bytes))).toBeUndefined();
    expect(result.rows.flat().filter((value) => typeof value === 'bigint').length).toBeGreaterThan(15);
  });

  test.each(fits)('of any text that is nearly one fits as the oracle says by %s', (fit) => {
    const options = csvOptions([...types, REST], { header: false }, { fit, drift: 'rest' });
    const lists = fc.array(fc.oneof(numerals, printed, integers, nearValues), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(lists, (list) => {
        const bytes = eachType(list);
        const result = readText(kernel, options, bytes);
        expect(csvDifference(result, expectedCsv(options, bytes))).toBeUndefined();
      }),
      { numRuns: 2000, seed: 16 },
    );
  });

  test('that does not fit is in _rest, with fields that no column is filled from', () => {
    const columns: Column[] = [{ name: 'n', type: 'int64' }, { name: 'u"é', type: 'date' }, REST];
    const text = 'n,x,"u""é"\n007,"a\n""b",2024-02-30\n7,,\n';
    const { rows, drift } = readText(kernel, csvOptions(columns, {}, { drift: 'rest' }), text);
    expect(rows).toStrictEqual([
      [null, null, String.raw`{"n":"007","x":"a\n\"b","u\"é":"2024-02-30"}`],
      [7n, null, null],
    ]);
    expect(drift).toStrictEqual(['n', 'u"é', 'x'].map((key) => ({ key, types: ['string'], records: 1 })));
  });

  test('that does not fit makes its record bad under the policy fail', () => {
    const columns: Column[] = [{ name: 'n', type: 'int64' }];
    const options = csvOptions(columns, {}, { drift: 'fail' });
    const { bad } = readText(kernel, options, 'n,x\n1,\n2,y\n1.0,\n');
    expect(bad.map(({ line, detail }) => [line, detail])).toStrictEqual([
      [3, 'unknown key "x", string'],
      [4, '"n": string does not fit int64'],
    ]);
  });

  test('that Winnow wrote as CSV comes back', () => {
    const lines = Buffer.from(
      [
        '{"t":"a\\"b,\\r\\n","i":-5,"d":0.1,"b":false,"m":-1.5,"y":"2024-02-29"}',
        '{"t":"","s":"2024-02-29T23:59:59.5Z","c":"0001-01-01 00:00:00","d":-0.0,"m":"0.01"}',
        '{"d":1e21,"i":9223372036854775807,"b":true}',
      ].join('\n'),
    );
    const reader = new NdjsonReader(kernel, optionsOf('drop', COLUMNS));
    const encoder = new RowTextEncoder(kernel, { columns: COLUMNS, format: 'csv' });
    reader.startInput(0);
    reader.push(lines);
    reader.endInput();
    reader.next();
    const batch = reader.flush();
    const written = Buffer.concat(
      Array.from(batch ? encoder.encode(batch) : [], (part) => Buffer.from(part)),
    );
    reader.dispose();
    encoder.dispose();
    const { rows, bad, drift } = readText(kernel, csvOptions(COLUMNS, { header: false }), written);
    expect({ rows, bad, drift }).toStrictEqual({
      rows: readAll(kernel, optionsOf('drop', COLUMNS), lines).rows,
      bad: [],
      drift: [],
    });
  });
});
