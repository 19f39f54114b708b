import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { kill, receiptsIn, untilThereAre, workersOf } from './killing.ts';
import { runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const RUN = ['--source', 'in', '--output', 'out', '--layout', 'mirror'];

const lines = (n: number, first = 0): string =>
  Array.from({ length: n }, (_, i) => `${JSON.stringify({ id: first + i, text: `t${first + i}` })}\n`).join(
    '',
  );

async function put(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'in', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** Name → hash of every output. */
async function outputs(folder: string, output = 'out'): Promise<Record<string, string>> {
  const names = await readdir(join(folder, output), { recursive: true, withFileTypes: true });
  const hashes: [string, string][] = [];
  for (const entry of names) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(join(folder, output).length + 1);
    if (!entry.isFile() || name.startsWith('_')) continue;
    hashes.push([
      name,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ]);
  }
  return Object.fromEntries(hashes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

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

  test('--resume=false does everything anew, under whatever spec, each output in the place of its own', () =>
    withFolder(async (folder) => {
      await put(folder, TREE);
      await runReport(RUN, folder);
      const before = await outputs(folder);
      await rm(join(folder, 'in/deep/b.ndjson.gz'));
      const other = [...RUN, '--codec', 'none'];
      const refused = await winnow(['run', ...other], folder);
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/--resume=false replaces/)]);
      expect(await outputs(folder)).toEqual(before);

      const { code, report } = await runReport([...other, '--resume=false'], folder);
      expect([code, report.inputs]).toMatchObject([0, { total: 6, done: 6, refused: [] }]);
      const after = await outputs(folder);
      // That of the input that is gone stays as it was.
      expect(Object.keys(after)).toEqual(Object.keys(before));
      expect(NAMES.filter((name) => before[name] === after[name])).toEqual([
        'deep/b.parquet',
        'empty.parquet',
      ]);
      expect(await idsIn(folder, 'a.parquet')).toEqual([0, 1, 2]);
      await expectWhole(folder, 2);
      expect((await winnow(['run', ...other], folder)).stdout).toContain('nothing to do');

      // Once more and back: each time a generation, the same bytes.
      expect(await runReport([...other, '--resume=false'], folder)).toMatchObject({ code: 0 });
      expect(await outputs(folder)).toEqual(after);
      await rm(join(folder, 'out/deep/b.parquet'));
      await put(folder, TREE);
      expect(await runReport([...RUN, '--resume=false'], folder)).toMatchObject({ code: 0 });
      expect(await outputs(folder)).toEqual(before);
      await expectWhole(folder, 4);
    }));

  test('what --resume=false cannot take the place of is told before anything is done', () =>
    withFolder(async (folder) => {
      await put(folder, { 'a.ndjson': lines(3), 'b.ndjson': lines(3) });
      const inParts = ['--source', 'in', '--output', 'out'];
      expect(await winnow(['run', ...RUN], folder)).toMatchObject({ code: 0 });
      const mirrored = await outputs(folder);
      for (const [args, message] of [
        [inParts, /holds run 0000-\w+ of the layout mirror, which one of parts cannot replace/],
        [
          [...RUN, '--format', 'json'],
          /outputs are parquet, and so are their names: .* same format, got json/,
        ],
      ] as const) {
        const { code, stderr } = await winnow(['run', ...args, '--resume=false'], folder);
        expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
      }
      expect(await outputs(folder)).toEqual(mirrored);
      await expectWhole(folder, 1);
      await rm(join(folder, 'out'), { recursive: true });
      expect(await winnow(['run', ...inParts], folder)).toMatchObject({ code: 0 });
      const { code, stderr } = await winnow(['run', ...RUN, '--resume=false'], folder);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/of the layout parts, which one of mirror cannot/),
      ]);
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
  async function untilDone(folder: string, generation: number, command = SMALL_UNITS): Promise<number> {
    let killed = 0;
    for (let round = 0; round < 5; round++) {
      const running = startWinnow(['run', ...command], folder);
      let ended = false;
      void running.ended.then(() => (ended = true));
      const before = await receiptsIn(folder, generation);
      await untilThereAre(async () => ended || (await receiptsIn(folder, generation)) >= before + 1 + round);
      running.child.kill('SIGKILL');
      for (const pid of await workersOf(folder)) kill(pid);
      if ((await running.ended).signal === 'SIGKILL') killed++;
    }
    expect(await winnow(['run', ...command], folder)).toMatchObject({ code: 0 });
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

  test('one that does everything anew under another spec; a run that is not finished it does not give up', () =>
    withFolder(async (folder) => {
      await put(folder, version(0));
      const other = [...SMALL_UNITS, '--codec', 'none'];
      expect(await runReport(other, folder)).toMatchObject({ code: 0 });
      const undisturbed = await outputs(folder);
      await rm(join(folder, 'out'), { recursive: true });

      const unfinished = startWinnow(['run', ...SMALL_UNITS], folder);
      await untilThereAre(async () => (await receiptsIn(folder)) >= 1);
      unfinished.child.kill('SIGKILL');
      for (const pid of await workersOf(folder)) kill(pid);
      expect((await unfinished.ended).signal).toBe('SIGKILL');
      const refused = await winnow(['run', ...other, '--resume=false'], folder);
      expect([refused.code, refused.stderr]).toEqual([
        2,
        expect.stringMatching(/cannot be given up: .*finish it/),
      ]);
      expect(await winnow(['run', ...SMALL_UNITS], folder)).toMatchObject({ code: 0 });

      const anew = startWinnow(['run', ...other, '--resume=false'], folder);
      await untilThereAre(async () => (await receiptsIn(folder, 1)) >= 1);
      anew.child.kill('SIGKILL');
      for (const pid of await workersOf(folder)) kill(pid);
      expect((await anew.ended).signal).toBe('SIGKILL');
      expect(await untilDone(folder, 1, other)).toBeGreaterThan(0);
      expect(await outputs(folder)).toEqual(undisturbed);
      await expectWhole(folder, 2);
    }));
});
