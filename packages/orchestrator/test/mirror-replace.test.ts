import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { kill, receiptsIn, untilThereAre, workersOf } from './killing.ts';
import { lines, outputs, put } from './tree.ts';
import { runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const RUN = ['--source', 'in', '--output', 'out', '--layout', 'mirror'];
const ANEW = [...RUN, '--resume=false'];
const AS_NDJSON = ['--format', 'ndjson'];

const namesIn = async (folder: string, output = 'out'): Promise<string[]> =>
  Object.keys(await outputs(folder, output));

/** What the same command makes in an output that holds nothing. */
async function freshOutputs(folder: string, flags: readonly string[]): Promise<Record<string, string>> {
  await rm(join(folder, 'fresh'), { recursive: true, force: true });
  const command = ['--source', 'in', '--output', 'fresh', '--layout', 'mirror', ...flags];
  expect(await runReport(command, folder)).toMatchObject({ code: 0 });
  return outputs(folder, 'fresh');
}

const expectWhole = async (folder: string): Promise<void> =>
  expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0, stderr: '' });

describe('--resume=false in the layout mirror', () => {
  test('ends in what a fresh output would hold: other spec, other names, inputs that are gone', () =>
    withFolder(async (folder) => {
      await put(folder, { 'a.ndjson': lines(3), 'd/b.ndjson': lines(3, 10), 'd/c.ndjson': lines(3, 20) });
      await runReport(RUN, folder);
      await put(folder, { 'd/b.csv.ndjson': lines(2, 50) });
      await runReport(RUN, folder);

      // Gone, changed, of another name that clashes no more, under another schema.
      for (const gone of ['a.ndjson', 'd/c.ndjson']) await rm(join(folder, 'in', gone));
      await put(folder, { 'a.json': lines(4), 'd/b.ndjson': lines(5, 10), 'new.ndjson': lines(1) });
      const text = ['--drift', 'drop', '--codec', 'snappy'];
      const { code, report } = await runReport([...ANEW, ...text], folder);
      expect(code).toBe(0);
      expect(report).toMatchObject({ state: 'succeeded', inputs: { total: 4, done: 4 }, problems: [] });
      expect(report.runId).toMatch(/^0002-/);
      const after = await outputs(folder);
      expect(after).toEqual(await freshOutputs(folder, text));
      expect(Object.keys(after)).toEqual(['a.parquet', 'd/b.csv.parquet', 'd/b.parquet', 'new.parquet']);
      await expectWhole(folder);

      expect(await runReport([...ANEW, ...AS_NDJSON], folder)).toMatchObject({ code: 0 });
      expect(await outputs(folder)).toEqual(await freshOutputs(folder, AS_NDJSON));
      await expectWhole(folder);
      const again = await winnow(['run', ...RUN, ...AS_NDJSON], folder);
      expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^nothing to do/) as unknown });

      // From here on it goes on as ever.
      await put(folder, { 'new.ndjson': lines(2), 'newer.ndjson': lines(1) });
      expect(await runReport([...RUN, ...AS_NDJSON], folder)).toMatchObject({
        code: 0,
        report: { inputs: { total: 2, done: 2 } },
      });
      expect(await outputs(folder)).toEqual(await freshOutputs(folder, AS_NDJSON));
      await expectWhole(folder);
    }));

  test("a user's own file stays, also under the name of an output that goes", () =>
    withFolder(async (folder) => {
      await put(folder, { 'a.ndjson': lines(3), 'b.ndjson': lines(3, 10) });
      await runReport(RUN, folder);
      await writeFile(join(folder, 'out/mine.parquet'), 'mine');
      await writeFile(join(folder, 'out/b.parquet'), 'mine too');
      await rm(join(folder, 'in/b.ndjson'));
      const { code, report } = await runReport(ANEW, folder);
      expect(code).toBe(0);
      expect(report.problems.join('\n')).toContain('b.parquet: stays');
      expect(await namesIn(folder)).toEqual(['a.parquet', 'b.parquet', 'mine.parquet']);
      expect(await readFile(join(folder, 'out/b.parquet'), 'utf8')).toBe('mine too');
      const found = await winnow(['verify', 'out'], folder);
      expect(found.code).toBe(1);
      expect(found.stdout).toContain('b.parquet: is left of run 0000-');
      await rm(join(folder, 'out/b.parquet'));
      await expectWhole(folder);
    }));

  test('killed again and again, under other names: the old outputs stay until all of the new are there', () =>
    withFolder(async (folder) => {
      const inputs = Array.from({ length: 24 }, (_, n): [string, string] => [
        `${n % 5}/${n}.ndjson`,
        lines(1500, n),
      ]);
      await put(folder, Object.fromEntries(inputs));
      const small = ['--unit-size', '64KiB'];
      await runReport([...RUN, ...small], folder);
      const before = await outputs(folder);
      await rm(join(folder, 'in/0/0.ndjson'));
      const command = ['run', ...ANEW, ...small, ...AS_NDJSON];
      let killed = 0;
      for (let round = 0; round < 4; round++) {
        const running = startWinnow(command, folder);
        let ended = false;
        void running.ended.then(() => (ended = true));
        const done = await receiptsIn(folder, 1);
        await untilThereAre(async () => ended || (await receiptsIn(folder, 1)) >= done + 2);
        running.child.kill('SIGKILL');
        for (const pid of await workersOf(folder)) kill(pid);
        if ((await running.ended).signal !== 'SIGKILL') continue;
        killed++;
        if ((await receiptsIn(folder, 1)) < 20) expect(await outputs(folder)).toMatchObject(before);
      }
      expect(killed).toBeGreaterThan(1);
      const { code, report } = await runReport(command.slice(1), folder);
      expect(code).toBe(0);
      expect(report.runId).toMatch(/^000[1-3]-/);
      expect(await outputs(folder)).toEqual(await freshOutputs(folder, [...small, ...AS_NDJSON]));
      await expectWhole(folder);
    }));

  test('gives up a run whose processes were killed, and replaces whatever they left', () =>
    withFolder(async (folder) => {
      const inputs = Array.from({ length: 12 }, (_, n): [string, string] => [`${n}.ndjson`, lines(3000, n)]);
      await put(folder, Object.fromEntries(inputs));
      const small = ['--unit-size', '64KiB'];
      const running = startWinnow(['run', ...RUN, ...small, '--concurrency', '2'], folder);
      await untilThereAre(async () => (await receiptsIn(folder)) >= 2);
      running.child.kill('SIGKILL');
      for (const pid of await workersOf(folder)) kill(pid);
      await running.ended;
      // As an attempt leaves it that is killed before its receipt: under the name of an output that was not written yet.
      const written = await outputs(folder);
      const next = inputs
        .map(([name]) => name.replace('ndjson', 'parquet'))
        .find((name) => !(name in written));
      await writeFile(join(folder, 'out', next ?? 'all were written'), 'left behind');
      const snappy = [...small, '--codec', 'snappy'];
      const other = await winnow(['run', ...RUN, ...snappy], folder);
      expect(other.code).toBe(2);
      expect(other.stderr).toContain('give it up with --resume=false');
      expect(await runReport([...ANEW, ...snappy], folder)).toMatchObject({
        code: 0,
        report: { state: 'succeeded', balanced: true, inputs: { total: 12, done: 12 } },
      });
      expect(await outputs(folder)).toEqual(await freshOutputs(folder, snappy));
      await expectWhole(folder);
    }));
});
