import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { kill, receiptsIn, untilThereAre, workersOf } from './killing.ts';
import { lines, outputs, put } from './tree.ts';
import { runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const RUN = ['--source', 'in', '--output', 'out', '--layout', 'mirror'];

async function idsIn(folder: string, name: string): Promise<number[]> {
  const file = await asyncBufferFromFile(join(folder, 'out', name));
  return (await parquetReadObjects({ file, compressors })).map((row) => Number(row['id']));
}

const TREE = {
  'a.ndjson': lines(3),
  'deep/b.ndjson.gz': gzipSync(lines(3, 10)),
  'deep/er/c.jsonl.zst': zstdCompressSync(lines(3, 20)),
  'deep/twin.json': lines(1, 30),
  'deep/twin.jsonl': lines(1, 40),
  'empty.ndjson': '',
  'large.ndjson': lines(5000, 1000),
};
const NAMES = [
  'a.parquet',
  'deep/b.parquet',
  'deep/er/c.parquet',
  'deep/twin.json.parquet',
  'deep/twin.jsonl.parquet',
  'empty.parquet',
  'large.parquet',
];

/** Proves the runs of the output, the latest first. */
async function expectWhole(folder: string, generations: number): Promise<void> {
  const runs = (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d{4}-/.test(name));
  expect(runs).toHaveLength(generations);
  for (const run of runs)
    expect(await winnow(['verify', 'out', '--run', run], folder)).toMatchObject({ code: 0, stderr: '' });
}

describe('winnow run --layout mirror', () => {
  test('a tree in, the same tree out; the same command again has nothing to do', () =>
    withFolder(async (folder) => {
      await put(folder, TREE);
      const { code, report } = await runReport([...RUN, '--unit-size', '64KiB'], folder);
      expect(code).toBe(0);
      expect(report).toMatchObject({
        state: 'succeeded',
        balanced: true,
        records: { read: 5011, written: 5011, quarantined: 0 },
        inputs: { total: 7, done: 7, refused: [] },
      });
      const written = await outputs(folder);
      expect(Object.keys(written)).toEqual(NAMES);
      expect(report.parts.map(({ uri, sha256 }) => [uri.slice(join(folder, 'out/').length), sha256])).toEqual(
        expect.arrayContaining(Object.entries(written)),
      );
      expect(await idsIn(folder, 'deep/er/c.parquet')).toEqual([20, 21, 22]);
      expect(await idsIn(folder, 'empty.parquet')).toEqual([]);
      expect(await idsIn(folder, 'large.parquet')).toHaveLength(5000);
      await expectWhole(folder, 1);
      const again = await winnow(['run', ...RUN, '--unit-size', '64KiB'], folder);
      expect(again).toMatchObject({ code: 0 });
      expect(again.stdout).toContain('nothing to do');
      expect(await outputs(folder)).toEqual(written);
    }));

  test('changed inputs replace their outputs, new ones are added, outputs of vanished ones stay', () =>
    withFolder(async (folder) => {
      await put(folder, TREE);
      await runReport(RUN, folder);
      const before = await outputs(folder);
      await put(folder, {
        'a.ndjson': lines(4, 500),
        'deep/b.ndjson.gz': gzipSync(lines(5, 10)),
        'deep/er/c.json': lines(1, 600),
        'new/n.ndjson': lines(2, 700),
      });
      await rm(join(folder, 'in/large.ndjson'));
      const { code, report } = await runReport(RUN, folder);
      expect(code).toBe(0);
      expect(report).toMatchObject({
        state: 'succeeded',
        records: { read: 12, written: 12 },
        inputs: { total: 4, done: 4, refused: [] },
      });
      const after = await outputs(folder);
      // The earlier output keeps its name: the new input that would clash has its full one.
      expect(Object.keys(after)).toEqual([...NAMES, 'deep/er/c.json.parquet', 'new/n.parquet'].sort());
      const changed = NAMES.filter((name) => before[name] !== after[name]);
      expect(changed).toEqual(['a.parquet', 'deep/b.parquet']);
      expect(await idsIn(folder, 'a.parquet')).toEqual([500, 501, 502, 503]);
      await expectWhole(folder, 2);
      expect((await winnow(['run', ...RUN], folder)).stdout).toContain('nothing to do');

      // Back to what it was: the output is that of the first generation again.
      await put(folder, { 'a.ndjson': lines(3) });
      expect(await runReport(RUN, folder)).toMatchObject({ code: 0, report: { inputs: { done: 1 } } });
      expect((await outputs(folder))['a.parquet']).toBe(before['a.parquet']);
      await expectWhole(folder, 3);
      await writeFile(join(folder, 'out/deep/er/c.parquet'), 'broken');
      const broken = await winnow(['verify', 'out'], folder);
      expect(broken.code).not.toBe(0);
      expect(broken.stdout).toContain('deep/er/c.parquet: has sha256');
    }));

  test('an output that somebody changed is not replaced: the run stops with both hashes', () =>
    withFolder(async (folder) => {
      await put(folder, TREE);
      await runReport(RUN, folder);
      const lost = await readFile(join(folder, 'out/a.parquet'));
      await writeFile(join(folder, 'out/a.parquet'), 'mine');
      await put(folder, { 'a.ndjson': lines(4) });
      const { code, report } = await runReport(RUN, folder);
      expect(code).toBe(1);
      expect(report.state).toBe('failed');
      const sha256 = createHash('sha256').update(lost).digest('hex');
      expect(report.problems.join('\n')).toContain(
        `an earlier generation wrote the one with sha256 ${sha256}`,
      );
      expect(await readFile(join(folder, 'out/a.parquet'), 'utf8')).toBe('mine');
      await rm(join(folder, 'out/a.parquet'));
      expect(await runReport(RUN, folder)).toMatchObject({ code: 0, report: { state: 'succeeded' } });
      expect(await idsIn(folder, 'a.parquet')).toHaveLength(4);
    }));

  test("a stranger's files where outputs are to be: exit 2 before anything is done", () =>
    withFolder(async (folder) => {
      await put(folder, TREE);
      await mkdir(join(folder, 'out/deep'), { recursive: true });
      await writeFile(join(folder, 'out/deep/b.parquet'), 'mine');
      await writeFile(join(folder, 'out/other.parquet'), 'mine too');
      const stopped = await winnow(['run', ...RUN], folder);
      expect(stopped).toMatchObject({ code: 2, stdout: '' });
      expect(stopped.stderr).toContain(
        'holds 1 object that no run in it wrote, where outputs are to be: deep/b.parquet',
      );
      expect(Object.keys(await outputs(folder))).toEqual(['deep/b.parquet', 'other.parquet']);
      await rm(join(folder, 'out/deep/b.parquet'));
      expect(await runReport(RUN, folder)).toMatchObject({ code: 0 });
      expect(await readFile(join(folder, 'out/other.parquet'), 'utf8')).toBe('mine too');
    }));

  test('a name that no storage holds refuses its input alone', () =>
    withFolder(async (folder) => {
      const name = `${'n'.repeat(248)}.ndjson`;
      await put(folder, { [name]: lines(1), 'a.ndjson': lines(1) });
      const { code, report } = await runReport(RUN, folder);
      expect(code).toBe(1);
      expect(report).toMatchObject({
        state: 'partial',
        balanced: true,
        inputs: { done: 1, refused: [{ input: name, reason: 'name-too-long' }] },
      });
      expect(report.inputs.refused[0]!.detail).toMatch(/255 bytes.*rename the input/);
      expect((await winnow(['run', ...RUN], folder)).stdout).toContain('nothing to do');
    }));
});

describe('killed at any time, the same command again ends in the same tree', () => {
  const SMALL_UNITS = [...RUN, '--unit-size', '64KiB'];
  const version = (first: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: 24 }, (_, n) => [`${n % 5}/${n}.ndjson`, lines(1500, first + n)]),
    );

  /** Runs the command, killed again and again, until it has come to its end. */
  async function untilDone(folder: string, generation: number): Promise<number> {
    let killed = 0;
    for (let round = 0; round < 5; round++) {
      const running = startWinnow(['run', ...SMALL_UNITS], folder);
      let ended = false;
      void running.ended.then(() => (ended = true));
      const before = await receiptsIn(folder, generation);
      await untilThereAre(async () => ended || (await receiptsIn(folder, generation)) >= before + 1 + round);
      running.child.kill('SIGKILL');
      for (const pid of await workersOf(folder)) kill(pid);
      if ((await running.ended).signal === 'SIGKILL') killed++;
    }
    expect(await winnow(['run', ...SMALL_UNITS], folder)).toMatchObject({ code: 0 });
    return killed;
  }

  test('a first generation, and one that replaces every output', () =>
    withFolder(async (folder) => {
      const undisturbed: Record<string, string>[] = [];
      for (const first of [0, 7000]) {
        await put(folder, version(first));
        expect(await runReport(SMALL_UNITS, folder)).toMatchObject({ code: 0 });
        undisturbed.push(await outputs(folder));
      }
      expect(undisturbed[0]).not.toEqual(undisturbed[1]);
      await cp(join(folder, 'out'), join(folder, 'undisturbed'), { recursive: true });
      await rm(join(folder, 'out'), { recursive: true });

      for (const [generation, first] of [0, 7000].entries()) {
        await put(folder, version(first));
        expect(await untilDone(folder, generation)).toBeGreaterThan(0);
        expect(await outputs(folder)).toEqual(undisturbed[generation]);
      }
      await expectWhole(folder, 2);
      expect((await winnow(['run', ...SMALL_UNITS], folder)).stdout).toContain('nothing to do');
    }));
});
