import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Column } from '@winnow/kernel';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FORMATS, JUDGES, type Format } from './judges.ts';
import { parseCsv } from './readers/node.ts';
import { restored, withoutNulls } from './restored.ts';
import { ask } from './verdict.ts';

const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'score', type: 'int64' },
  { name: 'x', type: 'double' },
  { name: 'edited', type: 'json' },
  { name: 'tags', type: 'list', element: { type: 'struct', fields: [{ name: 'n', type: 'int64' }] } },
  { name: '_rest', type: 'text' },
];

/** What the parts below hold, as a source would have had it. */
const RECORDS = [
  { id: 'b', score: 9007199254740, x: 1.5, edited: false },
  { id: '\ufeffnaïve 🌾,"q"\r\n', score: -2, x: -0.25, edited: [1.5], tags: [{ n: 1 }, {}, null], new: '2' },
  { id: '', score: 0, x: 1e300, edited: { d: 'null' }, tags: [] },
];

/** The same as the writers under judgement would write it. */
const NDJSON = [
  '{"id":"b","score":9007199254740,"x":1.5,"edited":false,"tags":null,"_rest":null}',
  '{"id":"\ufeffnaïve 🌾,\\"q\\"\\r\\n","score":-2,"x":-0.25,"edited":[1.5],"tags":[{"n":1},{"n":null},null],"_rest":{"new":"2"}}',
  '{"id":"","score":0,"x":1e300,"edited":{"d":"null"},"tags":[],"_rest":null}',
];
const CSV = [
  'id,score,x,edited,tags,_rest',
  'b,9007199254740,1.5,false,,',
  '"\ufeffnaïve 🌾,""q""\r\n",-2,-0.25,[1.5],"[{""n"":1},{""n"":null},null]","{""new"":""2""}"',
  '"",0,1e300,"{""d"":""null""}",[],',
];

let folder: string;
const pathOf = (format: Format): string => join(folder, `part.${format}`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-readers-'));
  writeFileSync(pathOf('ndjson'), `${NDJSON.join('\n')}\n`);
  writeFileSync(pathOf('json'), `[\n${NDJSON.join(',\n')}\n]\n`);
  writeFileSync(pathOf('csv'), `${CSV.join('\r\n')}\r\n`);
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    `COPY (SELECT id, score, x, edited, tags, _rest::VARCHAR AS _rest FROM read_json('${pathOf('ndjson')}',
       format = 'newline_delimited', columns = {id: 'VARCHAR', score: 'BIGINT', x: 'DOUBLE', edited: 'JSON',
       tags: 'STRUCT(n BIGINT)[]', _rest: 'JSON'})) TO '${pathOf('parquet')}' (FORMAT parquet)`,
  );
  connection.closeSync();
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.each(FORMATS)('%s', (format) => {
  test.each(JUDGES[format].map((judge) => [judge.name, judge] as const))(
    'is read by %s',
    async (_name, judge) => {
      const output = { parts: [pathOf(format)], columns: COLUMNS };
      expect(await judge.columns(output)).toEqual(COLUMNS.map(({ name }) => name));
      const records = await Array.fromAsync(judge.rows(output), (row) => withoutNulls(restored(row)));
      expect(records).toEqual(RECORDS);
    },
  );
});

test('a reader that fails says so instead of an answer', async () => {
  const output = { parts: [join(folder, 'absent.parquet')], columns: COLUMNS };
  const verdict = await ask(JUDGES.parquet, (judge) => Array.fromAsync(judge.rows(output)));
  expect(Object.keys(verdict)).toEqual(['DuckDB', 'hyparquet', 'parquet-wasm']);
  for (const said of Object.values(verdict)) expect(said).toMatch(/^cannot be read: /);
});

test.each(['a,b\n', '"a\r\n', 'a"b\r\n', '"a"b\r\n', 'a'])('%j is no RFC 4180', (text) => {
  expect(() => parseCsv(text)).toThrow(/no RFC 4180 at character/);
});
