import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { readText, type TextOptions } from './read-text.ts';

const CHUNKS = [[1 << 20], [1], [3, 1, 7], [64], [65, 63]];

/** What came of a text, in its order: ids of rows, and bad records as `reason@offset raw`, with the raw bytes proven. */
async function outcome(text: string, options: TextOptions = {}): Promise<unknown> {
  const atOnce = await readText(text, [1 << 20], options);
  for (const lengths of CHUNKS) expect(await readText(text, lengths, options)).toEqual(atOnce);
  const bytes = Buffer.from(text);
  atOnce.bad.forEach(({ offset, rawLength, sha256 }) => {
    const raw = bytes.subarray(offset, offset + rawLength);
    expect(createHash('sha256').update(raw).digest('hex')).toBe(sha256);
  });
  return {
    layout: atOnce.layout,
    ids: atOnce.rows.map(([id]) => Number(id)),
    bad: atOnce.bad.map(({ reason, offset }, i) => `${reason}@${offset} ${atOnce.raws[i]}`),
  };
}

const array = (ids: number[], ...bad: string[]): unknown => ({ layout: 'array', ids, bad });
const lines = (ids: number[], ...bad: string[]): unknown => ({ layout: 'array-lines', ids, bad });
const ndjson = (ids: number[], ...bad: string[]): unknown => ({ layout: 'ndjson', ids, bad });
const documents = (ids: number[], ...bad: string[]): unknown => ({ layout: 'documents', ids, bad });

describe('the layout of a text is told by its content', () => {
  test.each<[string, unknown]>([
    ['', ndjson([])],
    [' \n\n', ndjson([])],
    ['{"id":1}\n{"id":2}', ndjson([1, 2])],
    ['[["a",1]]\n["b"]\n', ndjson([], 'not-an-object@0 [["a",1]]', 'not-an-object@10 ["b"]')],
    ['[1,2]', ndjson([], 'not-an-object@0 [1,2]')],
    ['[]', array([])],
    ['[]\n[{"id":1}]', array([1])],
    // No text of JSON, and no element shows that arrays of records are meant.
    ['[][]', ndjson([], 'not-an-object@0 [][]')],
    ['[] x', ndjson([], 'not-an-object@0 [] x')],
    ['\ufeff[ ]\n', array([])],
    ['[', array([], 'unexpected-end@1 ')],
    ['[{"id":1},{"id":2}]', array([1, 2])],
    [' \n[\n{"id":1},{"id":2}\n]', array([1, 2])],
    ['[{"id":1}]\n[{"id":2}]\n[]\n [{"id":3} , {"id":4}]', array([1, 2, 3, 4])],
    ['[{"id":1}][{"id":2}][][{"id":3}]', array([1, 2, 3])],
    ['[\n  {\n    "id": 1\n  },\n  {\n    "id": 2\n  }\n]\n', array([1, 2])],
    ['[\n  {},\n  { "id": 1 },\n  {\n    "id": 2\n  }\n]\n', array([0, 1, 2])],
    ['[\n{"id":1}\n,{"id":2}\n]', array([1, 2])],
    ['[\n{"id":1},\n{"id":2}]', array([1, 2])],
    ['[\n{"id":1},\n{"id":2}\n]\n', lines([1, 2])],
    ['\ufeff[ \r\n{"id":1} , \r\n\r\n  {"id":2}\r\n ] ', lines([1, 2])],
    ['[\n{"id":1}\n]\n[\n{"id":2},\n{"id":3}\n]', lines([1, 2, 3])],
    ['[\n]\n', lines([])],
    // A record cut in the middle does not make it another layout.
    [
      '[\n{"id":1},\n{"id":2,"a":{\n{"id":3},\n{"id":4}\n]\n',
      lines([1, 3, 4], 'unexpected-end@12 {"id":2,"a":{'),
    ],
  ])('%j', async (text, expected) => {
    expect(await outcome(text)).toEqual(expected);
  });

  test('a head without a line feed behind a bracket of its own has an element a line', async () => {
    const long = `{"id":1,"x":"${'x'.repeat(1 << 20)}"}`;
    const options = { maxRecordBytes: 1 << 21 };
    expect(await outcome(`[\n${long},\n{"id":2}\n]`, options)).toEqual(lines([1, 2]));
    expect(await outcome(`[${long},\n{"id":2}\n]`, options)).toEqual(array([1, 2]));
  });
});

describe('what is wrong in an array is quarantined, the rest is read', () => {
  test.each<[string, unknown]>([
    ['[{"id":1},,{"id":2}]', array([1, 2], 'invalid-value@10 ,')],
    ['[{"id":1},\n,\n,{"id":2}]', array([1, 2], 'invalid-value@11 ,', 'invalid-value@13 ,')],
    ['[{"id":1},]', array([1], 'invalid-value@10 ]')],
    ['[{"id":1} {"id":2},{"id":3}]', array([3], 'trailing-content@1 {"id":1} {"id":2}')],
    ['[{"id":1}{"id":2}]', array([], 'trailing-content@1 {"id":1}{"id":2}')],
    ['[{"id":1}]]\n', array([1], 'trailing-content@10 ]')],
    ['[{"id":1}] {"id":2}\n[{"id":3}]', array([1, 3], 'trailing-content@11 {"id":2}')],
    ['[{"id":1}]x[{"id":2}]', array([1, 2], 'trailing-content@10 x')],
    ['[{"id":1}],[{"id":2}]', array([1, 2], 'trailing-content@10 ,')],
    ['[{"id":1},{"id":2}', array([1, 2], 'unexpected-end@18 ')],
    ['[{"id":1},{"id":', array([1], 'unexpected-end@10 {"id":', 'unexpected-end@16 ')],
    ['[{"id":1},', array([1], 'unexpected-end@10 ')],
    ['[{"id":1},{"a":[2},{"id":3}]', array([1, 3], 'expected-comma@10 {"a":[2}')],
    ['[{"id":1},{"a":2],[{"id":3}]', array([1, 3], 'unexpected-end@10 {"a":2', 'trailing-content@17 ,')],
    ['[{"id":1},{"a":2}},{"id":3}]', array([1, 3], 'trailing-content@10 {"a":2}}')],
    [
      '[{"id":1},2, "x" ,[3,{"id":4}],{"id":5}]',
      array([1, 5], 'not-an-object@10 2', 'not-an-object@13 "x"', 'not-an-object@18 [3,{"id":4}]'),
    ],
    ['[{"id":1},\n{"id"\n:\n x},\n{"id":3}]', array([1, 3], 'invalid-value@11 {"id"\n:\n x}')],
    // A line feed ends a string, and what looks like its end begins one.
    ['[{"id":1},{"a":"x\ny"},\n {"id":2}]', array([1], 'control-character@10 {"a":"x\ny"},\n {"id":2}')],
    [
      '[{"id":1},{"a":"x},\n{"id":2},\n{"id":3}]',
      array([1], 'control-character@10 {"a":"x},\n{"id":2},\n{"id":3}'),
    ],
    ['[{"id":1,"a":"\\"]"},{"id":2,"b":"\\\\"}]', array([1, 2])],
  ])('%j', async (text, expected) => {
    expect(await outcome(text)).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['[\n{"id":1}\n{"id":2},\n{"id":3}\n]', lines([1, 2, 3], 'expected-comma@11 ')],
    ['[\n{"id":1},\n]\n', lines([1], 'invalid-value@12 ]')],
    ['[\n{"id":1},\n,\n{"id":2}\n]', array([1, 2], 'invalid-value@12 ,')],
    ['[\n{"id":1},\nx,\n{"id":2}\n]', lines([1, 2], 'not-an-object@12 x')],
    ['[\n{"id":1},\n{"a":"x,\n{"id":2}\n]', lines([1, 2], 'unexpected-end@12 {"a":"x')],
    ['[\n{"id":1},\n{"id":2}', lines([1, 2], 'unexpected-end@20 ')],
    ['[\n{"id":1},\n', lines([1], 'unexpected-end@12 ')],
    ['[\n{"id":1}\n]\n]\n', lines([1], 'trailing-content@13 ]')],
    ['[\n{"id":1}\n]\n{"id":2},\n{"id":3}\n]', lines([1, 2, 3], 'trailing-content@13 ')],
    ['[\n{"id":1},\n[\n{"id":2}\n]', lines([1, 2], 'not-an-object@12 [')],
    ['[\n{"id":1}{"id":2},\n{"id":3}\n]', lines([3], 'trailing-content@2 {"id":1}{"id":2}')],
    ['[\n  {"id":1 x} , \r\n  {"id":2}\r\n]', lines([2], 'expected-comma@4 {"id":1 x}')],
  ])('with an element a line: %j', async (text, expected) => {
    expect(await outcome(text)).toEqual(expected);
  });

  test('a record longer than allowed is told, whatever is around it', async () => {
    const space = ' '.repeat(3000);
    const long = `{"a":\n"${'x'.repeat(1100)}"}`;
    const options = { maxRecordBytes: 1024 };
    for (const [open, comma, end] of [
      ['[', ',', ']'],
      ['[\n', ',\n', '\n]'],
    ] as const) {
      const body = open === '[' ? long : long.replace('\n', ' ');
      const text = `${open}${space}{"id":1}${comma}${space}${body}${space}${comma}{"id":2}${end}`;
      expect(await outcome(text, options)).toMatchObject({
        ids: [1, 2],
        bad: [`record-too-long@${text.indexOf('{"a"')} ${body}`],
      });
    }
  });

  test('a record as long as allowed is read, with white space before it that is not', async () => {
    const record = `{"id":1,"a":"${'x'.repeat(1009)}"}`;
    expect(record).toHaveLength(1024);
    expect(await outcome(`[${' '.repeat(2000)}${record},{"id":2}]`, { maxRecordBytes: 1024 })).toEqual(
      array([1, 2]),
    );
  });

  test('blank lines and marks are counted; white space of an array is no line', async () => {
    expect(await readText('\ufeff[\n\n{"id":1},\n \n{"id":2}\n]\n\n')).toMatchObject({ bom: 1, blank: 3 });
    expect(await readText('\ufeff\n[ {"id":1},\n\n{"id":2}] \n\n')).toMatchObject({ bom: 1, blank: 0 });
    expect(await readText('\ufeff[]\n\n')).toMatchObject({ bom: 1, blank: 0, rows: [], bad: [] });
  });

  test('the line of a bad record is the number of its element', async () => {
    const { bad } = await readText('[{"id":1},\n\nx,\n\n{"id":2},,y,{"id":3},z]');
    expect(bad.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '2 not-an-object',
      '4 invalid-value',
      '5 not-an-object',
      '7 not-an-object',
    ]);
  });

  test('what a cut leaves open is no fault', async () => {
    for (const text of ['[{"id":1},{"id":2', '[\n{"id":1},\n{"id":2']) {
      const { bad } = await readText(text, [1 << 20], { isCut: true });
      expect(bad).toHaveLength(1);
      expect(bad[0]?.reason).not.toBe('record-too-long');
    }
    expect((await readText('{"x":', [1], { isCut: true, recordsPath: ['r'] })).bad).toEqual([]);
  });
});

describe('documents with records', () => {
  const records = { recordsPath: ['Records'] };
  const deep = { recordsPath: ['a', 'b'] };
  test.each<[string, TextOptions, unknown]>([
    ['{"Records":[{"id":1},{"id":2}]}', records, documents([1, 2])],
    ['\ufeff{"Records":[{"id":1}]}\n{"Records":[]}{"Records":[{"id":2}]}', records, documents([1, 2])],
    [
      '{\n "x": {"Records": [{"id":9}], "y": "]}"},\n "Records" : [\n {\n "id": 1\n }\n ], "z": [1, {"id":8}] }',
      records,
      documents([1]),
    ],
    ['{"R\\u0065cords":[{"id":1}],"\\"Records":[{"id":9}],"RecordsX":[{"id":9}]}', records, documents([1])],
    ['{"a":{"x":[{"id":9}],"b":[{"id":1}]},"b":[{"id":9}]}', deep, documents([1])],
    ['{"a":{"b":[{"id":1}]},"a":{"b":[{"id":2}]}}', deep, documents([1, 2])],
    ['{"id":1}', records, documents([], 'no-records@0 {"id":1}')],
    [
      ' {"Records":{"id":1}} {"Records":[{"id":2}]}\n',
      records,
      documents([2], 'no-records@1 {"Records":{"id":1}}'),
    ],
    ['{"a":[{"b":[{"id":1}]}]}', deep, documents([], 'no-records@0 {"a":[{"b":[{"id":1}]}]}')],
    [
      '{"Records":null}{"Records":"]}"}',
      records,
      documents([], 'no-records@0 {"Records":null}', 'no-records@16 {"Records":"]}"}'),
    ],
    ['', records, documents([])],
    [
      '[{"id":1}]\n7 {"id":2}\n{"Records":[{"id":3}]}',
      records,
      documents([3], 'not-an-object@0 [{"id":1}]', 'not-an-object@11 7 {"id":2}'),
    ],
    ['{"Records":[{"id":1}]', records, documents([1], 'unexpected-end@21 ')],
    ['{"Records":[{"id":1}', records, documents([1], 'unexpected-end@20 ')],
    ['{"x":"y","Rec', records, documents([], 'unexpected-end@0 {"x":"y","Rec')],
    ['{"Records":[{"id":1}] {"Records":[{"id":2}]}', records, documents([1, 2], 'expected-comma@22 ')],
    [
      '{"x":1 {"Records":[{"id":2}]}',
      records,
      documents([], 'no-records@0 {"x":1 ', 'expected-comma@7 {"Records":[{"id":2}]}'),
    ],
    ['{"Records":[{"id":1}],}\n{"Records":[{"id":2}]}', records, documents([1, 2], 'expected-key@22 }')],
    [
      '{"x" 1,"Records":[{"id":1}]}\n{"Records":[{"id":2}]}',
      records,
      documents([2], 'no-records@0 {"x" ', 'expected-colon@5 1,"Records":[{"id":1}]}'),
    ],
    [
      '{"x":,"Records":[]}\n{"Records":[{"id":2}]}',
      records,
      documents([2], 'no-records@0 {"x":', 'invalid-value@5 ,"Records":[]}'),
    ],
    [
      '{"Records":[{"id":1},,{"id":2},]}',
      records,
      documents([1, 2], 'invalid-value@21 ,', 'invalid-value@31 ]'),
    ],
    ['{"Records":[{"id":1}}]}\n', records, documents([], 'trailing-content@12 {"id":1}}')],
  ])('%j', async (text, options, expected) => {
    expect(await outcome(text, options)).toEqual(expected);
  });

  test('a large rest of a document is no record', async () => {
    const rest = JSON.stringify({
      big: 'x'.repeat(300_000),
      list: Array.from({ length: 5000 }, (_, n) => [n]),
    });
    const text = `{"before":${rest},"Records":[{"id":1}],"behind":${rest}}\n{"none":${rest}}`;
    const { rows, bad } = await readText(text, [50_000], { ...records, maxRecordBytes: 1024 });
    expect(rows).toHaveLength(1);
    const last = text.slice(text.indexOf('{"none"'));
    const sha256 = createHash('sha256').update(last).digest('hex');
    expect(bad).toMatchObject([{ reason: 'no-records', rawLength: last.length, sha256 }]);
  });
});

test('what is open where a text is cut does not tell its layout', async () => {
  expect(await readText('[\n{"id":1},\n{"id":2},{"id":3}')).toMatchObject({ layout: 'array' });
  const cut = await readText('[\n{"id":1},\n{"id":2},{"id":3}', undefined, { isCut: true });
  expect(cut).toMatchObject({ layout: 'array-lines' });
});
