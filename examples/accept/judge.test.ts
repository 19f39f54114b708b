import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkAggregates } from './aggregates.ts';
import { openJudge, type Judge } from './judge.ts';
import type { PartReader } from './reader.ts';
import { countAltered } from './source.ts';

/** What the two parts below hold, as a source would have had it. */
const RECORDS = [
  { id: 'b', score: 9007199254740, created_utc: 1, author: 'x', body: 'one\ntwo', edited: false },
  { id: 'a', score: -2, created_utc: '2', author: 'y', body: '\ufeffnaïve 🌾', edited: 1.5 },
  { id: 'é', score: 3, created_utc: 3.5, author: 'x', body: '', edited: null },
  { id: 'Z', score: 0, created_utc: 4, author: 'x', body: 'end', 'a/b~c': [1, { d: null }] },
];

let folder: string;
let judge: Judge;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-judge-'));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const columns = 'id, score, created_utc, author, body, edited::JSON AS edited, _rest';
  const values = [
    [
      `('b', 9007199254740::BIGINT, 1::DOUBLE, 'x', 'one' || chr(10) || 'two', 'false', NULL::VARCHAR)`,
      `('a', -2, NULL, 'y', chr(65279) || 'naïve 🌾', '1.5', '{"created_utc":"2"}')`,
    ],
    [
      `('é', 3::BIGINT, 3.5::DOUBLE, 'x', '', NULL::VARCHAR, NULL::VARCHAR)`,
      `('Z', 0, 4, 'x', 'end', NULL, '{"a/b~c":[1,{"d":null}]}')`,
    ],
  ];
  for (const [index, rows] of values.entries())
    await connection.run(
      `COPY (SELECT ${columns} FROM (VALUES ${rows.join(', ')}) AS t(id, score, created_utc, author, body, edited, _rest))
       TO '${join(folder, `part-${index}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`,
    );
  connection.closeSync();
  judge = await openJudge(folder);
});

afterAll(() => {
  judge.close();
  rmSync(folder, { recursive: true });
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('both readers', () => {
  test.each<[string, (reader: PartReader) => Promise<unknown>, unknown]>([
    ['count rows', (reader) => reader.rows(), 4],
    [
      'list columns',
      (reader) => reader.columns(),
      ['id', 'score', 'created_utc', 'author', 'body', 'edited', '_rest'],
    ],
    ['list keys of _rest', (reader) => reader.restKeys(), ['a/b~c', 'created_utc']],
    ['add up exactly', (reader) => reader.sum('score'), '9007199254741'],
    ['add up over column and _rest', (reader) => reader.sum('created_utc'), '10.5'],
    ['find the range over column and _rest', (reader) => reader.range('created_utc'), { min: 1, max: 4 }],
    ['count distinct values', (reader) => reader.distinct('author'), 2],
    ['count a key that is only in _rest', (reader) => reader.countBy('a/b~c'), { '[1,{"d":null}]': 1 }],
    ['sort by bytes', (reader) => reader.sha256Sorted('id'), sha256('Z\na\nb\né')],
    [
      'read texts in order, to the last character',
      (reader) => reader.texts('body'),
      { chars: 18, sha256: sha256(RECORDS.map(({ body }) => body).join('\0')), withNewline: 1 },
    ],
    ['count by value', (reader) => reader.countBy('author'), { x: 3, y: 1 }],
    ['find no record altered', (reader) => countAltered(reader, RECORDS), 0],
  ])('%s', async (_what, question, answer) => {
    expect(await judge.ask(question)).toEqual({ duckdb: answer, hyparquet: answer, agreed: true });
  });

  test.each([
    [
      'a changed value',
      RECORDS.map((record, index) => (index === 1 ? { ...record, created_utc: 2 } : record)),
      1,
    ],
    ['a record too few', RECORDS.slice(0, 3), 1],
    ['a record too many', [...RECORDS, { id: 'new' }], 1],
    ['another order', [...RECORDS].reverse(), 4],
  ])('find %s', async (_what, records, altered) => {
    expect(await judge.ask((reader) => countAltered(reader, records))).toMatchObject({
      duckdb: altered,
      hyparquet: altered,
    });
  });
});

describe('aggregates', () => {
  const facts = { file: 'f', plain_bytes: 0, lines: 4, objects: 4, rejected: 0, columns: 7 };

  test('are asked of both readers', async () => {
    const aggregates = {
      min_created: 1,
      max_created: 4,
      distinct_author: 2,
      text_chars: 18,
      texts_with_newline: 1,
    };
    const checks = await checkAggregates({ ...facts, aggregates }, judge);
    expect(checks.map(({ check, ok }) => [check, ok])).toEqual([
      ['min created_utc', true],
      ['max created_utc', true],
      ['distinct author', true],
      ['characters of body', true],
      ['body with newline', true],
    ]);
  });

  test('fail where a fact is another', async () => {
    const [check] = await checkAggregates({ ...facts, aggregates: { sum_score: 1 } }, judge);
    expect(check).toEqual({
      file: 'f',
      check: 'sum score',
      expected: '1',
      found: '9007199254741',
      hyparquet: '9007199254741',
      ok: false,
    });
  });
});
