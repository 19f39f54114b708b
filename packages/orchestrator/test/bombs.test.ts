import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { readRows } from './judge.ts';
import { runReport, winnow, withFolder } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out'];
const lines = (n: number): string => Array.from({ length: n }, (_, id) => `{"id":${id}}\n`).join('');

test('an input that decodes to far more than its size is refused, the others are done, blank lines are no bomb', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    const bomb = zstdCompressSync(Buffer.alloc(80 * 2 ** 20, 'a'));
    await writeFile(join(folder, 'in/bomb.zst'), bomb);
    await writeFile(join(folder, 'in/blank.gz'), gzipSync(Buffer.alloc(8_000_000, '\n')));
    await writeFile(join(folder, 'in/good.ndjson'), lines(10));
    const { code, report } = await runReport(IO, folder);
    expect(code).toBe(1);
    expect(report).toMatchObject({ state: 'partial', balanced: true, inputs: { total: 3, done: 2 } });
    expect(report.inputs.refused).toMatchObject([
      { input: 'bomb.zst', reason: 'over-limit', offset: 0, bytes: bomb.length },
    ]);
    expect(report.records).toMatchObject({ read: 10, written: 10, quarantined: 0 });
    expect(report.skipped.blank).toBe(8_000_000);
    expect(report.bytes.read + report.bytes.refused).toBe(report.bytes.planned);
    expect((await winnow(['verify', 'out'], folder)).code).toBe(0);
  }));

test.each(['parts', 'mirror'])(
  '--max-input-decoded keeps the whole records before it, in the layout %s; the limit belongs to the spec',
  (layout) =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const text = lines(20_000);
      await writeFile(join(folder, 'in/x.gz'), gzipSync(text));
      const args = [...IO, '--layout', layout, '--max-input-decoded', '64KiB'];
      const { code, report } = await runReport(args, folder);
      expect(code).toBe(1);
      expect(report.inputs.refused).toMatchObject([{ input: 'x.gz', reason: 'over-limit' }]);
      const kept = text.slice(0, 64 * 1024).split('\n').length - 1;
      expect(report).toMatchObject({ balanced: true, records: { read: kept, written: kept } });
      const ids = (await readRows(join(folder, 'out'))).map((row) => Number(row['id']));
      expect(ids).toEqual(Array.from({ length: kept }, (_, id) => id));
      const other = await winnow(['run', ...IO, '--layout', layout], folder);
      expect(other.code).toBe(2);
    }),
);
