import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { CheckupSummary } from '../../src/operations/operations.ts';
import { giveTo, ORDINARY, withhold } from '../other-user.ts';
import { startWinnow, withFolder, type Ended } from '../winnow.ts';

/** The command of a user whom permissions hold for, in a folder of its own with one input. */
async function withInput(work: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), '{"id":1}\n');
    await giveTo(folder);
    await work(folder);
  });
}

const doctor = (words: string, folder: string): Promise<Ended> =>
  startWinnow(['doctor', ...words.split(' ').filter((word) => word !== '')], folder, {}, ORDINARY).ended;

/** The lines of all but what differs from machine to machine. */
const linesOf = ({ stdout }: Ended, folder: string): string[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(folder, '.').replace(/^(?:ok|warning) +(?=memory|disk)/, 'either   '))
    .map((line) => line.replace(/(?<=node: Node )[\d.]+/, '24').replace(/^(either +\w+): .*/, '$1'));

const HERE = ['ok       node: Node 24, with zstd', 'either   memory'];
const SOURCE = 'ok       source: folder in can be listed, and its first input a.ndjson be read';

describe('on this machine', () => {
  test('an output that is not there yet: all well, and nothing is made', () =>
    withInput(async (folder) => {
      const ended = await doctor('--source in --output out/deep', folder);
      expect(linesOf(ended, folder)).toEqual([
        ...HERE,
        SOURCE,
        'ok       output: ./out/deep can be made in .; its file system has link() and fsync()',
        'either   disk',
      ]);
      expect([ended.code, ended.stderr]).toEqual([0, '']);
      expect(await readdir(folder)).toEqual(['in']);
    }));

  test('an output that is there, and nothing is left in it', () =>
    withInput(async (folder) => {
      await mkdir(join(folder, 'out'));
      await giveTo(join(folder, 'out'));
      const ended = await doctor('--output out', folder);
      expect(linesOf(ended, folder)).toEqual([
        ...HERE,
        'ok       output: ./out can be written to; its file system has link() and fsync()',
        'either   disk',
      ]);
      expect([ended.code, await readdir(join(folder, 'out'))]).toEqual([0, []]);
    }));

  test('nothing named: the machine alone', () =>
    withInput(async (folder) => {
      const ended = await doctor('', folder);
      expect([ended.code, linesOf(ended, folder)]).toEqual([0, HERE]);
    }));

  test('a folder that may not be written to fails, and the rest is looked at', () =>
    withInput(async (folder) => {
      await mkdir(join(folder, 'out'));
      await withhold(join(folder, 'out'), 0o555);
      const ended = await doctor('--source in --output out', folder);
      expect(linesOf(ended, folder)).toEqual([
        ...HERE,
        SOURCE,
        'FAILED   output: ./out cannot be written to (EACCES): choose another folder, or mend its permissions',
        'either   disk',
      ]);
      expect(ended.code).toBe(1);
      await chmod(join(folder, 'out'), 0o755);
    }));

  test('a file system that is mounted read-only', () =>
    withInput(async (folder) => {
      const out = join(folder, 'out');
      await mkdir(out);
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'winnow-test', out], { stdio: 'ignore' });
      } catch {
        // No such right here: the test above has the other way to be refused.
        return;
      }
      try {
        const ended = await doctor('--output out', folder);
        expect(linesOf(ended, folder)[2]).toContain('FAILED   output: ./out cannot be written to (EROFS)');
        expect(ended.stdout).toMatch(/^warning {2}disk: 1\.05 MB are free at /m);
        expect(ended.code).toBe(1);
      } finally {
        execFileSync('umount', ['--lazy', out]);
      }
    }));

  test('a source and an output that are none: a line each', () =>
    withInput(async (folder) => {
      const ended = await doctor('--source none --output in/a.ndjson/x', folder);
      expect(linesOf(ended, folder).slice(2)).toEqual([
        'FAILED   source: --source must exist, none does not (looked for ./none): check the path',
        'FAILED   output: --output must be a folder that can be written to, ./in/a.ndjson is no folder: choose another folder',
      ]);
      expect(ended.code).toBe(1);
    }));

  test('an input that may not be read', () =>
    withInput(async (folder) => {
      await withhold(join(folder, 'in/a.ndjson'), 0o000);
      const ended = await doctor('--source in', folder);
      expect(linesOf(ended, folder)[2]).toMatch(/^FAILED {3}source: read a\.ndjson: .*permission denied/);
      expect(ended.code).toBe(1);
    }));

  test('one folder for both', () =>
    withInput(async (folder) => {
      const ended = await doctor('--source in --output in', folder);
      expect(linesOf(ended, folder)[2]).toBe(
        'FAILED   source: --source and --output must be different folders, both are ./in: an output may lie inside the source: it is never read as an input',
      );
    }));

  test('--json is one line with what was found', () =>
    withInput(async (folder) => {
      const { stdout, code } = await doctor('--source none --json', folder);
      expect(stdout.trimEnd()).not.toContain('\n');
      const { failed, findings } = JSON.parse(stdout) as CheckupSummary;
      expect([code, failed]).toEqual([1, 1]);
      expect(findings.map(({ check, state }) => [check, state])).toEqual([
        ['node', 'ok'],
        ['memory', expect.stringMatching(/^(?:ok|warning)$/)],
        ['source', 'failed'],
      ]);
      expect(findings[2]?.hint).toBe('check the path');
    }));
});

test('what cannot be understood ends with 2', () =>
  withInput(async (folder) => {
    expect(await doctor('--backend aws-batch', folder)).toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr:
        'winnow: --queue is missing: give --queue\nwinnow: --job-definition is missing: give --job-definition\n',
    });
  }));
