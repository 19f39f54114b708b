import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { QuarantineLine } from '@winnow/core';
import { askDuckDb } from './judge.ts';
import { kill, receiptsIn, untilThereAre, workersOf } from './killing.ts';
import { runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out'];
const good = (id: number): string => `${JSON.stringify({ id, text: `t${id}` })}\n`;

/** Six good records and four bad ones, in two inputs. */
async function archive(folder: string): Promise<void> {
  await mkdir(join(folder, 'in'));
  const plain = [good(0), '{"id":1,"text":"t1"\n', good(2), '\n', '{"id":3,,}\n', good(4)];
  await writeFile(join(folder, 'in/a.ndjson'), plain.join(''));
  await writeFile(join(folder, 'in/b.gz'), gzipSync(['no\n', good(5), good(6), good(7), '[8]\n'].join('')));
}

async function runRedrive(flags: readonly string[], folder: string) {
  const { code, stdout, stderr } = await winnow(['redrive', ...IO, ...flags, '--json'], folder);
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Record<string, unknown> };
}

/** What stands in quarantine of a generation. */
async function quarantine(folder: string, generation: string): Promise<QuarantineLine[]> {
  const runs = await readdir(join(folder, 'out/_winnow'));
  const run = join(folder, 'out/_winnow', runs.find((name) => name.startsWith(`${generation}-`)) ?? '-');
  const lines: QuarantineLine[] = [];
  for (const name of (await readdir(join(run, 'quarantine')).catch(() => [])).sort()) {
    const text = zstdDecompressSync(await readFile(join(run, 'quarantine', name))).toString();
    for (const line of text.trim().split('\n')) lines.push(JSON.parse(line) as QuarantineLine);
  }
  return lines;
}

/** A file that mends records, by what they were. */
const mending = (lines: readonly QuarantineLine[], raws: Record<string, string>): string =>
  lines
    .flatMap(({ input, offset, raw = '' }) =>
      raws[raw] === undefined ? [] : [{ input, offset, raw: raws[raw] }],
    )
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

/** Records and the sum of their ids, as a stranger reads them. */
const seen = async (folder: string): Promise<number[]> =>
  (await askDuckDb(join(folder, 'out'), 'SELECT count(*), sum(id) FROM output')).map(Number);

async function expectWhole(folder: string): Promise<void> {
  for (const run of (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d/.test(name)))
    expect(await winnow(['verify', 'out', '--run', run], folder)).toMatchObject({ code: 0 });
}

const printed = (text: RegExp) => ({ code: 0, stdout: expect.stringMatching(text) as unknown });

describe('winnow redrive', () => {
  test('takes mended records in; what stays bad stays in quarantine, and nothing is taken twice', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const run = await runReport([...IO, '--max-quarantined', '4'], folder);
      expect(run.report).toMatchObject({ records: { read: 10, written: 6, quarantined: 4 } });
      const first = await quarantine(folder, '0000');
      const raws = { '{"id":1,"text":"t1"': '{"id":1,"text":"t1"}', '[8]': '{"id":8}' };
      await writeFile(join(folder, 'mended.ndjson'), mending(first, raws));

      const again = await runRedrive(['--with', 'mended.ndjson', '--max-quarantined', '2'], folder);
      expect(again).toMatchObject({
        code: 0,
        report: {
          runId: expect.stringMatching(/^0001-/) as unknown,
          balanced: true,
          records: { read: 4, written: 2, quarantined: 2 },
        },
      });
      expect(await seen(folder)).toEqual([8, 0 + 2 + 4 + 5 + 6 + 7 + 1 + 8]);
      const left = await quarantine(folder, '0001');
      const facts = ({ input, offset, reason, raw, sha256 }: QuarantineLine) => ({
        ...{ input, offset, reason, raw, sha256 },
      });
      const stays = first.filter(({ raw }) => raw === '{"id":3,,}' || raw === 'no');
      expect(left.map(facts)).toEqual(stays.map(facts));
      expect(left.map((line) => line.first)).toEqual(
        stays.map(({ unit, lineInUnit }) => ({ runId: run.report.runId, unit, sub: 0, lineInUnit })),
      );
      await expectWhole(folder);

      // The rest, in a second one; what was taken by the first is not there any more.
      await writeFile(join(folder, 'rest'), mending(left, { '{"id":3,,}': '{"id":3}', no: '{"id":9}' }));
      const second = await runRedrive(['--with', 'rest'], folder);
      expect(second).toMatchObject({ code: 0, report: { records: { read: 2, written: 2, quarantined: 0 } } });
      expect(await seen(folder)).toEqual([10, 45]);
      await expectWhole(folder);
      expect(await winnow(['redrive', ...IO], folder)).toMatchObject(printed(/^nothing to redrive/));
      expect(await seen(folder)).toEqual([10, 45]);
    }));

  test('does all of them again under a mended schema', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const lines = ['{"id":1}\n', '{"id":"2"}\n', '{"id":3,"new":true}\n'];
      await writeFile(join(folder, 'in/a.ndjson'), lines.join(''));
      await writeFile(join(folder, 'narrow.yaml'), 'columns: {id: int64}');
      await writeFile(join(folder, 'wide.yaml'), 'columns: {id: json, new: boolean}');
      const strict = ['--drift', 'fail', '--schema'];
      const { code, report } = await runReport([...IO, ...strict, 'narrow.yaml'], folder);
      expect([code, report.records]).toMatchObject([1, { written: 1, quarantined: 2 }]);
      const again = await runRedrive([...strict, 'wide.yaml'], folder);
      expect(again).toMatchObject({ code: 0, report: { records: { read: 2, written: 2, quarantined: 0 } } });
      await expectWhole(folder);
    }));

  test('takes a record of an array as one, on however many lines it stands, and nothing where none stands', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const elements = ['{"id":\n 1}', '{"id":"2",\n\n "x":[\n]}', '{"id":\n{"id":5}\n}', '{"id":3\n,}'];
      // The array does not end: a bad record without a byte.
      await writeFile(join(folder, 'in/a.json'), `[${elements.join(',\n')}`);
      await writeFile(join(folder, 'in/b.json'), '[{"id":"a\nb"}]');
      await writeFile(join(folder, 'narrow.yaml'), 'columns: {id: int64}');
      await writeFile(join(folder, 'wide.yaml'), 'columns: {id: json, x: json}');
      const strict = ['--drift', 'fail', '--max-quarantined', '9', '--schema'];
      const { report } = await runReport([...IO, ...strict, 'narrow.yaml'], folder);
      expect(report.records).toMatchObject({ written: 1, quarantined: 6 });
      const first = await quarantine(folder, '0000');
      const again = await runRedrive([...strict, 'wide.yaml'], folder);
      expect(again.report['records']).toMatchObject({ read: 6, written: 2, quarantined: 4 });
      const kept = ({ offset, reason, raw, rawLength, sha256 }: QuarantineLine) => ({
        ...{ offset, reason, raw, rawLength, sha256 },
      });
      expect((await quarantine(folder, '0001')).map(kept)).toEqual(first.slice(2).map(kept));
      await expectWhole(folder);
    }));

  test('takes no document for a record that had none', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in/a.json'), '{"meta":1}\n{"records":[{"id":7}]}\n{"meta":2}');
      const settings = ['--records-path', 'records', '--max-quarantined', '2'];
      await runReport([...IO, ...settings], folder);
      const again = await runRedrive(settings, folder);
      expect(again.report['records']).toMatchObject({ read: 2, written: 0, quarantined: 2 });
      expect((await quarantine(folder, '0001')).map(({ raw }) => raw)).toEqual(['{"meta":1}', '{"meta":2}']);
    }));

  test('is a generation like any other: the same run command goes on after it', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const run = [...IO, '--max-quarantined', '9'];
      await runReport(run, folder);
      await runRedrive(['--max-quarantined', '9'], folder);
      expect(await winnow(['run', ...run], folder)).toMatchObject(printed(/^nothing to do/));
      await writeFile(join(folder, 'in/c.ndjson'), `${good(20)}bad\n`);
      expect(await runReport(run, folder)).toMatchObject({
        code: 0,
        report: { records: { read: 2 }, inputs: { total: 1 } },
      });
      // What the last redrive and the runs since have in quarantine.
      expect(await runRedrive(['--max-quarantined', '9'], folder)).toMatchObject({
        code: 0,
        report: { records: { read: 5, quarantined: 5 } },
      });
      await expectWhole(folder);
      expect(await seen(folder)).toEqual([7, 44]);
      const anew = await runReport([...run, '--resume=false'], folder);
      expect(anew).toMatchObject({ code: 0, report: { records: { read: 12 } } });
      expect(await seen(folder)).toEqual([7, 44]);
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
    }));

  test('keeps a record as it was of which not all bytes were kept, and takes it mended', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const long = `{"id":1,"text":"${'x'.repeat(2 << 20)}"`;
      await writeFile(join(folder, 'in/a.ndjson'), `${good(0)}${long}\n`);
      await runReport([...IO, '--max-quarantined', '1'], folder);
      const [was] = await quarantine(folder, '0000');
      expect(await runRedrive(['--max-quarantined', '1'], folder)).toMatchObject({
        code: 0,
        report: { records: { read: 1, written: 0, quarantined: 1 } },
      });
      expect((await readdir(join(folder, 'out'))).filter((name) => name.startsWith('part-0001'))).toEqual([]);
      const [is] = await quarantine(folder, '0001');
      expect(is).toEqual({ ...was, unit: 0, lineInUnit: 1, first: expect.anything() as unknown });
      const { input, offset } = was!;
      await writeFile(join(folder, 'm'), JSON.stringify({ input, offset, raw: `${long}}` }));
      const mended = await runRedrive(['--with', 'm'], folder);
      expect(mended).toMatchObject({ code: 0, report: { records: { written: 1 } } });
      expect(await seen(folder)).toEqual([2, 1]);
      await expectWhole(folder);
    }));

  test('refuses what is cut of a quarantine object, and nothing of the others whatever the limits', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const bad = (n: number): string => `{"id":${n},"text":"${'x'.repeat(200)}",}\n`;
      for (const name of ['a', 'b'])
        await writeFile(
          join(folder, `in/${name}.ndjson`),
          good(0) + Array.from({ length: 300 }, (_, n) => bad(n)).join(''),
        );
      const limits = ['--max-quarantined', '600', '--max-input-decoded', '64KiB'];
      const { report } = await runReport([...IO, ...limits, '--unit-size', '64KiB'], folder);
      expect(report.records.quarantined).toBe(600);
      const objects = join(folder, 'out/_winnow', report.runId, 'quarantine');
      const [first = ''] = (await readdir(objects)).sort();
      const bytes = await readFile(join(objects, first));
      await writeFile(join(objects, first), bytes.subarray(0, bytes.length - 5));
      const again = await runRedrive(limits, folder);
      expect([again.code, again.report['inputs']]).toMatchObject([
        1,
        { refused: [{ input: `_winnow/${report.runId}/quarantine/${first}`, reason: 'truncated' }] },
      ]);
    }));

  test('killed anywhere, the same command ends in the same records', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const lines = Array.from({ length: 40_000 }, (_, i) => (i % 2 === 0 ? good(i) : `{"id":${i},}\n`));
      for (let n = 0; n < 8; n++)
        await writeFile(join(folder, `in/${n}.ndjson`), lines.slice(n * 5000, (n + 1) * 5000).join(''));
      const settings = ['--max-quarantined', '20000', '--unit-size', '64KiB'];
      await runReport([...IO, ...settings], folder);
      const first = await quarantine(folder, '0000');
      expect(first).toHaveLength(20_000);
      const mended = first.map(({ input, offset, raw = '' }) => ({
        ...{ input, offset },
        raw: raw.replace(',}', '}'),
      }));
      await writeFile(join(folder, 'm'), mended.map((line) => `${JSON.stringify(line)}\n`).join(''));
      const command = ['redrive', 'out', ...settings, '--with', 'm', '--concurrency', '1'];
      let killed = 0;
      for (let round = 0; round < 4; round++) {
        const running = startWinnow(command, folder);
        let ended = false;
        void running.ended.then(() => (ended = true));
        const before = await receiptsIn(folder, 1);
        await untilThereAre(async () => ended || (await receiptsIn(folder, 1)) > before);
        running.child.kill('SIGKILL');
        for (const pid of await workersOf(folder)) kill(pid);
        if ((await running.ended).signal === 'SIGKILL') killed++;
      }
      expect(killed).toBeGreaterThan(0);
      await winnow(command, folder);
      expect(await seen(folder)).toEqual([40_000, (40_000 * 39_999) / 2]);
      await expectWhole(folder);
    }));
});

describe('winnow redrive refuses, and takes nothing:', () => {
  async function expectRefused(flags: readonly string[], message: RegExp, mended = ''): Promise<void> {
    await withFolder(async (folder) => {
      await archive(folder);
      await runReport([...IO, '--max-quarantined', '9'], folder);
      await writeFile(join(folder, 'm'), mended);
      const refused = await winnow(['redrive', ...IO, ...flags], folder);
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toMatch(message);
      expect(await readdir(join(folder, 'out/_winnow/generations'))).toEqual(['0.json']);
    });
  }

  test.each<[string, string, RegExp]>([
    ['no JSON', '{"input":', /^winnow: m, line 1: is not JSON/],
    ['no record', '{"input":"a.ndjson","offset":19}\n', /^winnow: m, line 1: has a wrong raw/],
    [
      'two records',
      '\n{"input":"a.ndjson","offset":19,"raw":"{}\\n{}"}\n',
      /^winnow: m, line 2: raw must be one record on one line/,
    ],
    [
      'one twice',
      '{"input":"a","offset":1,"raw":"{}"}\n'.repeat(2),
      /^winnow: m, line 2: the record of a at 1 stands in the file twice/,
    ],
    [
      'what nobody quarantined',
      '{"input":"a.ndjson","offset":7,"raw":"{}"}',
      /^winnow: m: the record of a\.ndjson at 7 is not in quarantine: take input and offset/,
    ],
  ])('a file with %s', (_title, text, message) => expectRefused(['--with', 'm'], message, text));

  test.each<[string[], RegExp]>([
    [['--format', 'csv'], /^winnow: a redrive must write what the output holds, format parquet, got csv/],
    [['--layout', 'mirror'], /^winnow: a redrive must write what the output holds, layout parts, got mirror/],
    [['--with', 'none'], /^winnow: --with must name a file of mended records, none cannot be read/],
  ])('%j', (flags, message) => expectRefused(flags, message));

  test('an output without a run, and one that is not finished', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const none = await winnow(['redrive', ...IO], folder);
      expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('holds no run')]);
      await writeFile(
        join(folder, 'in/c.ndjson'),
        Array.from({ length: 60_000 }, (_, i) => good(i)).join(''),
      );
      const running = startWinnow(['run', ...IO, '--unit-size', '64KiB', '--concurrency', '1'], folder);
      await untilThereAre(async () => (await receiptsIn(folder)) >= 1);
      running.child.kill('SIGTERM');
      await running.ended;
      const unfinished = await winnow(['redrive', ...IO], folder);
      expect([unfinished.code, unfinished.stderr]).toEqual([2, expect.stringContaining('is not finished')]);
    }));
});
