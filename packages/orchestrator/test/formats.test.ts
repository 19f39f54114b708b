import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DuckDBInstance } from '@duckdb/node-api';
import type { SampleManifest } from '../src/sample/manifest.ts';
import { runReport, winnow, withFolder } from './winnow.ts';

const FORMATS = ['parquet', 'ndjson', 'json', 'csv'] as const;
type Format = (typeof FORMATS)[number];
const TEXTS = ['ndjson', 'json', 'csv'] as const;

/** How DuckDB reads all parts of an output. */
function relation(output: string, format: Format): string {
  const parts = `'${join(output, `*.${format}`)}'`;
  switch (format) {
    case 'parquet':
      return `read_parquet(${parts})`;
    case 'csv':
      return `read_csv(${parts}, all_varchar = true, header = true, quote = '"', escape = '"', delim = ',', allow_quoted_nulls = false)`;
    case 'ndjson':
    case 'json':
      return `read_json(${parts}, format = '${format === 'json' ? 'array' : 'newline_delimited'}', maximum_depth = 1, sample_size = -1)`;
  }
}

async function ask(output: string, format: Format, select: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const result = await connection.runAndReadAll(
      `WITH output AS (FROM ${relation(output, format)}) ${select}`,
    );
    return (result.getRows()[0] ?? []).map(String);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const namesOf = async (output: string, format: Format): Promise<string[]> =>
  (await readdir(output)).filter((name) => name.endsWith(`.${format}`)).sort();

async function hashesOf(output: string, format: Format): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const name of await namesOf(output, format))
    hashes[name] = createHash('sha256')
      .update(await readFile(join(output, name)))
      .digest('hex');
  return hashes;
}

const SAMPLE = ['--files', '5', '--records', '1200', '--bad', '7', '--drift', '--compression', 'mixed'];

async function makeSample(folder: string): Promise<SampleManifest> {
  const made = await winnow(['sample', 'ndjson', '--output', 'in', ...SAMPLE], folder);
  expect(made).toMatchObject({ code: 0 });
  return JSON.parse(await readFile(join(folder, 'in.manifest.json'), 'utf8')) as SampleManifest;
}

const argsOf = (format: Format, output = format): string[] => [
  ...['--source', 'in', '--output', output, '--format', format],
  ...['--schema', 'in.schema.yaml', '--max-quarantined', '7', '--unit-size', '64KiB'],
];

describe('winnow run', () => {
  test('writes the same records in all formats, as the sample was made', () =>
    withFolder(async (folder) => {
      const manifest = await makeSample(folder);
      for (const format of FORMATS) {
        const { code, report } = await runReport(argsOf(format), folder);
        expect([format, code, report.state, report.balanced]).toEqual([format, 0, 'succeeded', true]);
        expect(report.records).toEqual({ read: 1207, written: 1200, filtered: 0, quarantined: 7 });
        expect(report.parts.length).toBeGreaterThan(3);
        expect(report.parts.map(({ uri }) => uri.split('/').at(-1)).sort()).toEqual(
          await namesOf(join(folder, format), format),
        );
        const found = await ask(
          join(folder, format),
          format,
          'SELECT count(*), sum(score::BIGINT), sum(event_id::HUGEINT), count(_rest) FROM output',
        );
        expect([format, ...found].map(String)).toEqual([
          format,
          '1200',
          String(manifest.sums.score),
          manifest.sums.eventId,
          String(manifest.driftingRecords),
        ]);
        const verified = await winnow(['verify', format], folder);
        expect([format, verified.code, verified.stderr]).toEqual([format, 0, '']);
      }
      // _rest is an object in JSON, its text in CSV.
      const rests = async (format: Format, rest: string): Promise<string[]> =>
        ask(
          join(folder, format),
          format,
          `SELECT string_agg(${rest}, '' ORDER BY event_id::HUGEINT) FROM output`,
        );
      const expected = await rests('parquet', '_rest::JSON');
      expect(await rests('ndjson', '_rest::JSON')).toEqual(expected);
      expect(await rests('json', '_rest::JSON')).toEqual(expected);
      expect(await rests('csv', '_rest::JSON')).toEqual(expected);
    }));

  test.each(TEXTS)('goes on with %s where receipts and parts are missing, to the same bytes', (format) =>
    withFolder(async (folder) => {
      await makeSample(folder);
      const output = join(folder, format);
      const { report } = await runReport(argsOf(format), folder);
      const before = await hashesOf(output, format);
      const run = join(output, '_winnow', report.runId);
      for (const name of ['ledger.ndjson.zst', 'inputs.ndjson.zst', 'report.json', 'report.html'])
        await rm(join(run, name));
      await rm(join(output, '_SUCCESS'));
      const receipts = (await readdir(join(run, 'receipts'))).sort();
      expect(receipts.length).toBeGreaterThan(3);
      // Every other receipt is gone, and of those every other part: the rest must be met byte for byte.
      for (const [index, name] of receipts.entries()) {
        if (index % 2 === 1) continue;
        await rm(join(run, 'receipts', name));
        const part = `part-${report.runId}-${name.replace('.json', '')}.${format}`;
        if (index % 4 === 0) await rm(join(output, part));
      }
      const again = await runReport(argsOf(format), folder);
      expect(again).toMatchObject({ code: 0, report: { runId: report.runId, records: report.records } });
      expect(await hashesOf(output, format)).toEqual(before);
      expect(await winnow(['verify', format], folder)).toMatchObject({ code: 0 });
    }),
  );

  test.each([
    ['ndjson', ''],
    ['json', '[\n]\n'],
    ['csv', 'a,"b,""c""",_rest\r\n'],
  ] as const)('of nothing is one file of %s that has no rows', (format, text) =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in/empty.ndjson'), '\n');
      await writeFile(join(folder, 'schema.yaml'), `columns: {a: int64, 'b,"c"': text}\n`);
      const { code, report } = await runReport(
        ['--source', 'in', '--output', 'out', '--format', format, '--schema', 'schema.yaml'],
        folder,
      );
      expect(code).toBe(0);
      const name = `part-${report.runId}-empty.${format}`;
      expect(await namesOf(join(folder, 'out'), format)).toEqual([name]);
      expect(await readFile(join(folder, 'out', name), 'utf8')).toBe(text);
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
    }),
  );

  test.each([
    ['ndjson', '{"a":1,"_rest":null}\n', ''],
    ['json', '[\n{"a":1,"_rest":null}\n]\n', '[\n]\n'],
    ['csv', 'a,_rest\r\n1,\r\n', 'a,_rest\r\n'],
  ] as const)('mirrors each input as one file of %s', (format, text, empty) =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in/deep'), { recursive: true });
      await writeFile(join(folder, 'in/deep/one.ndjson'), '{"a":1}\n');
      await writeFile(join(folder, 'in/none.ndjson'), '\n');
      await writeFile(join(folder, 'schema.yaml'), 'columns: {a: int64}\n');
      const io = ['--source', 'in', '--output', 'out', '--schema', 'schema.yaml'];
      const { code } = await runReport([...io, '--format', format, '--layout', 'mirror'], folder);
      expect(code).toBe(0);
      expect(await readFile(join(folder, `out/deep/one.${format}`), 'utf8')).toBe(text);
      expect(await readFile(join(folder, `out/none.${format}`), 'utf8')).toBe(empty);
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
    }),
  );

  test('marks formulas with --csv-safe, which is another run than without', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in/a.ndjson'), '{"t":"=1+1","n":-1}\n{"t":"plain","n":2,"x":"=2"}\n');
      await writeFile(join(folder, 'schema.yaml'), 'columns: {t: text, n: int64}\n');
      const args = ['--source', 'in', '--output', 'out', '--format', 'csv', '--schema', 'schema.yaml'];
      const { report } = await runReport([...args, '--csv-safe'], folder);
      const [part] = await namesOf(join(folder, 'out'), 'csv');
      expect(await readFile(join(folder, 'out', part!), 'utf8')).toBe(
        `t,n,_rest\r\n'=1+1,-1,\r\nplain,2,"{""x"":""=2""}"\r\n`,
      );
      const run = JSON.parse(
        await readFile(join(folder, 'out/_winnow', report.runId, 'run.json'), 'utf8'),
      ) as { frozen: object };
      expect(run.frozen).toMatchObject({ format: 'csv', csvSafe: true });
      const other = await winnow(['run', ...args], folder);
      expect(other.code).toBe(2);
    }));

  test.each([
    [
      ['--csv-safe'],
      '--csv-safe must be left out where the format is parquet: only csv has a use for it, got true',
    ],
    [
      ['--format', 'csv', '--level', '9'],
      '--level must be left out where the format is csv: only parquet has a use for it, got 9',
    ],
    [
      ['--format', 'tar.gz'],
      '--format is not in this release; it has parquet, ndjson, json, csv, got tar.gz',
    ],
  ])('refuses %j in one line', (args, line) =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const { code, stderr } = await winnow(['run', '--source', 'in', '--output', 'out', ...args], folder);
      expect(code).toBe(2);
      expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(line)]);
    }),
  );
});
