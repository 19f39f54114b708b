import { appendFile, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Report } from '@winnow/core';
import { askDuckDb } from './judge.ts';
import { kill, receiptsIn, untilThereAre, workersOf } from './killing.ts';
import { runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out'];
/** What is kept of a record has 1 MiB: these have more, and are too long for the first run. */
const NARROW = ['--max-record-bytes', '1MiB', '--unit-size', '64KiB', '--max-quarantined', '99'];
const WIDE = ['--max-record-bytes', '64MiB'];

/** Bytes that no two places of the archive share. */
const record = (id: number, bytes: number): string => {
  const text = `é${id}-`.repeat(Math.ceil(bytes / `é${id}-`.length));
  return JSON.stringify({ id, text, ...(bytes > 1 << 20 ? { long: true } : {}) });
};

/** Six records, three of them long. */
const records = (first: number): string[] =>
  [9, 3_000_000, 300, 1_100_000, 70_000, 2_000_000].map((bytes, index) => record(first + index, bytes));
const lines = (first: number): string =>
  records(first)
    .map((line) => `${line}\n`)
    .join('');

const halves = (text: string, pack: (half: string) => Buffer): Buffer => {
  const middle = Math.floor(text.length / 2);
  return Buffer.concat([pack(text.slice(0, middle)), pack(text.slice(middle))]);
};

/** Plain and cut into ranges, gzip of two members, zstd of two frames, an array of records on several lines. */
async function archive(folder: string): Promise<void> {
  await mkdir(join(folder, 'in'));
  const array = records(400).map((line) => JSON.stringify(JSON.parse(line), null, 1));
  const files = {
    'a.ndjson': lines(100),
    'b.gz': halves(lines(200), (half) => gzipSync(half)),
    'c.zst': halves(lines(300), (half) => zstdCompressSync(half)),
    'd.json': `\ufeff[\n${array.join(',\n')}\n]\n`,
  };
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, 'in', name), bytes);
}

const EVERYTHING = `SELECT count(*), sum(id), md5(string_agg(id || md5(text), ' ' ORDER BY id)) FROM output`;
const seen = async (folder: string, output = 'out'): Promise<string> =>
  String(await askDuckDb(join(folder, output), EVERYTHING));

async function runRedrive(folder: string, flags: readonly string[] = WIDE) {
  const { code, stdout, stderr } = await winnow(['redrive', ...IO, ...flags, '--json'], folder);
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Report };
}

interface Waiting {
  readonly input: string;
  readonly line?: number;
  readonly reason: string;
  readonly unread?: string;
  readonly sha256: string;
}

async function waiting(folder: string): Promise<Waiting[]> {
  const { stdout } = await winnow(['inspect', 'quarantine', 'out', '--json'], folder);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Waiting);
}

async function expectWhole(folder: string): Promise<void> {
  for (const run of (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d/.test(name)))
    expect(await winnow(['verify', 'out', '--run', run], folder)).toMatchObject({ code: 0 });
}

describe('records longer than what is kept of them', () => {
  test('are read again from their inputs, however packed and cut, once', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const first = await runReport([...IO, ...NARROW], folder);
      expect(first.report).toMatchObject({ records: { read: 24, written: 12, quarantined: 12 } });
      // One that stays too long is none that is to be read.
      const again = await runRedrive(folder, ['--max-record-bytes', '2.5MiB', '--max-quarantined', '4']);
      expect(again).toMatchObject({
        code: 0,
        report: {
          balanced: true,
          records: { read: 12, written: 8, quarantined: 4 },
          quarantine: [{ reason: 'record-too-long', records: 4 }],
        },
      });
      expect((await waiting(folder)).every(({ unread }) => unread === undefined)).toBe(true);
      const rest = await runRedrive(folder);
      expect(rest).toMatchObject({ code: 0, report: { records: { read: 4, written: 4, quarantined: 0 } } });
      await runReport(['--source', 'in', '--output', 'undisturbed', ...WIDE], folder);
      expect(await seen(folder)).toBe(await seen(folder, 'undisturbed'));
      expect((await winnow(['redrive', ...IO, ...WIDE], folder)).stdout).toMatch(/^nothing to redrive/);
      await expectWhole(folder);
    }));

  test('are taken in under a mended schema, also once winnow gc has cleared the run', () =>
    withFolder(async (folder) => {
      await archive(folder);
      await writeFile(join(folder, 'narrow.yaml'), 'columns: {id: int64, text: text}');
      await writeFile(join(folder, 'wide.yaml'), 'columns: {id: int64, text: text, long: boolean}');
      const strict = ['--drift', 'fail', '--schema'];
      const first = await runReport([...IO, '--max-quarantined', '99', ...strict, 'narrow.yaml'], folder);
      expect(first.report.quarantine).toEqual([{ reason: 'drift', records: 12 }]);
      await winnow(['gc', 'out', '--delete', '--older-than', '0s'], folder);
      const again = await runRedrive(folder, [...strict, 'wide.yaml']);
      expect(again).toMatchObject({
        code: 0,
        report: { records: { read: 12, written: 12, quarantined: 0 } },
      });
      await runReport(['--source', 'in', '--output', 'undisturbed', ...strict, 'wide.yaml'], folder);
      expect(await seen(folder)).toBe(await seen(folder, 'undisturbed'));
      await expectWhole(folder);
    }));

  const CHANGES: [string, string, (path: string) => Promise<void>][] = [
    ['vanished', 'vanished', (path) => rm(path)],
    ['grew', 'changed', (path) => appendFile(path, '\n')],
    [
      'was written anew',
      'changed',
      async (path) => {
        await writeFile(path, await readFile(path));
        await utimes(path, 1, 1);
      },
    ],
  ];
  test.each(CHANGES)(
    'stay in quarantine while their input %s, and are taken once it is back',
    (_, reason, change) =>
      withFolder(async (folder) => {
        await archive(folder);
        await runReport([...IO, ...NARROW], folder);
        const before = await waiting(folder);
        const kept = join(folder, 'kept');
        for (const name of ['a.ndjson', 'b.gz']) {
          const path = join(folder, 'in', name);
          await rename(path, kept);
          await writeFile(path, await readFile(kept));
          const { atime, mtime } = await stat(kept);
          await utimes(path, atime, mtime);
          await change(path);
          await rename(kept, join(folder, `kept-${name}`));
        }
        const again = await runRedrive(folder, [...WIDE, '--max-quarantined', '6']);
        const detail = expect.stringMatching(
          /^records of run 0000-\w+ that are longer than what is kept of them stay in/,
        );
        expect(again).toMatchObject({
          code: 1,
          report: {
            state: 'partial',
            balanced: true,
            records: { read: 12, written: 6, quarantined: 6 },
            inputs: {
              refused: ['a.ndjson', 'b.gz'].map((input) => ({ input, reason, offset: 0, bytes: 0, detail })),
            },
          },
        });
        const stay = before
          .filter(({ input }) => input < 'c')
          .map((line) => ({ ...line, run: again.report.runId }));
        expect(await waiting(folder)).toEqual(stay.map((line) => ({ ...line, unread: reason })));
        const shown = await winnow(['inspect', 'quarantine', 'out'], folder);
        expect(shown.stdout).toContain(`at most 1048576 are allowed; not read again: ${reason}\n`);
        await expectWhole(folder);
        for (const name of ['a.ndjson', 'b.gz'])
          await rename(join(folder, `kept-${name}`), join(folder, 'in', name));
        const rest = await runRedrive(folder);
        expect(rest).toMatchObject({ code: 0, report: { records: { read: 6, written: 6, quarantined: 0 } } });
        await runReport(['--source', 'in', '--output', 'undisturbed', ...WIDE], folder);
        expect(await seen(folder)).toBe(await seen(folder, 'undisturbed'));
        await expectWhole(folder);
      }),
  );

  test('stay in quarantine where other bytes stand although the input looks as it was', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const path = join(folder, 'in/a.ndjson');
      // A time that can be set again to the nanosecond.
      await utimes(path, 1_000_000, 1_000_000);
      await runReport([...IO, ...NARROW], folder);
      const bytes = await readFile(path);
      // In the second of its three long records.
      bytes.write('#', Buffer.byteLength(records(100).slice(0, 4).join('\n')) - 20);
      await writeFile(path, bytes);
      await utimes(path, 1_000_000, 1_000_000);
      const again = await runRedrive(folder, [...WIDE, '--max-quarantined', '1']);
      expect(again).toMatchObject({ code: 0, report: { records: { written: 11, quarantined: 1 } } });
      expect(await waiting(folder)).toMatchObject([{ input: 'a.ndjson', line: 4, unread: 'other-bytes' }]);
      await expectWhole(folder);
    }));

  test('killed anywhere, the same command ends in the same records', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      for (let n = 0; n < 8; n++)
        await writeFile(join(folder, `in/${n}`), n % 2 === 0 ? gzipSync(lines(100 * n)) : lines(100 * n));
      await runReport([...IO, ...NARROW], folder);
      // Units of a few records: their quarantine objects have more than 64 KiB each.
      const command = ['redrive', ...IO, ...WIDE, '--unit-size', '64KiB', '--concurrency', '1'];
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
      await runReport(['--source', 'in', '--output', 'undisturbed', ...WIDE], folder);
      expect(await seen(folder)).toBe(await seen(folder, 'undisturbed'));
      expect((await winnow(['redrive', ...IO, ...WIDE], folder)).stdout).toMatch(/^nothing to redrive/);
      await expectWhole(folder);
    }));
});
