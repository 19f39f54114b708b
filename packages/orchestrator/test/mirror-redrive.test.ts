import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { kill, receiptsIn, untilThereAre, workersOf } from './killing.ts';
import { lines, outputs, put } from './tree.ts';
import { runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out', '--layout', 'mirror'];
const SOME = ['--max-quarantined', '999'];

interface Waiting {
  readonly run: string;
  readonly input: string;
  readonly line: number;
  readonly offset: number;
  readonly raw: string;
}

async function waiting(folder: string): Promise<Waiting[]> {
  const { stdout } = await winnow(['inspect', 'quarantine', 'out', '--json'], folder);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Waiting);
}

const placeOf = ({ input, line, offset, raw }: Waiting): unknown[] => [input, line, offset, raw];

/** Writes a file that mends these records. */
async function mend(
  folder: string,
  records: readonly Waiting[],
  raws: Record<string, string>,
): Promise<void> {
  const mended = records.flatMap(({ input, offset, raw }) =>
    raws[raw] === undefined ? [] : [`${JSON.stringify({ input, offset, raw: raws[raw] })}\n`],
  );
  await writeFile(join(folder, 'mended'), mended.join(''));
}

async function redrive(flags: readonly string[], folder: string) {
  const { code, stdout, stderr } = await winnow(['redrive', ...IO, ...flags, '--json'], folder);
  if (stdout === '') throw new Error(stderr);
  return { code, report: JSON.parse(stdout) as Record<string, unknown> };
}

/** What a run over inputs makes in which these records are mended by hand. */
async function outputsOf(folder: string, inputs: Record<string, string | Uint8Array>): Promise<unknown> {
  await rm(join(folder, 'in'), { recursive: true });
  await put(folder, inputs);
  await rm(join(folder, 'fresh'), { recursive: true, force: true });
  await runReport(['--source', 'in', '--output', 'fresh', '--layout', 'mirror', ...SOME], folder);
  return outputs(folder, 'fresh');
}

async function expectWhole(folder: string): Promise<void> {
  for (const run of (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d/.test(name)))
    expect(await winnow(['verify', 'out', '--run', run], folder)).toMatchObject({ code: 0, stderr: '' });
}

const A = ['{"id":1,"text":"a"}\n', '{"id":2,\n', '{"id":3,"text":"c"}\n', 'no\n', '{"id":4}\n'];
const B = ['{"id":5}\n', '{"id":6}\n'];
const C = ['[7]\n', '{"id":8}\n'];
const archive = {
  'a.ndjson': A.join(''),
  'd/b.ndjson': B.join(''),
  'd/c.ndjson.gz': gzipSync(C.join('')),
};

describe('winnow redrive in the layout mirror', () => {
  test('does inputs again as a whole, mended records in their place; what was mended stays mended', () =>
    withFolder(async (folder) => {
      await put(folder, archive);
      const first = await runReport([...IO, ...SOME], folder);
      expect(first.report).toMatchObject({ records: { read: 9, written: 6, quarantined: 3 } });
      const before = await outputs(folder);
      const bad = await waiting(folder);
      await mend(folder, bad, { '{"id":2,': '{"id":2,"text":"a much longer one than before"}' });
      expect(await redrive([...SOME, '--with', 'mended'], folder)).toMatchObject({
        code: 0,
        report: {
          balanced: true,
          inputs: { total: 2, done: 2 },
          records: { read: 7, written: 5, quarantined: 2 },
        },
      });
      const after = await outputs(folder);
      expect(after['d/b.parquet']).toBe(before['d/b.parquet']);
      // What waits still stands where it stood, and is taken over from the run before.
      const left = await waiting(folder);
      expect(left.map(placeOf)).toEqual(bad.slice(1).map(placeOf));
      expect(left.every(({ run }) => run.startsWith('0001-'))).toBe(true);
      await expectWhole(folder);
      const nothing = { code: 0, stdout: expect.stringMatching(/^nothing to do/) as unknown };
      expect(await winnow(['run', ...IO, ...SOME], folder)).toMatchObject(nothing);

      // Again, and once more with the rest: what was mended first is not lost, nothing is there twice.
      expect(await redrive(SOME, folder)).toMatchObject({
        code: 0,
        report: { records: { read: 7, written: 5, quarantined: 2 } },
      });
      expect(await outputs(folder)).toEqual(after);
      await mend(folder, await waiting(folder), { no: '{"id":9}' });
      expect(await redrive([...SOME, '--with', 'mended'], folder)).toMatchObject({
        code: 0,
        report: { records: { read: 7, written: 6, quarantined: 1 } },
      });
      await mend(folder, await waiting(folder), { '[7]': '{"id":7}' });
      // Only the input that has a bad record still.
      expect(await redrive(['--with', 'mended'], folder)).toMatchObject({
        code: 0,
        report: { inputs: { total: 1 }, records: { read: 2, written: 2, quarantined: 0 } },
      });
      expect(await waiting(folder)).toEqual([]);
      expect(await winnow(['redrive', 'out'], folder)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^nothing to redrive/) as unknown,
      });
      await expectWhole(folder);
      expect(await winnow(['run', ...IO, ...SOME], folder)).toMatchObject(nothing);
      const mended = [A[0], '{"id":2,"text":"a much longer one than before"}\n', A[2], '{"id":9}\n', A[4]];
      const expected = {
        'a.ndjson': mended.join(''),
        'd/b.ndjson': B.join(''),
        'd/c.ndjson.gz': gzipSync(`{"id":7}\n${C[1]}`),
      };
      const found = await outputs(folder);
      expect(found).toEqual(await outputsOf(folder, expected));
    }));

  test('under a mended schema; new inputs go on with the columns of the run', () =>
    withFolder(async (folder) => {
      await put(folder, { 'a.ndjson': '{"id":1}\n{"id":"2"}\n', 'b.ndjson': '{"id":3}\n' });
      await writeFile(join(folder, 'narrow.yaml'), 'columns: {id: int64}');
      await writeFile(join(folder, 'wide.yaml'), 'columns: {id: json}');
      const strict = ['--drift', 'fail', '--schema'];
      await runReport([...IO, ...SOME, ...strict, 'narrow.yaml'], folder);
      const again = await redrive([...strict, 'wide.yaml'], folder);
      expect(again).toMatchObject({
        code: 0,
        report: { inputs: { total: 1 }, records: { read: 2, written: 2, quarantined: 0 } },
      });
      await put(folder, { 'c.ndjson': '{"id":4}\n{"id":"5"}\n' });
      const next = await runReport([...IO, ...SOME, ...strict, 'narrow.yaml'], folder);
      expect(next.report).toMatchObject({ inputs: { total: 1 }, records: { written: 1, quarantined: 1 } });
      await expectWhole(folder);
    }));

  test('an input that changed, or vanished, is refused; its output and its quarantine stay', () =>
    withFolder(async (folder) => {
      await put(folder, archive);
      await runReport([...IO, ...SOME], folder);
      const before = await outputs(folder);
      const bad = await waiting(folder);
      await mend(folder, bad, { '{"id":2,': '{"id":2}', '[7]': '{"id":7}' });
      await appendFile(join(folder, 'in/a.ndjson'), '{"id":100}\n');
      await rm(join(folder, 'in/d/c.ndjson.gz'));
      const { code, report } = await redrive([...SOME, '--with', 'mended'], folder);
      expect(code).toBe(1);
      expect(report).toMatchObject({
        state: 'partial',
        balanced: true,
        inputs: {
          done: 0,
          refused: [
            { input: 'a.ndjson', reason: 'changed' },
            { input: 'd/c.ndjson.gz', reason: 'vanished' },
          ],
        },
      });
      expect(await outputs(folder)).toEqual(before);
      expect(await waiting(folder)).toEqual(bad);
      await expectWhole(folder);
      // The same run command replaces what changed; what it finds bad is its own then.
      expect(await runReport([...IO, ...SOME], folder)).toMatchObject({
        code: 0,
        report: { inputs: { total: 1, done: 1 }, records: { read: 6, quarantined: 2 } },
      });
      // Run by run: what vanished waits in the first one still.
      const [a1, a2, c] = bad.map(placeOf);
      expect((await waiting(folder)).map(placeOf)).toEqual([c, a1, a2]);
      await expectWhole(folder);
    }));

  test.each<[string[], string]>([
    [['--source', 'in/d', '--output', 'out', '--layout', 'mirror'], 'give the --source of that run'],
    [['--source', 'in', '--output', 'out', '--layout', 'parts'], 'give --layout mirror'],
    [[...IO, '--format', 'csv'], 'give --format parquet'],
    [[...IO, '--records-path', 'r'], 'must find records where run 0000-'],
    [[...IO, '--with', 'mended'], 'the record of a.ndjson at 1 is not in quarantine'],
  ])('refuses %j before anything is taken', (flags, message) =>
    withFolder(async (folder) => {
      await put(folder, archive);
      await runReport([...IO, ...SOME], folder);
      await writeFile(join(folder, 'mended'), '{"input":"a.ndjson","offset":1,"raw":"{}"}\n');
      const refused = await winnow(['redrive', ...flags], folder);
      expect([refused.code, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toContain(message);
      expect(await readdir(join(folder, 'out/_winnow/generations'))).toEqual(['0.json']);
    }),
  );

  test('killed again and again, the same command ends in the same outputs', () =>
    withFolder(async (folder) => {
      const bad = (n: number): string => `{"id":${n}\n`;
      const input = (n: number): string => `${lines(1500, n)}${bad(n)}${lines(10, n)}also bad\n`;
      const inputs = Array.from({ length: 16 }, (_, n): [string, string] => [`${n}.ndjson`, input(n)]);
      await put(folder, Object.fromEntries(inputs));
      const small = ['--unit-size', '64KiB', ...SOME];
      await runReport([...IO, ...small], folder);
      const all = await waiting(folder);
      expect(all).toHaveLength(32);
      const raws = Object.fromEntries(inputs.map((_, n) => [bad(n).trim(), `{"id":${n},"text":"mended"}`]));
      await mend(folder, all, raws);
      const command = [...IO, ...small, '--with', 'mended'];
      let killed = 0;
      for (let round = 0; round < 3; round++) {
        const running = startWinnow(['redrive', ...command], folder);
        let ended = false;
        void running.ended.then(() => (ended = true));
        const done = await receiptsIn(folder, 1);
        await untilThereAre(async () => ended || (await receiptsIn(folder, 1)) >= done + 2);
        running.child.kill('SIGKILL');
        for (const pid of await workersOf(folder)) kill(pid);
        if ((await running.ended).signal !== 'SIGKILL') break;
        killed++;
      }
      expect(killed).toBeGreaterThan(0);
      // The last of them may have been killed when all was done.
      const success = await readFile(join(folder, 'out/_SUCCESS'), 'utf8').catch(() => '');
      if (!success.includes('"generation":1'))
        expect(await winnow(['redrive', ...command], folder)).toMatchObject({ code: 0 });
      expect(await waiting(folder)).toHaveLength(16);
      await expectWhole(folder);
      const mended = inputs.map(([name, text], n): [string, string] => [
        name,
        text.replace(bad(n), `{"id":${n},"text":"mended"}\n`),
      ]);
      const found = await outputs(folder);
      expect(found).toEqual(await outputsOf(folder, Object.fromEntries(mended)));
    }));
});
