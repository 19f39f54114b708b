import { appendFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { askDuckDb } from './judge.ts';
import { kill, receiptsIn, untilThereAre, workersOf } from './killing.ts';
import { partHashes, runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out'];
const ANEW = [...IO, '--unit-size', '64KiB', '--resume=false'];

/** `n` records with an id from `first` on. */
const lines = (n: number, first: number): string =>
  Array.from({ length: n }, (_, i) => `${JSON.stringify({ id: first + i, text: `t${first + i}` })}\n`).join(
    '',
  );

async function archive(folder: string, records: number): Promise<void> {
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in/a.ndjson'), lines(records, 0));
  await writeFile(join(folder, 'in/b.ndjson'), lines(100, records));
}

/** Records and the sum of their ids, as a stranger reads them. */
const seen = async (folder: string): Promise<number[]> =>
  (await askDuckDb(join(folder, 'out'), 'SELECT count(*), sum(id) FROM output')).map(Number);
const sumTo = (n: number): number => (n * (n - 1)) / 2;

describe('--resume=false', () => {
  test('does all inputs anew, also under another spec, and takes the place of what was there', () =>
    withFolder(async (folder) => {
      await archive(folder, 1000);
      await runReport(IO, folder);
      await writeFile(join(folder, 'in/b.ndjson'), lines(200, 1000));
      const changed = await winnow(['run', ...IO], folder);
      expect(changed.code).toBe(1);
      expect(changed.stdout).toContain('b.ndjson');
      expect(changed.stdout).toContain('--resume=false');
      const { code, report } = await runReport(ANEW, folder);
      expect(code).toBe(0);
      expect(report).toMatchObject({ state: 'succeeded', records: { written: 1200 }, inputs: { total: 2 } });
      expect(report.runId).toMatch(/^0001-/);
      expect(await seen(folder)).toEqual([1200, sumTo(1200)]);
      const names = Object.keys(await partHashes(join(folder, 'out')));
      expect(names.every((name) => name.startsWith(`part-${report.runId}-`))).toBe(true);
      expect(report.parts.every(({ uri }) => existsSync(uri))).toBe(true);
      expect(await readdir(join(folder, 'out/_winnow', report.runId, 'parts'))).toEqual([]);
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
      const old = await winnow(
        [
          'verify',
          'out',
          '--run',
          (await readdir(join(folder, 'out/_winnow'))).find((name) => name.startsWith('0000-'))!,
        ],
        folder,
      );
      expect(old.code).toBe(1);
      expect(old.stdout).toContain(`run ${report.runId} took its place`);
      expect(await winnow(['run', ...IO, '--unit-size', '64KiB'], folder)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^nothing to do/) as unknown,
      });
    }));

  test('killed again and again: the old output stays whole until the new one is', () =>
    withFolder(async (folder) => {
      await archive(folder, 60_000);
      await runReport(IO, folder);
      const before = await partHashes(join(folder, 'out'));
      await appendFile(join(folder, 'in/b.ndjson'), lines(100, 60_100));
      let killed = 0;
      for (let round = 0; round < 4; round++) {
        const running = startWinnow(['run', ...ANEW], folder);
        let ended = false;
        void running.ended.then(() => (ended = true));
        const done = await receiptsIn(folder, 1);
        await untilThereAre(async () => ended || (await receiptsIn(folder, 1)) >= done + 2);
        running.child.kill('SIGKILL');
        for (const pid of await workersOf(folder)) kill(pid);
        if ((await running.ended).signal === 'SIGKILL') killed++;
        const hashes = await partHashes(join(folder, 'out'));
        if (existsSync(join(folder, 'out/_SUCCESS'))) expect(hashes).toEqual(before);
      }
      expect(killed).toBeGreaterThan(1);
      const { code, report } = await runReport(ANEW, folder);
      expect(code).toBe(0);
      expect(report.runId).toMatch(/^0001-/);
      expect(await seen(folder)).toEqual([60_200, sumTo(60_200)]);
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
    }));

  test('gives up a run that was not finished', () =>
    withFolder(async (folder) => {
      await archive(folder, 60_000);
      const running = startWinnow(['run', ...IO, '--unit-size', '64KiB', '--concurrency', '1'], folder);
      await untilThereAre(async () => (await receiptsIn(folder)) >= 2);
      running.child.kill('SIGTERM');
      await running.ended;
      const other = await winnow(['run', ...IO], folder);
      expect(other.code).toBe(2);
      expect(other.stderr).toContain('give it up with --resume=false');
      const { code, report } = await runReport([...IO, '--resume=false'], folder);
      expect(code).toBe(0);
      expect(report.runId).toMatch(/^0001-/);
      expect(await seen(folder)).toEqual([60_100, sumTo(60_100)]);
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
    }));
});

describe('--append', () => {
  test('adds what another source has, and of the same source what is new', () =>
    withFolder(async (folder) => {
      await archive(folder, 1000);
      await runReport(IO, folder);
      await mkdir(join(folder, 'more'));
      await writeFile(join(folder, 'more/a.ndjson'), lines(10, 1100));
      const more = ['--source', 'more', '--output', 'out'];
      const refused = await winnow(['run', ...more], folder);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain('--append adds to it');
      expect(await runReport([...more, '--append'], folder)).toMatchObject({
        code: 0,
        report: { records: { written: 10 } },
      });
      // Under another spec, too, what the output has of a source is not done again.
      const finer = [...IO, '--unit-size', '64KiB', '--append'];
      expect(await winnow(['run', ...finer], folder)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^nothing to do/) as unknown,
      });
      await writeFile(join(folder, 'in/c.ndjson'), lines(10, 1110));
      const { code, report } = await runReport(finer, folder);
      expect(code).toBe(0);
      expect(report).toMatchObject({ records: { written: 10 }, inputs: { total: 1 } });
      expect(report.runId).toMatch(/^0002-/);
      expect(await seen(folder)).toEqual([1120, sumTo(1120)]);
      for (const run of (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d/.test(name)))
        expect(await winnow(['verify', 'out', '--run', run], folder)).toMatchObject({ code: 0 });
      await rm(join(folder, 'in/c.ndjson'));
      expect(await winnow(['run', ...finer], folder)).toMatchObject({ code: 0 });
    }));

  test.each<[string[], RegExp]>([
    [['--append', '--resume=false'], /^winnow: --append must be left out where .* \(--resume=false\)/],
    [
      ['--append', '--layout', 'mirror'],
      /^winnow: --append is for the layout parts, this one is mirror: .*--resume=false does all of it anew/,
    ],
  ])('refuses %j', (flags, line) =>
    withFolder(async (folder) => {
      await archive(folder, 10);
      const refused = await winnow(['run', ...IO, ...flags], folder);
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toMatch(line);
      expect(existsSync(join(folder, 'out'))).toBe(false);
    }),
  );
});

test('run.json tells of both, and of neither where there is nothing to tell', () =>
  withFolder(async (folder) => {
    await archive(folder, 10);
    const read = async (generation: string): Promise<Record<string, unknown>> => {
      const name = (await readdir(join(folder, 'out/_winnow'))).find((found) => found.startsWith(generation));
      const text = await readFile(join(folder, 'out/_winnow', name ?? '-', 'run.json'), 'utf8');
      return JSON.parse(text) as Record<string, unknown>;
    };
    await runReport(IO, folder);
    expect(await read('0000')).not.toHaveProperty('follows');
    await runReport([...IO, '--resume=false'], folder);
    expect(await read('0001')).toMatchObject({ replaces: true, follows: null });
    await mkdir(join(folder, 'more'));
    await writeFile(join(folder, 'more/x.ndjson'), lines(1, 0));
    await runReport(['--source', 'more', '--output', 'out', '--append'], folder);
    expect(await read('0002')).toMatchObject({ follows: null });
    expect(await read('0002')).not.toHaveProperty('replaces');
    await writeFile(join(folder, 'in/c.ndjson'), lines(1, 0));
    await runReport([...IO, '--append'], folder);
    const { runId } = await read('0001');
    expect(await read('0003')).toMatchObject({ follows: runId });
  }));
