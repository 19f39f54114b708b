import { describe, expect, test } from '@jest/globals';
import type { Column } from '../src/column.ts';
import { CsvReader } from '../src/csv-reader.ts';
import { Kernel } from '../src/kernel.ts';
import { expectedCsv } from './csv-oracle.ts';
import { cut } from './read-all.ts';
import { type ChunkedCsv, csvDifference, csvOptions, readCsv, readText, texts } from './read-csv.ts';

const kernel = new Kernel();
const MIB = 1024 * 1024;

describe('records longer than allowed', () => {
  const options = csvOptions(texts(1), { header: false }, { maxRecordBytes: 100_000 });

  test.each<[name: string, text: string, reason: string]>([
    ['without quotes', `a\n${'x'.repeat(9 * MIB)}\nb\n`, 'record-too-long'],
    ['in quotes on one line', `a\n"${'x'.repeat(9 * MIB)}"\nb\n`, 'record-too-long'],
    ['at the end of the input', `a\nb\n${'x'.repeat(9 * MIB)}`, 'record-too-long'],
    ['after lines in quotes', `a\n"x\n\n","${'x'.repeat(9 * MIB)}"\nb\n`, 'record-too-long'],
    ['because a quote is not closed', `a\n"x\n${'y,y\n'.repeat(MIB / 8)}b\n`, 'unclosed-quote'],
  ])('%s are let go of', (_, text, reason) => {
    const bytes = Buffer.from(text);
    const places = Array.from({ length: 100 }, (_cut, index) => Math.min(bytes.length, index * 99_999));
    const result = readCsv(kernel, options, [{ offset: 0, chunks: cut(bytes, places) }]);
    expect(csvDifference(result, expectedCsv(options, bytes))).toBeUndefined();
    if (result === 'refused') throw new Error('there is no header to refuse');
    expect(result.rows).toStrictEqual([['a'], ['b']]);
    expect(result.bad[0]?.reason).toBe(reason);
  });

  test.each(['any', 'crlf'] as const)('end with a line end that is cut in two: %s', (newline) => {
    const short = csvOptions(texts(1), { header: false, newline }, { maxRecordBytes: 10 });
    const bytes = Buffer.from(`${'x'.repeat(20)}\ry\r\nb\r\n${'z'.repeat(20)}\r`);
    const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const result = readCsv(kernel, short, [{ offset: 0, chunks }]);
    expect(csvDifference(result, expectedCsv(short, bytes))).toBeUndefined();
  });

  test('are told apart the same at each limit, byte by byte', () => {
    const text = '"a\n""b",c\r\n"d""\r\n""e\n"f\r\ng,"h\ni""\r\n#j\r\r\n"k';
    for (const newline of ['any', 'crlf', 'lf', 'cr'] as const) {
      for (let maxRecordBytes = 1; maxRecordBytes <= text.length; maxRecordBytes++) {
        const limited = csvOptions(texts(2), { header: false, newline, comment: '#' }, { maxRecordBytes });
        const bytes = Buffer.from(text);
        const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
        const result = readCsv(kernel, limited, [{ offset: 0, chunks }]);
        expect(csvDifference(result, expectedCsv(limited, bytes))).toBeUndefined();
      }
    }
  });

  test('are allowed to be long in many chunks', () => {
    const bytes = Buffer.from(`"${'x\n'.repeat(12 * MIB)}"\nb\n`);
    const roomy = csvOptions(texts(1), { header: false }, { maxRecordBytes: 64 * MIB });
    const places = Array.from({ length: 6000 }, (_, index) => index * 4096);
    const result = readCsv(new Kernel(), roomy, [{ offset: 0, chunks: cut(bytes, places) }]);
    expect(result).toMatchObject({ counts: { rows: 2, bad: 0, lines: 12 * MIB + 2 } });
  });
});

test.each(['any', 'crlf'] as const)('a line end of two bytes may stand anywhere: %s', (newline) => {
  for (let length = 0; length < 200; length++) {
    const text = 'x'.repeat(length);
    const options = csvOptions(texts(2), { header: false, newline });
    const written = `${text},1\r\n2,"${text}"\r\n3,4\r\n`;
    expect(readText(kernel, options, written).rows).toStrictEqual([
      [text || null, '1'],
      ['2', text],
      ['3', '4'],
    ]);
  }
});

describe('inputs', () => {
  const columns: Column[] = [
    { name: 'a', type: 'int64' },
    { name: 'b', type: 'text' },
  ];
  const inputOf = (text: string, offset = 0): ChunkedCsv => ({ offset, chunks: [Buffer.from(text)] });

  test('have their fields in any order, and batches span them', () => {
    const inputs = ['b,a\nx,1\n', 'a\n2\n', '\ufeff#\n\na,c,b\n3,y,z\n'].map((text) => inputOf(text));
    expect(readCsv(kernel, csvOptions(columns, { comment: '#' }), inputs)).toMatchObject({
      rows: [
        [1n, 'x'],
        [2n, null],
        [3n, 'z'],
      ],
      batches: [3],
      counts: { lines: 8, rows: 3, bad: 0, header: 3, bom: 1, comments: 1, blank: 1 },
      drift: [{ key: 'c', records: 1 }],
    });
  });

  test('that begin later have neither header nor byte order mark', () => {
    const input = { ...inputOf('\ufeff,1\n,x\n', 7), fields: ['b', 'a'], linesBefore: 4 };
    expect(readCsv(kernel, csvOptions(columns, {}, { drift: 'fail' }), [input])).toMatchObject({
      rows: [[1n, '\ufeff']],
      bad: [{ line: 6, offset: 13 }],
    });
  });

  test('have the fields that the caller names instead of their header', () => {
    const input = { ...inputOf('x,x\n1,y\n'), fields: ['a', 'b'] };
    const result = readCsv(kernel, csvOptions(columns), [input]);
    expect(result).toMatchObject({ rows: [[1n, 'y']], counts: { header: 1 } });
  });

  test('whose header cannot be read are refused, and the next one is read', () => {
    const refused: [string, RegExp][] = [
      ['a,a\n1,2\n', /"a" twice/],
      ['a,"b\n1,2\n', /unclosed-quote/],
      ['"a"b,c\n', /text-after-quote/],
      [`${'x'.repeat(200)}\n1\n`, /record-too-long/],
      ['x'.repeat(200), /record-too-long/],
      ['a,\xff\n', /invalid-utf8/],
    ];
    const reader = new CsvReader(kernel, csvOptions(columns, {}, { maxRecordBytes: 100 }));
    const read = (text: string): void => {
      reader.startInput(0);
      reader.push(Buffer.from(text, 'latin1'));
      reader.next();
      reader.endInput();
      reader.next();
    };
    for (const [text, message] of refused) expect(() => read(text)).toThrow(message);
    read('a\n1\n');
    expect([reader.fields, reader.counts.rows]).toStrictEqual([['a'], 1]);
    reader.dispose();
  });

  test('have escapes in their header resolved', () => {
    const reader = new CsvReader(kernel, csvOptions(columns, { escape: 'backslash' }));
    reader.startInput(0);
    reader.push(Buffer.from(String.raw`"\\\"\n\\",b` + '\n'));
    reader.next();
    expect(reader.fields).toStrictEqual([String.raw`\"\n` + '\\', 'b']);
    reader.dispose();
  });

  test('must have ended before another one starts', () => {
    const reader = new CsvReader(kernel, csvOptions(columns));
    reader.startInput(0);
    reader.push(Buffer.from('a\n1'));
    reader.next();
    expect(() => reader.startInput(0)).toThrow(/not read to its end/);
    reader.endInput();
    reader.next();
    expect(() => reader.startInput(5)).toThrow(/begins at byte 5; give fields/);
    expect(() => reader.startInput(5, { fields: ['a', 'a'] })).toThrow(/"a" twice/);
    reader.dispose();
  });

  test('may have thousands of fields, and no column', () => {
    const many = texts(5000);
    const line = `${many.map((_, index) => index).join()}\n`;
    const { rows, batches } = readText(kernel, csvOptions(many, { header: false }), line.repeat(300));
    expect(batches).toStrictEqual([209, 91]);
    expect(rows.every((row) => row[4999] === '4999' && row[0] === '0')).toBe(true);
    expect(readText(kernel, csvOptions([]), 'a\n1\n\n2\n')).toMatchObject({ rows: [[], []] });
    expect(readText(kernel, csvOptions(columns), '').counts).toMatchObject({ lines: 0, header: 0 });
  });
});

describe('batches', () => {
  test('have zeros in a column that an input does not have, whatever stood there before', () => {
    const columns: Column[] = [{ name: 'n', type: 'int64' }];
    const reader = new CsvReader(kernel, { ...csvOptions(columns), batchRows: 2 });
    for (const [text, bytes] of [
      ['n\n5\n6\n', [5, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]],
      ['x\n5\n6\n', Array.from({ length: 16 }, () => 0)],
    ] as const) {
      reader.startInput(0);
      reader.push(Buffer.from(text));
      expect(Array.from(reader.next()?.vector(0).values ?? [])).toStrictEqual(bytes);
      reader.endInput();
      expect(reader.next()).toBeUndefined();
    }
    reader.dispose();
  });

  test('hold 4,096 rows, or end with the record that brings them to 8 MiB', () => {
    const options = csvOptions(texts(2), { header: false });
    expect(readText(kernel, options, 'a,b\n'.repeat(5000)).batches).toStrictEqual([4096, 904]);
    const long = `${'x'.repeat(MIB - 2)},\n`;
    const result = readText(kernel, options, long.repeat(10));
    expect(result.batches).toStrictEqual([9, 1]);
    expect(result.rows.every(([text]) => text === long.slice(0, -2))).toBe(true);
  });

  test('have all rows between thousands of bad records', () => {
    const columns: Column[] = [{ name: 'n', type: 'int64' }];
    const text = Array.from({ length: 5000 }, (_, n) => (n % 2 ? `${n}\n` : `${n},\n`)).join('');
    const { rows, bad } = readText(kernel, csvOptions(columns, { header: false }), text);
    expect(rows).toStrictEqual(Array.from({ length: 2500 }, (_, n) => [BigInt(2 * n + 1)]));
    expect(bad.map(({ line }) => line)).toStrictEqual(Array.from({ length: 2500 }, (_, n) => 2 * n + 1));
  });

  test('have zeros where there is no value, whatever stood there before', () => {
    const columns: Column[] = [
      { name: 'n', type: 'decimal', precision: 30, scale: 0 },
      { name: 'b', type: 'boolean' },
    ];
    const reader = new CsvReader(kernel, { ...csvOptions(columns, { header: false }), batchRows: 2 });
    reader.startInput(0);
    reader.push(Buffer.from('-5,true\n-6,true\n,\nx,y\n'));
    expect(reader.next()?.vector(0).nulls).toBe(0);
    const batch = reader.next();
    expect([batch?.vector(0).nulls, ...(batch?.vector(0).values ?? [])]).toStrictEqual([
      2,
      ...new Uint8Array(32),
    ]);
    expect([batch?.vector(1).nulls, ...(batch?.vector(1).values ?? [])]).toStrictEqual([2, 0]);
    reader.dispose();
  });
});
