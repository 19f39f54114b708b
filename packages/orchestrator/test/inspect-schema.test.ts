import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseOrderedYaml, parseSpec, storageOpener, type SchemaInspection } from '@winnow/core';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { schemaInspectionText } from '../src/cli/schema-inspection.ts';
import { createLog } from '../src/log.ts';
import { inspectSourceSchema } from '../src/operations/inspect-schema.ts';
import { runReport, winnow, withFolder } from './winnow.ts';

/** The second input is the first one to be sampled. */
const RECORDS = [
  '{"id":1,"on":null,"mixed":1,"text":"a"}',
  '{"id":2,"on":true,"mixed":"n/a\\u0000"}',
  '{"id":3.5,"":1,"mixed":[]}',
  '{bad}',
];

async function made(folder: string): Promise<void> {
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in/a.ndjson'), RECORDS.slice(0, 2).join('\n'));
  await writeFile(join(folder, 'in/b.gz'), gzipSync(RECORDS.slice(2).join('\n')));
}

describe('winnow inspect schema', () => {
  test('prints the inferred schema ready to edit, and writes nothing', () =>
    withFolder(async (folder) => {
      await made(folder);
      const { code, stdout, stderr } = await winnow(['inspect', 'schema', 'in'], folder);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout.split('\n')).toEqual([
        '# The schema of in, inferred from 3 records sampled from 2 inputs.',
        '# Edit it and give it to winnow run --schema FILE. Beside each place stands what the sample has there.',
        '# A run would quarantine of the sampled lines: 1 expected-key.',
        'columns:',
        '  id: double # in 3 of 3 records: 2 integer, 1 number',
        '  mixed: json # in 3 of 3 records: 1 integer such as 1, 1 string such as "n/a\\u0000", 1 array',
        '  "on": boolean # in 2 of 3 records: 1 null, 1 boolean',
        '  text: text # in 1 of 3 records: string',
        '# In no column (a run keeps them in _rest):',
        '#   "" in 1 record: number',
        '',
      ]);
      expect(await readdir(folder)).toEqual(['in']);
    }));

  test('what it prints is a schema for winnow run, and so is what a run puts beside its output', () =>
    withFolder(async (folder) => {
      await made(folder);
      const inferred = await winnow(['inspect', 'schema', '--source', 'in'], folder);
      await writeFile(join(folder, 's.yaml'), inferred.stdout);
      const words = ['--source', 'in', '--max-quarantined', '1', '--output'];
      const { report } = await runReport([...words, 'out', '--schema', 's.yaml'], folder);
      expect(report).toMatchObject({ state: 'succeeded', drift: [{ key: '' }] });
      const beside = `out/_winnow/${report.runId}/schema.yaml`;
      const same = await runReport([...words, 'again', '--schema', beside], folder);
      expect(same.report.runId).toBe(report.runId);
      expect(same.report.parts.map(({ sha256 }) => sha256)).toEqual(report.parts.map(({ sha256 }) => sha256));
    }));

  test('holds a given schema against the sample', () =>
    withFolder(async (folder) => {
      await made(folder);
      await writeFile(join(folder, 's.yaml'), 'columns: {id: int64, none: date}');
      const { code, stdout } = await winnow(['inspect', 'schema', 'in', '--schema', 's.yaml'], folder);
      expect(code).toBe(0);
      expect(stdout.split('\n').slice(3)).toEqual([
        'columns:',
        '  id: int64 # in 3 of 3 records: 2 integer such as 1, 1 number such as 3.5; does not fit in 1 record (number)',
        '  none: date # in 0 of 3 records',
        '# In no column (a run keeps them in _rest):',
        '#   "" in 1 record: number',
        '#   "mixed" in 3 records: array, number, string',
        '#   "on" in 2 records: boolean, null',
        '#   "text" in 1 record: string',
        '',
      ]);
    }));

  test('samples the records of documents', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'in'), '{"Records":[{"a":1},{"a":2}]}');
      const { stdout } = await winnow(['inspect', 'schema', 'in', '--records-path', 'Records'], folder);
      expect(stdout).toContain('\n  a: int64 # in 2 of 2 records: integer\n');
    }));

  test('takes the brackets and commas of an array that has an element a line for no records', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'in'), '[\n{"a":1},\n{"a":2}\n]\n');
      const { stdout } = await winnow(['inspect', 'schema', 'in', '--json'], folder);
      expect(JSON.parse(stdout)).toMatchObject({ records: 2, drift: [], quarantined: [] });
    }));

  test('--json prints the same for machines, in one line', () =>
    withFolder(async (folder) => {
      await made(folder);
      const { stdout } = await winnow(['inspect', 'schema', 'in', '--sample', '1', '--json'], folder);
      expect(stdout.trimEnd()).not.toContain('\n');
      expect(JSON.parse(stdout)).toMatchObject({
        inputs: { total: 2, sampled: 1, unreadable: [] },
        inferred: true,
        columns: expect.any(Array),
        places: expect.any(Array),
      });
    }));

  test.each<[string, Record<string, string>, number, RegExp]>([
    ['no source', {}, 2, /^winnow: --source must exist, in does not/],
    [
      'an empty input',
      { 'in/a': '' },
      2,
      /in: none of 0 sampled records has a key, there is no schema to infer/,
    ],
    ['records without keys', { 'in/a': '{}\n' }, 2, /none of 1 sampled records has a key/],
    ['no JSON', { 'in/a': 'a,b\n1,2\n' }, 2, /none of 0 sampled records has a key/],
  ])('%s is told in one line', (_title, files, expected, message) =>
    withFolder(async (folder) => {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(join(folder, 'in'));
        await writeFile(join(folder, name), text);
      }
      const { code, stdout, stderr } = await winnow(['inspect', 'schema', 'in'], folder);
      expect([code, stdout]).toEqual([expected, '']);
      expect(stderr).toMatch(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }),
  );

  test('an empty folder and a schema that is wrong end with 2', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'empty'));
      const empty = await winnow(['inspect', 'schema', 'empty'], folder);
      expect([empty.code, empty.stderr]).toEqual([2, expect.stringMatching(/must name at least one file/)]);
      await made(folder);
      await writeFile(join(folder, 's.json'), '{"$schema":"x","properties":{"a":{"$ref":"#/x"}}}');
      const wrong = await winnow(['inspect', 'schema', 'in', '--schema', 's.json'], folder);
      expect(wrong).toMatchObject({
        code: 2,
        stderr:
          'winnow: --schema.properties.a.$ref must be a reference within the file, such as #/$defs/name, got #/x\n',
      });
    }));

  test('inputs that cannot be read are named; what the others have is printed', () =>
    withFolder(async (folder) => {
      await made(folder);
      await writeFile(join(folder, 'list'), 'in/a.ndjson\nin/none\n');
      const listed = await winnow(['inspect', 'schema', '@list'], folder);
      expect([listed.code, listed.stderr]).toEqual([1, 'winnow: these inputs could not be read: none\n']);
      expect(listed.stdout).toContain('2 records sampled from 1 of 2 inputs');
      await writeFile(join(folder, 'list'), 'in/none\n');
      const none = await winnow(['inspect', 'schema', '@list'], folder);
      expect([none.code, none.stdout]).toEqual([1, '']);
      expect(none.stderr).toMatch(/these inputs could not be read: none: check/);
    }));
});

const AWKWARD = [
  'a b',
  'on',
  '1',
  '1.0',
  '~',
  '#x',
  'a: b',
  '"',
  "'",
  '\\',
  '\n',
  '\u2028',
  '/a',
  '_x',
  '😀',
  '__proto__',
];

test('whatever the keys of a source are, its schema parsed again has the same columns', async () => {
  const keys = fc.oneof(fc.constantFrom(...AWKWARD), fc.string({ unit: 'binary', maxLength: 8 }));
  const values = fc.constantFrom('1', '2.5', '"a # b"', 'null', '"\\n"', 'true', '"# x"', '9007199254740993');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(keys, values), { minLength: 1, maxLength: 12 }), async (pairs) => {
      const lines = pairs.map(([key, value]) => `{"k":1,${JSON.stringify(key)}:${value}}`);
      await withFolder(async (folder) => {
        await writeFile(join(folder, 'in'), lines.join('\n'));
        const spec = parseSpec({ source: 'in' });
        const inspection = await inspectSourceSchema(
          { spec, sampledInputs: 64 },
          { openStorage: storageOpener({}) },
          {
            cwd: folder,
            signal: new AbortController().signal,
            onEvent: () => undefined,
            log: createLog('error', () => undefined),
          },
        );
        const text = schemaInspectionText(inspection, 'in\n# x');
        const schema = parseOrderedYaml(text, 'it', '') as object;
        expect(parseSpec({ source: 'in', schema }).schema?.columns).toEqual(inspection.columns);
      });
    }),
    { numRuns: 30 },
  );
});

test('of many keys in no column the first are listed', () => {
  const drift = Array.from({ length: 150 }, (_, n) => ({ key: `k${n}\n`, types: ['null'], records: 1 }));
  const inspection: SchemaInspection = {
    inputs: { total: 1, sampled: 1, unreadable: [] },
    records: 1,
    inferred: false,
    columns: [{ name: 'a', type: 'list', element: { type: 'date' } }],
    places: [{ place: '/a/*', type: 'date', values: [{ kind: 'string', count: 2, example: '"x"' }] }],
    drift: [...drift, { key: '/a/*', types: ['string'], records: 1 }],
    quarantined: [],
  };
  const lines = schemaInspectionText(inspection, 'in').split('\n');
  expect(lines.slice(2, 6)).toEqual([
    'columns:',
    '  a: # in 0 of 1 record',
    '    list: date # 2 string such as "x"; does not fit in 1 record (string)',
    '# In no column (a run keeps them in _rest):',
  ]);
  expect(lines.at(-1)).toBe('#   … and 50 more: see --json');
  expect(lines).toHaveLength(6 + 100 + 1);
});
