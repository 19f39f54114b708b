import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadDictionary, STARTER_DICTIONARY } from '@winnow/core';
import { describe, expect, test } from '@jest/globals';
import type { Al3Manifest } from '../src/sample/al3/make.ts';
import { winnow, withFolder } from './winnow.ts';

async function makeSample(folder: string, ...flags: string[]): Promise<Al3Manifest> {
  await winnow(['sample', 'al3', '--output', 'in', '--files', '2', ...flags], folder);
  return JSON.parse(await readFile(join(folder, 'in.manifest.json'), 'utf8')) as Al3Manifest;
}

const GROUP_LINE = /^ *(\d+) +(\d+) {2}( *)(\w{4}) /;

describe('winnow inspect FILE', () => {
  test('prints a line for each group, with its offset and length', () =>
    withFolder(async (folder) => {
      const { list } = await makeSample(folder);
      const [facts] = list;
      const path = join('in', facts?.file ?? '');
      const { code, stdout, stderr } = await winnow(['inspect', path], folder);
      expect([code, stderr]).toEqual([0, '']);
      const groups = stdout.split('\n').flatMap((line) => GROUP_LINE.exec(line) ?? []);
      const lines = stdout.split('\n').filter((line) => GROUP_LINE.test(line));
      expect(lines).toHaveLength(facts?.groups ?? 0);
      expect(groups.length).toBeGreaterThan(0);
      const bytes = await readFile(join(folder, path), 'latin1');
      for (const line of lines) {
        const [, offset, length = '', , group = ''] = GROUP_LINE.exec(line) ?? [];
        expect(bytes.slice(Number(offset), Number(offset) + 7)).toBe(group + length.padStart(3, '0'));
      }
      expect(stdout).toMatch(/^ +11 term_amount: \d+\.\d\d$/m);
    }));

  test('prints the document that a run makes of it with --json, compressed files too', () =>
    withFolder(async (folder) => {
      const { list } = await makeSample(folder);
      const path = join(folder, 'in', list[0]?.file ?? '');
      await writeFile(join(folder, 'x.gz'), gzipSync(await readFile(path)));
      await winnow(['run', '--source', path, '--output', 'out', '--input-format', 'al3'], folder);
      const { code, stdout } = await winnow(['inspect', 'x.gz', '--json'], folder);
      expect([code, stdout.split('\n').length]).toEqual([0, 2]);
      const written = await readFile(join(folder, 'out/policies-000000.json'), 'utf8');
      expect(JSON.parse(stdout)).toEqual(JSON.parse(written));
    }));

  test('ends with 1 where there is an error in it, and tells where', () =>
    withFolder(async (folder) => {
      const { list } = await makeSample(folder, '--faults', 'junk');
      const { code, stdout } = await winnow(['inspect', join('in', list[0]?.file ?? '')], folder);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^error not-a-group at byte \d+: 22 bytes are no group: "@@ THIS/m);
      expect(stdout).toContain('(no group) "@@ THIS IS NO GROUP @@"');
    }));

  test('shows nothing of a file that could act on a terminal', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'x'), Buffer.from('\x1b[2Jred\x9b31m', 'latin1'));
      const { stdout } = await winnow(['inspect', 'x'], folder);
      expect(stdout).toContain('\\u001b[2Jred\\u009b31m');
      // eslint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }));

  test('is for one file', () =>
    withFolder(async (folder) => {
      await makeSample(folder);
      const many = await winnow(['inspect', 'in'], folder);
      expect(many).toMatchObject({ code: 2, stderr: expect.stringContaining('more than one file') });
      const bad = await winnow(['inspect', 'in', '--decimals', 'double'], folder);
      expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('--decimals must be one of') });
    }));
});

describe('winnow inspect dictionary', () => {
  test('prints what --dictionary reads again', () =>
    withFolder(async (folder) => {
      const { code, stdout } = await winnow(['inspect', 'dictionary'], folder);
      expect(code).toBe(0);
      const { dictionary } = loadDictionary({ dictionary: { path: 'd.yaml', text: stdout } });
      expect(dictionary).toEqual(STARTER_DICTIONARY);
    }));

  test('shows overrides, gaps, and one group alone', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'config'));
      const text =
        'schema: { groups: [{ code: 6TTI, elements: [{ seq_num: 6, data_type: SN, start: 50 }] }] }';
      await writeFile(join(folder, 'config/overrides.yaml'), text);
      const { stdout } = await winnow(['inspect', 'dictionary', '6TTI'], folder);
      expect(stdout.split('\n').slice(0, 3)).toEqual([
        '# config/overrides.yaml:1: 6TTI: columns 46 to 49 are in no element',
        'groups:',
        '  - code: 6TTI',
      ]);
      expect(stdout).toContain(
        '{ seq_num: "6", start: 50, length: 8, data_type: SN, name: "trailer_value" }',
      );
      expect(stdout).not.toContain('5BPI');
      const json = await winnow(['inspect', 'dictionary', '6TTI', '--json'], folder);
      expect(JSON.parse(json.stdout)).toMatchObject({
        groups: [{ group: '6TTI' }],
        gaps: [expect.any(String)],
      });
    }));

  test('is refused by file and line, and for a group that is not there', () =>
    withFolder(async (folder) => {
      await writeFile(
        join(folder, 'o.yaml'),
        'groups:\n  - code: 6TTI\n    elements:\n      - { seq_num: 6, length: 1000 }',
      );
      expect(await winnow(['inspect', 'dictionary', '--overrides', 'o.yaml'], folder)).toMatchObject({
        ...{ code: 2, stderr: 'winnow: o.yaml:4: length must be a whole number from 1 to 999, got 1000\n' },
      });
      expect((await winnow(['inspect', 'dictionary', '5XXX'], folder)).stderr).toContain('has no group 5XXX');
    }));
});
