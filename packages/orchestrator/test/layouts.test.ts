import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { readRows } from './judge.ts';
import { runReport, winnow, withFolder } from './winnow.ts';

const records = (count: number, first = 0): { id: number; text: string }[] =>
  Array.from({ length: count }, (_, i) => ({ id: first + i, text: `[${first + i}],\n"` }));
const IO = ['--source', 'in', '--output', 'out'];

async function idsOf(folder: string): Promise<number[]> {
  const rows = await readRows(join(folder, 'out'));
  for (const { id, text } of rows) expect(text).toBe(`[${id as bigint}],\n"`);
  return rows.map((row) => Number(row['id'])).sort((a, b) => a - b);
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

async function specOf(folder: string, runId: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(folder, 'out/_winnow', runId, 'run.json'), 'utf8');
  return (JSON.parse(text) as { frozen: Record<string, unknown> }).frozen;
}

test('winnow run reads lines and arrays of every layout side by side, under one inferred schema', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    const write = (name: string, content: string | Uint8Array): Promise<void> =>
      writeFile(join(folder, 'in', name), content);
    const lineEach = (list: object[], end: string): string =>
      list.map((record) => JSON.stringify(record)).join(end);
    await write('lines', lineEach(records(2000), '\n'));
    await write('array-lines', `[\n${lineEach(records(2000, 2000), ',\n')}\n]\n`);
    await write('array', JSON.stringify(records(2000, 4000)));
    await write('array.gz', gzipSync(JSON.stringify(records(2000, 6000), undefined, 2)));
    await write(
      'arrays.zst',
      zstdCompressSync(
        [records(1000, 8000), records(1000, 9000)].map((list) => JSON.stringify(list)).join('\n'),
      ),
    );
    const { code, report } = await runReport([...IO, '--unit-size', '64KiB'], folder);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      state: 'succeeded',
      balanced: true,
      records: { read: 10_000, written: 10_000, quarantined: 0 },
      drift: [],
    });
    expect(report.parts.length).toBeGreaterThan(report.units.total);
    expect(await idsOf(folder)).toEqual(upTo(10_000));
    const { columns, recordsPath } = await specOf(folder, report.runId);
    expect(columns).toMatchObject([
      { name: 'id', type: 'int64' },
      { name: 'text', type: 'text' },
      { name: '_rest' },
    ]);
    expect(recordsPath).toBeUndefined();
    expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
  }));

test.each([
  ['Records', (list: object[]) => ({ meta: { Records: [1] }, Records: list, end: '}]' })],
  ['/a~1b/c', (list: object[]) => ({ 'a/b': { x: [list], c: list } })],
])('winnow run --records-path %s reads the records of documents, and freezes the path', (path, document) =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    const one = JSON.stringify(document(records(3000)));
    const many = [0, 1, 2]
      .map((n) => JSON.stringify(document(records(1000, 3000 + n * 1000)), undefined, n))
      .join('');
    await writeFile(join(folder, 'in/one.json'), one);
    await writeFile(join(folder, 'in/many.gz'), gzipSync(`${many}\n{"other":[]}`));
    const args = [...IO, '--records-path', path, '--unit-size', '64KiB', '--max-quarantined', '1'];
    const { code, report } = await runReport(args, folder);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      state: 'succeeded',
      records: { read: 6001, written: 6000, quarantined: 1 },
      quarantine: [{ reason: 'no-records', records: 1 }],
    });
    expect(report.parts.length).toBeGreaterThan(4);
    expect(await idsOf(folder)).toEqual(upTo(6000));
    expect(await specOf(folder, report.runId)).toMatchObject({ recordsPath: path });
    // Another path is another run.
    const other = await winnow(['run', ...IO, '--records-path', 'Other', '--unit-size', '64KiB'], folder);
    expect(other.code).toBe(2);
    expect(await readdir(join(folder, 'out/_winnow/generations'))).toHaveLength(1);
  }),
);

test.each(['', 'a..b', '.', '/a~2'])(
  '--records-path %j is told to be none, before anything is written',
  (path) =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in/a'), '{"Records":[]}');
      const { code, stderr } = await winnow(['run', ...IO, '--records-path', path], folder);
      // An empty flag is as good as none.
      if (path === '') expect(stderr).not.toContain('--records-path');
      else {
        expect(code).toBe(2);
        expect(stderr).toContain('--records-path must be keys with dots between them');
        expect(await readdir(folder)).toEqual(['in']);
      }
    }),
);
