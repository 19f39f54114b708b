import { describe, expect, test } from '@jest/globals';
import type { CsvDialect } from '../src/csv-dialect.ts';
import type { CsvReaderOptions } from '../src/csv-reader.ts';
import { Kernel } from '../src/kernel.ts';
import { csvOptions, readText, texts } from './read-csv.ts';

const kernel = new Kernel();

/** The rows as JSON texts between slashes, and what is wrong with the others. */
function outcome(
  text: string,
  dialect: Partial<CsvDialect> = {},
  more: Partial<CsvReaderOptions> = {},
): string[] {
  const options = csvOptions(texts(2), { header: false, ...dialect }, more);
  const { rows, bad } = readText(kernel, options, text);
  return [
    ...rows.map((row) => row.map((value) => JSON.stringify(value)).join(' / ')),
    ...bad.map(({ line, reason, detail, raw }) => {
      const bytes = JSON.stringify(Buffer.from(raw).toString());
      return `line ${line}: ${reason}, ${detail}: ${bytes}`;
    }),
  ];
}

test.each<[name: string, text: string, outcome: string[]]>([
  ['what is outside quotes stays as it is', ' a\t, b "x" \n', [String.raw`" a\t" / " b \"x\" "`]],
  ['null and an empty text differ', ',""\n', ['null / ""']],
  [
    'line ends and delimiters in quotes are text',
    '"a\r\n,","b\n"\nc,d',
    [String.raw`"a\r\n," / "b\n"`, '"c" / "d"'],
  ],
  ['quotes in quotes are doubled', '"""","a""b"\n', [String.raw`"\"" / "a\"b"`]],
  ['the last record needs no line end', 'a,b', ['"a" / "b"']],
  ['nor a field after its delimiter', 'a,', ['"a" / null']],
  ['too few fields', 'a\nb,c\n', ['"b" / "c"', 'line 1: too-few-fields, 1 fields, 2 are expected: "a"']],
  ['too many fields', 'a,b,c,\n', ['line 1: too-many-fields, 4 fields, 2 are expected: "a,b,c,"']],
  [
    'behind a closing quote the record goes on to its own end',
    '"a"b,"c\nd"\ne,f\n',
    ['"e" / "f"', String.raw`line 1: text-after-quote, at byte 3 of the record: "\"a\"b,\"c\nd\""`],
  ],
  [
    'a quote that is not closed ends the record with its line',
    'a,b\n"c\nc","d\ne,f\ng,h',
    [
      ...['"a" / "b"', '"e" / "f"', '"g" / "h"'],
      String.raw`line 2: unclosed-quote, at byte 6 of the record: "\"c\nc\",\"d"`,
    ],
  ],
])('%s', (_, text, expected) => {
  expect(outcome(text)).toStrictEqual(expected);
});

describe('a record', () => {
  test('is told with the line that it begins on', () => {
    const text = '"a\r\nb\r\rc\n",d\n\n#x\ny\n';
    expect(outcome(text, { newline: 'any', comment: '#' })).toStrictEqual([
      String.raw`"a\r\nb\r\rc\n" / "d"`,
      'line 8: too-few-fields, 1 fields, 2 are expected: "y"',
    ]);
  });

  test('has a backslash before a quote or a backslash, and as text before anything else', () => {
    const backslash = { escape: 'backslash' } as const;
    expect(outcome(String.raw`"\"","\\\n"`, backslash)).toStrictEqual([String.raw`"\"" / "\\\\n"`]);
    expect(outcome(String.raw`\"a,b""`, backslash)).toStrictEqual([String.raw`"\\\"a" / "b\"\""`]);
    expect(outcome(String.raw`a,"b\"`, backslash)).toStrictEqual([
      String.raw`line 1: unclosed-quote, at byte 2 of the record: "a,\"b\\\""`,
    ]);
  });

  test('ends as its dialect says', () => {
    expect(outcome('a,b\r\n', { newline: 'lf' })).toStrictEqual([String.raw`"a" / "b\r"`]);
    expect(outcome('a,b\n\rc\r\n', { newline: 'crlf' })).toStrictEqual([String.raw`"a" / "b\n\rc"`]);
    expect(outcome('a,b\nc\r', { newline: 'cr' })).toStrictEqual([String.raw`"a" / "b\nc"`]);
    expect(outcome('a,b\rc,d\ne,f\r\n', { newline: 'any' })).toStrictEqual([
      '"a" / "b"',
      '"c" / "d"',
      '"e" / "f"',
    ]);
  });

  test('has null for the fields that it lacks, where that is asked for', () => {
    expect(outcome('a\n\nb,c\n', { blankLines: 'record' }, { short: 'fill' })).toStrictEqual([
      '"a" / null',
      'null / null',
      '"b" / "c"',
    ]);
  });

  test('has the texts that stand for null, where they are not in quotes', () => {
    const nulls = ['NULL', '\\N'];
    expect(outcome('NULL,"NULL"\n\\N,\n', {}, { nulls })).toStrictEqual(['null / "NULL"', 'null / ""']);
  });

  test('that is not UTF-8 is bad, and no other', () => {
    const bytes = Buffer.from('a,é\nb,\xff\nc,d\n', 'latin1');
    const { rows, bad } = readText(kernel, csvOptions(texts(2), { header: false }), bytes);
    expect(rows).toStrictEqual([['c', 'd']]);
    expect(bad.map(({ line, reason }) => [line, reason])).toStrictEqual([
      [1, 'invalid-utf8'],
      [2, 'invalid-utf8'],
    ]);
  });
});
