import { describe, expect, test } from '@jest/globals';
import { Kernel, type TextFormat, type ValueType } from '@winnow/kernel';
import { TextWriter } from '../../src/text/text-writer.ts';
import { batchOf } from '../parquet/batch-builder.ts';
import { decimal, list, map, oneColumn, struct, type Cell, type Table } from '../parquet/table.ts';
import { writeText } from './write-text.ts';

const plain = (type: string): ValueType => ({ type }) as ValueType;
const textOf = async (table: Table, format: TextFormat, options = {}): Promise<string> =>
  (await writeText(table, format, options)).toString();

const MAX = 2n ** 127n - 1n;

describe('a value', () => {
  test.each<[ValueType, Cell, json: string, csv: string]>([
    [plain('text'), 'grain', '"grain"', 'grain'],
    [plain('text'), '', '""', '""'],
    [plain('text'), 'é😂\u2028\u007f', '"é😂\u2028\u007f"', 'é😂\u2028\u007f'],
    [plain('text'), ' a ', '" a "', ' a '],
    [plain('text'), 'a,b', '"a,b"', '"a,b"'],
    [plain('text'), 'say "a"', '"say \\"a\\""', '"say ""a"""'],
    [plain('text'), '"', '"\\""', '""""'],
    [plain('text'), 'a\\b', '"a\\\\b"', 'a\\b'],
    [plain('text'), '\b\t\n\f\r', '"\\b\\t\\n\\f\\r"', '"\b\t\n\f\r"'],
    [plain('text'), '\t', '"\\t"', '\t'],
    [plain('text'), '\u0000\u0001\u000b\u001f', '"\\u0000\\u0001\\u000b\\u001f"', '\u0000\u0001\u000b\u001f'],
    [plain('text'), 'null', '"null"', 'null'],
    [plain('text'), '=1+1', '"=1+1"', '=1+1'],
    [plain('int64'), 0n, '0', '0'],
    [plain('int64'), -7n, '-7', '-7'],
    [plain('int64'), 9223372036854775807n, '9223372036854775807', '9223372036854775807'],
    [plain('int64'), -9223372036854775808n, '-9223372036854775808', '-9223372036854775808'],
    [plain('double'), 0, '0', '0'],
    [plain('double'), -0, '-0.0', '-0.0'],
    [plain('double'), 0.1, '0.1', '0.1'],
    [plain('double'), -12.34, '-12.34', '-12.34'],
    [plain('double'), 0.30000000000000004, '0.30000000000000004', '0.30000000000000004'],
    [plain('double'), 1e21, '1e+21', '1e+21'],
    [plain('double'), 123456789012345680000, '123456789012345680000', '123456789012345680000'],
    [plain('double'), 1e-7, '1e-7', '1e-7'],
    [plain('double'), 0.000001, '0.000001', '0.000001'],
    [plain('double'), 5e-324, '5e-324', '5e-324'],
    [plain('double'), 1.7976931348623157e308, '1.7976931348623157e+308', '1.7976931348623157e+308'],
    [plain('boolean'), true, 'true', 'true'],
    [plain('boolean'), false, 'false', 'false'],
    [plain('json'), '{"a": 1.10}', '{"a": 1.10}', '"{""a"": 1.10}"'],
    [plain('json'), '"x"', '"x"', '"""x"""'],
    [plain('json'), '[1,\r2]', '[1,\r2]', '"[1,\r2]"'],
    [plain('json'), '1e400', '1e400', '1e400'],
    [decimal(10, 2), 1230n, '12.30', '12.30'],
    [decimal(10, 2), -5n, '-0.05', '-0.05'],
    [decimal(10, 2), 0n, '0.00', '0.00'],
    [decimal(10, 0), 0n, '0', '0'],
    [decimal(10, 0), -42n, '-42', '-42'],
    [decimal(38, 38), 1n, `0.${'1'.padStart(38, '0')}`, `0.${'1'.padStart(38, '0')}`],
    [decimal(38, 0), 10n ** 38n - 1n, '9'.repeat(38), '9'.repeat(38)],
    [decimal(38, 0), -(10n ** 38n) + 1n, `-${'9'.repeat(38)}`, `-${'9'.repeat(38)}`],
    [decimal(38, 1), 2n ** 64n, '1844674407370955161.6', '1844674407370955161.6'],
    [
      decimal(38, 2),
      MAX,
      '1701411834604692317316873037158841057.27',
      '1701411834604692317316873037158841057.27',
    ],
    [decimal(38, 0), -(2n ** 64n), '-18446744073709551616', '-18446744073709551616'],
    [decimal(38, 1), -(2n ** 64n) + 1n, '-1844674407370955161.5', '-1844674407370955161.5'],
    [plain('date'), 0, '"1970-01-01"', '1970-01-01'],
    [plain('date'), -719162, '"0001-01-01"', '0001-01-01'],
    [plain('date'), 2932896, '"9999-12-31"', '9999-12-31'],
    [plain('date'), 11016, '"2000-02-29"', '2000-02-29'],
    [plain('date'), -25509, '"1900-02-28"', '1900-02-28'],
    [plain('timestamp'), 0n, '"1970-01-01T00:00:00Z"', '1970-01-01T00:00:00Z'],
    [plain('timestamp'), -1n, '"1969-12-31T23:59:59.999999Z"', '1969-12-31T23:59:59.999999Z'],
    [plain('timestamp'), 1_500_000n, '"1970-01-01T00:00:01.5Z"', '1970-01-01T00:00:01.5Z'],
    [plain('timestamp'), 10n, '"1970-01-01T00:00:00.00001Z"', '1970-01-01T00:00:00.00001Z'],
    [plain('datetime'), 253402300799999999n, '"9999-12-31T23:59:59.999999"', '9999-12-31T23:59:59.999999'],
    [plain('datetime'), -62135596800000000n, '"0001-01-01T00:00:00"', '0001-01-01T00:00:00'],
    [
      struct({ a: plain('int64'), '"': plain('text') }),
      [1n, null],
      '{"a":1,"\\"":null}',
      '"{""a"":1,""\\"""":null}"',
    ],
    [list(plain('int64')), [], '[]', '[]'],
    [list(plain('int64')), [1n, null, 2n], '[1,null,2]', '"[1,null,2]"'],
    [list(list(plain('text'))), [['a'], null, []], '[["a"],null,[]]', '"[[""a""],null,[]]"'],
    [map(plain('double')), [], '{}', '{}'],
    [
      map(plain('double')),
      [
        ['a\n', 0.5],
        ['', null],
      ],
      '{"a\\n":0.5,"":null}',
      '"{""a\\n"":0.5,"""":null}"',
    ],
    [
      list(struct({ d: plain('date') })),
      [[0], null],
      '[{"d":"1970-01-01"},null]',
      '"[{""d"":""1970-01-01""},null]"',
    ],
  ])('%j %j is %j in JSON and %j in CSV', async (type, cell, json, csv) => {
    const table = oneColumn(type, [cell]);
    expect(await textOf(table, 'ndjson')).toBe(`{"c":${json}}\n`);
    expect(await textOf(table, 'json')).toBe(`[\n{"c":${json}}\n]\n`);
    expect(await textOf(table, 'csv')).toBe(`c\r\n${csv}\r\n`);
  });

  test('that is escaped is so wherever it stands, in short texts and long ones', async () => {
    for (const length of [1, 15, 16, 17, 31, 4095, 4096, 4097, 9000]) {
      for (const at of [0, length >> 1, length - 1]) {
        const text = `${'x'.repeat(at)}"${'é'.repeat(length - at - 1)}`;
        const table = oneColumn('text', [text, '\u0001'.repeat(length)]);
        const rows = [{ c: text }, { c: '\u0001'.repeat(length) }];
        expect(await textOf(table, 'ndjson')).toBe(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
        expect(await textOf(oneColumn('text', [text]), 'csv')).toBe(`c\r\n"${text.replace('"', '""')}"\r\n`);
      }
    }
  });

  test('that is raw JSON stays on its line in NDJSON, a line feed between tokens is a space there', async () => {
    const table = oneColumn('json', ['[1,\n2, "long enough for two steps"\n]']);
    expect(await textOf(table, 'ndjson')).toBe('{"c":[1, 2, "long enough for two steps" ]}\n');
    expect(await textOf(table, 'json')).toBe('[\n{"c":[1,\n2, "long enough for two steps"\n]}\n]\n');
  });
});

const PEOPLE: Table = {
  columns: [
    { name: 'name', type: 'text' },
    { name: 'a "b", c', type: 'int64' },
    { name: '_rest', type: 'text' },
  ],
  rows: [
    ['Ada', 1n, null],
    [null, null, '{"x": 1,"/a/b":"=1"}'],
    ['', -2n, null],
  ],
};

describe('a file', () => {
  test('of NDJSON has an object a line with every column, and _rest as an object', async () => {
    expect(await textOf(PEOPLE, 'ndjson')).toBe(
      [
        '{"name":"Ada","a \\"b\\", c":1,"_rest":null}\n',
        '{"name":null,"a \\"b\\", c":null,"_rest":{"x": 1,"/a/b":"=1"}}\n',
        '{"name":"","a \\"b\\", c":-2,"_rest":null}\n',
      ].join(''),
    );
  });

  test('of JSON is one array with an element a line', async () => {
    expect(await textOf(PEOPLE, 'json')).toBe(
      [
        '[\n{"name":"Ada","a \\"b\\", c":1,"_rest":null},\n',
        '{"name":null,"a \\"b\\", c":null,"_rest":{"x": 1,"/a/b":"=1"}},\n',
        '{"name":"","a \\"b\\", c":-2,"_rest":null}\n]\n',
      ].join(''),
    );
  });

  test('of CSV has a header, nothing for null, and _rest as text', async () => {
    expect(await textOf(PEOPLE, 'csv')).toBe(
      ['name,"a ""b"", c",_rest\r\n', 'Ada,1,\r\n', ',,"{""x"": 1,""/a/b"":""=1""}"\r\n', '"",-2,\r\n'].join(
        '',
      ),
    );
  });

  test.each<[TextFormat, string]>([
    ['ndjson', ''],
    ['json', '[\n]\n'],
    ['csv', 'name,"a ""b"", c",_rest\r\n'],
  ])('of %s without rows has its frame', async (format, text) => {
    expect(await textOf({ ...PEOPLE, rows: [] }, format)).toBe(text);
  });

  test.each<[TextFormat, string]>([
    ['ndjson', '{}\n{}\n'],
    ['json', '[\n{},\n{}\n]\n'],
    ['csv', '""\r\n""\r\n""\r\n'],
  ])('of %s without columns has its rows', async (format, text) => {
    expect(await textOf({ columns: [], rows: [[], []] }, format)).toBe(text);
  });

  test('of CSV with one column has two quotes for null, since readers skip empty lines', async () => {
    expect(await textOf(oneColumn('int64', [1n, null, 2n]), 'csv')).toBe('c\r\n1\r\n""\r\n2\r\n');
  });

  test('of CSV keeps a byte order mark that the first name begins with', async () => {
    const table: Table = { columns: [{ name: '\ufeffa', type: 'int64' }], rows: [[1n]] };
    expect(await textOf(table, 'csv')).toBe('"\ufeffa"\r\n1\r\n');
  });

  test('is made in pieces of about 1 MiB', async () => {
    const kernel = new Kernel();
    const columns = [{ name: 'c', type: 'text' }] as const;
    const pieces: number[] = [];
    const sink = { write: (bytes: Uint8Array) => Promise.resolve(void pieces.push(bytes.length)) };
    const writer = new TextWriter(kernel, { columns, format: 'ndjson' }, sink);
    const rows = Array.from({ length: 4000 }, () => ['x'.repeat(2000)]);
    await writer.append(batchOf(kernel, columns, rows));
    const { bytes } = await writer.finish();
    writer.dispose();
    expect(bytes).toBe(4000 * ('{"c":""}\n'.length + 2000));
    expect(pieces.length).toBeGreaterThan(6);
    expect(Math.max(...pieces)).toBeLessThan(1.01 * 2 ** 20);
  });

  test('takes rows of many MiB', async () => {
    const text = `${'"'.repeat(3_000_000)}${'\u0002'.repeat(1_000_000)},${'y'.repeat(9_000_000)}`;
    const table = oneColumn('text', ['a', text, 'b']);
    const ndjson = await textOf(table, 'ndjson');
    expect(ndjson === ['a', text, 'b'].map((c) => `${JSON.stringify({ c })}\n`).join('')).toBe(true);
    const csv = await textOf(table, 'csv');
    expect(csv === `c\r\na\r\n"${text.replaceAll('"', '""')}"\r\nb\r\n`).toBe(true);
  });
});

describe('with csvSafe', () => {
  test.each<[string, string]>([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', `"'\rx"`],
    ['=A1,B1', `"'=A1,B1"`],
    ['="a"', `"'=""a"""`],
    ['a=1', 'a=1'],
    [' =1', ' =1'],
    ["'=1", "'=1"],
    ['', '""'],
  ])('the text %j is %j', async (text, csv) => {
    expect(await textOf(oneColumn('text', [text]), 'csv', { csvSafe: true })).toBe(`c\r\n${csv}\r\n`);
  });

  test.each<[ValueType, Cell, string]>([
    [plain('int64'), -1n, '-1'],
    [plain('double'), -0.5, '-0.5'],
    [plain('json'), '-5', '-5'],
    [decimal(5, 1), -5n, '-0.5'],
    [list(plain('text')), ['=1'], '"[""=1""]"'],
  ])('%j %j stays', async (type, cell, csv) => {
    expect(await textOf(oneColumn(type, [cell]), 'csv', { csvSafe: true })).toBe(`c\r\n${csv}\r\n`);
  });

  test('names of columns are texts too', async () => {
    const table: Table = { columns: [{ name: '=a,b', type: 'int64' }], rows: [[-1n]] };
    expect(await textOf(table, 'csv', { csvSafe: true })).toBe(`"'=a,b"\r\n-1\r\n`);
  });

  test('JSON is not touched', async () => {
    expect(await textOf(oneColumn('text', ['=1']), 'ndjson', { csvSafe: true })).toBe('{"c":"=1"}\n');
  });
});
