import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { askDuckDb } from './judge.ts';
import { runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out'];
const RUN = [...IO, '--unit-size', '64KiB', '--shard-units', '1', '--max-quarantined', '1000'];
const GC = ['gc', 'out', '--delete', '--older-than', '0s'];
/** What goes, of these kinds there is more than one. */
const MANY = ['receipts', 'attempts', 'logs'];
const FILES = 120;
const RECORDS = 40;

/** Every input is a unit of its own, with one bad record. */
async function archive(folder: string, files: number): Promise<void> {
  await mkdir(join(folder, 'in'));
  for (let file = 0; file < files; file++) {
    const good = Array.from(
      { length: RECORDS },
      (_, n) => `{"id":${file * RECORDS + n},"text":"${'x'.repeat(1000)}"}\n`,
    );
    await writeFile(join(folder, `in/${String(file).padStart(3, '0')}`), `${good.join('')}{"id":"bad"\n`);
  }
}

/** Objects of a run directory by folder, those at its top by name. */
const objectsIn = async (root: string): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

/** Looked at without a pause in between: what a kill comes into is over in milliseconds. */
function working(root: string): number {
  const count = (folder: string): number =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length
      : 0;
  return MANY.reduce((sum, kind) => sum + count(join(root, kind)), 0);
}

/** Starts `winnow gc` and kills it as soon as it is time. False where it ended before. */
async function killedWhen(folder: string, isTime: () => boolean): Promise<boolean> {
  const { child, ended } = startWinnow(GC, folder);
  while (child.exitCode === null && !isTime()) await setImmediate();
  child.kill('SIGKILL');
  return (await ended).signal === 'SIGKILL';
}

test('gc killed anywhere ends in the same when it is done again, and all works in between', () =>
  withFolder(async (folder) => {
    await archive(folder, FILES);
    const { report } = await runReport(RUN, folder);
    expect(report.records).toMatchObject({ written: FILES * RECORDS, quarantined: FILES });
    const root = join(folder, 'out/_winnow', report.runId);
    const twin = join(folder, 'twin');
    await mkdir(twin);
    await cp(join(folder, 'out'), join(twin, 'out'), { recursive: true });
    expect(await winnow(GC, twin)).toMatchObject({ code: 0 });
    const [all, left] = [await objectsIn(root), await objectsIn(join(twin, 'out/_winnow', report.runId))];
    expect(all.length - left.length).toBeGreaterThan(300);

    const most = working(root);
    await cp(root, join(folder, 'whole'), { recursive: true });
    let middles = 0;
    for (let round = 0; ; round++) {
      const before = working(root);
      // The first ones as soon as anything of it shows; then a few objects later each.
      const isTime = (): boolean =>
        [
          () => existsSync(join(root, 'line-bases.ndjson')),
          () => existsSync(join(root, 'gc.json')),
          () => working(root) < before,
        ][round]?.() ?? working(root) <= before - 5 * round;
      if (!(await killedWhen(folder, isTime))) {
        if (middles > 0) break;
        // It was done before it could be killed among its removals.
        await rm(root, { recursive: true });
        await cp(join(folder, 'whole'), root, { recursive: true });
        continue;
      }
      if (working(root) > 0 && working(root) < most) middles++;
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
      expect((await winnow(['run', ...RUN], folder)).stdout).toMatch(/^nothing to do/);
      const status = JSON.parse((await winnow(['status', 'out', '--json'], folder)).stdout) as unknown;
      expect(status).toMatchObject({ state: 'succeeded', units: { total: FILES, committed: FILES } });
    }
    expect(await winnow(GC, folder)).toMatchObject({ code: 0 });
    expect(await objectsIn(root)).toEqual(left);
    for (const name of left.filter((name) => name !== 'gc.json' && !/^report\./.test(name)))
      expect(
        (await readFile(join(root, name))).equals(
          await readFile(join(twin, 'out/_winnow', report.runId, name)),
        ),
      ).toBe(true);
    expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
    await expectGoesOn(folder, FILES);
  }));

test('a redrive and the next run go on behind a gc that was killed in the middle', () =>
  withFolder(async (folder) => {
    await archive(folder, 40);
    const { report } = await runReport(RUN, folder);
    const root = join(folder, 'out/_winnow', report.runId);
    const before = working(root);
    await cp(root, join(folder, 'whole'), { recursive: true });
    while (!(await killedWhen(folder, () => working(root) <= before - 20))) {
      await rm(root, { recursive: true });
      await cp(join(folder, 'whole'), root, { recursive: true });
    }
    expect(working(root)).toBeLessThan(before);
    await expectGoesOn(folder, 40);
    expect(await winnow(GC, folder)).toMatchObject({ code: 0 });
    for (const run of (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d/.test(name)))
      expect([
        working(join(folder, 'out/_winnow', run)),
        await winnow(['verify', 'out', '--run', run], folder),
      ]).toMatchObject([0, { code: 0 }]);
  }));

/** Takes what is in quarantine, mended, and a new input. */
async function expectGoesOn(folder: string, files: number): Promise<void> {
  const { stdout } = await winnow(['inspect', 'quarantine', 'out', '--json'], folder);
  const bad = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { input: string; line: number });
  expect(bad.map(({ line }) => line)).toEqual(Array.from({ length: files }, () => RECORDS + 1));
  const mended = bad.map((record) => JSON.stringify({ ...record, raw: '{"id":-1}' }));
  await writeFile(join(folder, 'm'), mended.join('\n'));
  expect(await winnow(['redrive', ...RUN, '--with', 'm'], folder)).toMatchObject({ code: 0 });
  await writeFile(join(folder, 'in/new'), '{"id":-1000}\n');
  expect(await runReport(RUN, folder)).toMatchObject({
    code: 0,
    report: { records: { read: 1, written: 1 } },
  });
  const records = files * RECORDS;
  const seen = await askDuckDb(join(folder, 'out'), 'SELECT count(*), sum(id) FROM output');
  expect(seen.map(Number)).toEqual([records + files + 1, (records * (records - 1)) / 2 - files - 1000]);
}
