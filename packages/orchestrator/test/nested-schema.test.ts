import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { RunFile } from '@winnow/core';
import { runReport, winnow, withFolder } from './winnow.ts';

const RECORDS = [
  '{"actor":{"id":1,"login":"a"},"tags":["x","y"],"odd":[{"n":1},{"n":"1"}]}',
  '{"actor":{"id":2,"bot":true},"tags":[],"odd":null}',
].join('\n');

const SCHEMA = [
  'columns:',
  '  actor:',
  '    struct:',
  '      id: int64',
  '      login: text',
  '      bot: boolean',
  '  tags:',
  '    list: text',
  '  odd:',
  '    list:',
  '      struct:',
  '        n: json',
  '',
].join('\n');

async function made(folder: string): Promise<void> {
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in/a.ndjson'), RECORDS);
}

const readRun = async (folder: string, runId: string): Promise<RunFile> =>
  JSON.parse(await readFile(join(folder, 'out/_winnow', runId, 'run.json'), 'utf8')) as RunFile;

test('nested columns are inferred, and told place by place', () =>
  withFolder(async (folder) => {
    await made(folder);
    const { code, stdout } = await winnow(['inspect', 'schema', 'in'], folder);
    expect(code).toBe(0);
    expect(stdout.split('\n').slice(2)).toEqual([
      'columns:',
      '  actor: # in 2 of 2 records: object',
      '    struct:',
      '      id: int64 # 2 integer',
      '      login: text # 1 string',
      '      bot: boolean # 1 boolean',
      '  tags: # in 2 of 2 records: array',
      '    list: text # 2 string',
      '  odd: # in 2 of 2 records: 1 null, 1 array',
      '    list: # 2 object',
      '      struct:',
      '        n: json # 1 integer such as 1, 1 string such as "1"',
      '',
    ]);
  }));

test('what does not fit below a column is told at its place, or with the others by its pointer', () =>
  withFolder(async (folder) => {
    await made(folder);
    await writeFile(
      join(folder, 's.yaml'),
      'columns: {actor: {struct: {id: int64, login: int64}}, odd: {list: {struct: {n: int64}}}}',
    );
    const { stdout } = await winnow(['inspect', 'schema', 'in', '--schema', 's.yaml'], folder);
    expect(stdout.split('\n').slice(2)).toEqual([
      'columns:',
      '  actor: # in 2 of 2 records: object',
      '    struct:',
      '      id: int64 # 2 integer',
      '      login: int64 # 1 string such as "a"; does not fit in 1 record (string)',
      '  odd: # in 2 of 2 records: 1 null, 1 array',
      '    list: # 2 object',
      '      struct:',
      '        n: int64 # 1 integer such as 1, 1 string such as "1"; does not fit in 1 record (string)',
      '# In no column (a run keeps them in _rest):',
      '#   "/actor/bot" in 1 record: boolean',
      '#   "tags" in 2 records: array',
      '',
    ]);
  }));

test('the next generation goes on under the nested schema of the one before', () =>
  withFolder(async (folder) => {
    await made(folder);
    const words = ['--source', 'in', '--output', 'out'];
    const first = await runReport(words, folder);
    expect(first.report).toMatchObject({ state: 'succeeded', drift: [] });
    const beside = join(folder, 'out/_winnow', first.report.runId, 'schema.yaml');
    expect(await readFile(beside, 'utf8')).toBe(SCHEMA);
    await writeFile(join(folder, 'in/b.ndjson'), '{"actor":{"id":3,"more":1},"tags":[1]}\n');
    const next = await runReport(words, folder);
    expect(next.report.drift.map(({ key, records }) => [key, records])).toEqual([
      ['/actor/more', 1],
      ['/tags/*', 1],
    ]);
    const columns = async (runId: string) => (await readRun(folder, runId)).frozen.columns;
    expect(await columns(next.report.runId)).toEqual(await columns(first.report.runId));
  }));
