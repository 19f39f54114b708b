import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runReport, winnow, withFolder } from './winnow.ts';

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
  const line = fc.constantFrom(
    ...['', '  ', '{"id":1}', `{"id":2,"text":"${'x'.repeat(90)}"}`, 'bad', `bad ${'é'.repeat(40)}`],
  );
  /** Larger ones are cut into ranges or sub-units of 64 KiB. */
  const input = fc.record({
    kind: fc.constantFrom(...Object.keys(PACKING)),
    lines: fc.array(line, { minLength: 1, maxLength: 40 }),
    times: fc.constantFrom(1, 1, 200),
  });

  test('are those that plain counting gives, however inputs are packed and cut, also of redriven records', () =>
    fc.assert(
      fc.asyncProperty(fc.array(input, { minLength: 1, maxLength: 4 }), (inputs) =>
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
          await winnow(['redrive', ...IO, '--unit-size', '64KiB'], folder);
          expect(await found()).toEqual(expected);
        }),
      ),
      { numRuns: 6 },
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

  test('of a run that was cleared it knows all but the lines', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const all = await inspected(folder);
      const cleared = await winnow(['gc', 'out', '--delete', '--older-than', '0s'], folder);
      expect(cleared.code).toBe(0);
      const lineless = all.map(({ line: _, ...rest }) => rest);
      expect(await inspected(folder)).toEqual(lineless);
      const redriven = await winnow(['redrive', ...IO, '--json'], folder);
      expect(JSON.parse(redriven.stdout)).toMatchObject({
        balanced: true,
        records: { read: 8, quarantined: 8 },
      });
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
