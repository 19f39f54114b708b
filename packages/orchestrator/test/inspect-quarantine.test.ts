import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { receiptsIn, untilThereAre } from './killing.ts';
import { runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out', '--max-quarantined', '1000000'];

interface Printed {
  readonly run: string;
  readonly input: string;
  readonly line?: number;
  readonly offset: number;
  readonly reason: string;
  readonly raw?: string;
}

async function inspected(folder: string, ...flags: string[]): Promise<Printed[]> {
  const { code, stdout, stderr } = await winnow(['inspect', 'quarantine', 'out', '--json', ...flags], folder);
  expect([code, stderr]).toEqual([0, '']);
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Printed);
}

/** The bad lines of a text as anybody would count them: number, offset, bytes. */
function badLines(input: string, text: string): Pick<Printed, 'input' | 'line' | 'offset' | 'raw'>[] {
  let offset = 0;
  return text.split('\n').flatMap((raw, index) => {
    const at = offset;
    offset += Buffer.byteLength(raw) + 1;
    return raw.startsWith('bad') ? [{ input, line: index + 1, offset: at, raw }] : [];
  });
}

describe('absolute lines', () => {
  const PACKING: Record<string, (text: string) => Buffer> = {
    plain: (text) => Buffer.from(text),
    gz: (text) => gzipSync(text),
    zst: (text) => zstdCompressSync(text),
  };
  const LONG = `{"id":2,"text":"${'x'.repeat(90)}"}`;
  const line = fc.constantFrom(...['', '  ', '{"id":1}', LONG, 'bad', `bad ${'é'.repeat(40)}`]);
  /** Larger ones are cut into ranges or sub-units of 64 KiB. */
  const input = fc.record({
    kind: fc.constantFrom(...Object.keys(PACKING)),
    lines: fc.array(line, { minLength: 1, maxLength: 40 }),
    times: fc.constantFrom(1, 1, 200),
  });

  test('are those that plain counting gives, however inputs are packed and cut, also of redriven records, and behind winnow gc', () =>
    fc.assert(
      fc.asyncProperty(fc.array(input, { minLength: 1, maxLength: 4 }), fc.boolean(), (inputs, isCleared) =>
        withFolder(async (folder) => {
          await mkdir(join(folder, 'in'));
          const expected: unknown[] = [];
          for (const [index, { kind, lines, times }] of inputs.entries()) {
            const text = `{"id":0}\n${`${lines.join('\n')}\n`.repeat(times)}`;
            await writeFile(
              join(folder, 'in', `${index}.${kind}`),
              (PACKING[kind] ?? PACKING['plain']!)(text),
            );
            expected.push(...badLines(`${index}.${kind}`, text));
          }
          const order = (a: Printed, b: Printed): number =>
            a.input < b.input ? -1 : a.input > b.input ? 1 : a.offset - b.offset;
          const found = async (): Promise<unknown[]> =>
            (await inspected(folder)).sort(order).map(({ input: of, line: at, offset, raw }) => ({
              ...{ input: of, line: at, offset, raw },
            }));
          await runReport([...IO, '--unit-size', '64KiB'], folder);
          expect(await found()).toEqual(expected);
          const clear = ['gc', 'out', '--delete', '--older-than', '0s'];
          if (isCleared) expect(await winnow(clear, folder)).toMatchObject({ code: 0 });
          expect(await found()).toEqual(expected);
          await winnow(['redrive', ...IO, '--unit-size', '64KiB'], folder);
          expect(await found()).toEqual(expected);
          if (isCleared) expect(await winnow(clear, folder)).toMatchObject({ code: 0 });
          expect(await found()).toEqual(expected);
        }),
      ),
      // Cut into ranges and sub-units, and cleared: whatever comes by chance besides.
      {
        numRuns: 6,
        examples: [[['plain', 'gz'].map((kind) => ({ kind, lines: [LONG, 'bad'], times: 2000 })), true]],
      },
    ));
});

describe('winnow inspect quarantine', () => {
  const archive = async (folder: string): Promise<void> => {
    await mkdir(join(folder, 'in'));
    const lines = [
      '{"id":1}',
      '{"id":',
      '{"id":}',
      '[1]',
      '{"id":',
      '{"id":',
      '{"id":',
      '\u001b[31mred\u202e',
    ];
    await writeFile(join(folder, 'in/a.ndjson'), `${lines.join('\n')}\n`);
    await writeFile(join(folder, 'in/b.ndjson'), `{"id":2}\n${'y'.repeat(500)}\n`);
    await runReport(IO, folder);
  };

  test('groups by reason, the most frequent first, with samples that no terminal obeys', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const { code, stdout } = await winnow(['inspect', 'quarantine', 'out'], folder);
      expect(code).toBe(0);
      const lines = stdout.split('\n');
      expect(lines[0]).toBe('8 records in quarantine');
      expect(lines.slice(1, 4)).toEqual([
        '',
        'unexpected-end: 4',
        expect.stringMatching(/^ {2}a\.ndjson, line 2, byte 9: /),
      ]);
      expect(stdout).toContain('  … and 1 more');
      expect(stdout).toContain('\\u001b[31mred\\u202e');
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      expect(stdout).toContain(`${'y'.repeat(160)}… (500 bytes)`);
      const few = await winnow(['inspect', 'quarantine', 'out', '--samples', '0'], folder);
      expect(few.stdout).not.toContain('a.ndjson');
    }));

  test('keys in what is said of a record are no more obeyed than its bytes', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in/a.ndjson'), '{"id":1}\n{"k\u009b\u202e":1,"k\u009b\u202e":2}\n');
      await runReport(IO, folder);
      const { stdout } = await winnow(['inspect', 'quarantine', 'out'], folder);
      expect(stdout).toMatch(/line 2, byte 9: .*k\\u009b\\u202e/);
      expect(stdout).not.toMatch(/[\u0080-\u009f\u202e]/);
    }));

  test('prints every record for machines, of a reason, of an input, of a run', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const all = await inspected(folder);
      expect(all).toHaveLength(8);
      const ends = await inspected(folder, '--reason', 'unexpected-end');
      expect(ends.map(({ line }) => line)).toEqual([2, 5, 6, 7]);
      expect(await inspected(folder, '--input', 'b.ndjson')).toMatchObject([{ line: 2, offset: 9 }]);
      expect(await inspected(folder, '--input', 'c')).toEqual([]);
      // Once redriven they wait in the redrive; the first run still tells what it found.
      await winnow(['redrive', ...IO], folder);
      const waiting = await inspected(folder);
      const facts = ({ run: _, ...rest }: Printed) => rest;
      expect(waiting.map(facts)).toEqual(all.map(facts));
      expect(new Set(waiting.map(({ run }) => run.slice(0, 4)))).toEqual(new Set(['0001']));
      expect(await inspected(folder, '--run', all[0]!.run)).toEqual(all);
    }));

  test('of a run that was cleared before lines were kept it knows all else', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const all = await inspected(folder);
      const cleared = await winnow(['gc', 'out', '--delete', '--older-than', '0s'], folder);
      expect(cleared.code).toBe(0);
      // As older versions left it.
      const run = join(folder, 'out/_winnow', all[0]!.run);
      await rm(join(run, 'line-bases.ndjson'));
      const { lineBases: _, ...older } = JSON.parse(await readFile(join(run, 'gc.json'), 'utf8')) as {
        lineBases: unknown;
      };
      await writeFile(join(run, 'gc.json'), JSON.stringify(older));
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
      const lineless = all.map(({ line: _, ...rest }) => rest);
      expect(await inspected(folder)).toEqual(lineless);
      const redriven = await winnow(['redrive', ...IO, '--json'], folder);
      expect(JSON.parse(redriven.stdout)).toMatchObject({
        balanced: true,
        records: { read: 8, quarantined: 8 },
      });
    }));

  test('names a damaged quarantine object, shows all others, and ends with 1', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      for (const name of ['a', 'b', 'c', 'd'])
        await writeFile(join(folder, 'in', name), `{"name":"${name}"}\n`.repeat(5000) + `bad ${name}\n`);
      await runReport([...IO, '--unit-size', '64KiB'], folder);
      const all = await inspected(folder);
      expect(all.map(({ input }) => input)).toEqual(['a', 'b', 'c', 'd']);
      const root = join('_winnow', all[0]!.run, 'quarantine');
      const names = (await readdir(join(folder, 'out', root))).sort();
      const [first, second] = names.map((name) => join(root, name));
      const bytes = await readFile(join(folder, 'out', first!));
      await writeFile(join(folder, 'out', first!), bytes.subarray(0, bytes.length - 3));
      await rm(join(folder, 'out', second!));
      const { code, stdout, stderr } = await winnow(['inspect', 'quarantine', 'out', '--json'], folder);
      expect(code).toBe(1);
      expect(
        stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as unknown),
      ).toEqual(all.slice(2));
      const lines = stderr.trim().split('\n');
      expect(lines).toHaveLength(2);
      expect(lines[0]).toMatch(/^winnow: .*ends inside it/);
      for (const [index, key] of [first, second].entries()) expect(lines[index]).toContain(key);
      const text = await winnow(['inspect', 'quarantine', 'out'], folder);
      expect([text.code, text.stderr]).toEqual([1, stderr]);
      expect(text.stdout).toMatch(/^2 records in quarantine/);
    }));

  test('tells in one line that units of an unfinished run are still to come', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const lines = Array.from({ length: 40_000 }, (_, id) => (id % 100 === 7 ? 'bad\n' : `{"id":${id}}\n`));
      await writeFile(join(folder, 'in/a.ndjson'), lines.join(''));
      const command = ['run', ...IO, '--unit-size', '64KiB', '--concurrency', '1'];
      const running = startWinnow(command, folder);
      await untilThereAre(async () => (await receiptsIn(folder)) >= 1);
      running.child.kill('SIGTERM');
      await running.ended;
      const { code, stdout, stderr } = await winnow(['inspect', 'quarantine', 'out', '--json'], folder);
      const told =
        /^winnow: run 0000-\w+ is not finished: (\d+) of its (\d+) units are still to come\n$/.exec(stderr);
      expect([code, stderr]).toEqual([0, told?.[0]]);
      expect(Number(told?.[2]) - Number(told?.[1])).toBe(await receiptsIn(folder));
      const records = stdout.trim().split('\n').length;
      expect(records).toBeGreaterThan(0);
      await winnow(command, folder);
      expect((await inspected(folder)).length).toBe(400);
      expect(records).toBeLessThan(400);
    }));

  test('what it prints is what redrive takes', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const mended = (await inspected(folder)).map((record, n) => ({ ...record, raw: `{"id":${100 + n}}` }));
      await writeFile(join(folder, 'm'), mended.map((record) => JSON.stringify(record)).join('\n'));
      const redriven = await winnow(['redrive', ...IO, '--with', 'm', '--json'], folder);
      expect(JSON.parse(redriven.stdout)).toMatchObject({ records: { read: 8, written: 8, quarantined: 0 } });
      expect(await winnow(['inspect', 'quarantine', 'out'], folder)).toMatchObject({
        ...{ code: 0, stdout: 'nothing is in quarantine\n' },
      });
    }));

  test.each<[string[], string]>([
    [['none'], 'holds no run'],
    [['out', '--samples', 'x'], '--samples must be a whole number from 0 to 9999, got x'],
    [[], 'no output is named'],
  ])('refuses %j in one line', (words, message) =>
    withFolder(async (folder) => {
      const { code, stderr } = await winnow(['inspect', 'quarantine', ...words], folder);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }),
  );
});
