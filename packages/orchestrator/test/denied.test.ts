import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Report } from '@winnow/core';
import { readRows } from './judge.ts';
import { giveTo, ORDINARY, withhold } from './other-user.ts';
import { startWinnow, withFolder, type Ended } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out'];

/** The command of a user whom permissions hold for, in a folder of its own. */
async function withInput(work: (folder: string) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    for (const id of [1, 2, 3]) await writeFile(join(folder, `in/${id}.ndjson`), `{"id":${id}}\n`);
    await giveTo(folder);
    await work(folder);
  });
}

const ordinary = (args: readonly string[], folder: string): Promise<Ended> =>
  startWinnow(args, folder, { TMPDIR: folder }, ORDINARY).ended;

function expectOneLine({ code, stdout, stderr }: Ended, expected: number, ...parts: string[]): void {
  expect(stderr.trim().split('\n')).toHaveLength(1);
  for (const part of parts) expect(stderr).toContain(part);
  expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
}

describe('an output that nobody may write to is told in one line, and nothing is started', () => {
  test('a folder without the right to write', () =>
    withInput(async (folder) => {
      await mkdir(join(folder, 'out'));
      await giveTo(join(folder, 'out'));
      await chmod(join(folder, 'out'), 0o555);
      expectOneLine(await ordinary(['run', ...IO], folder), 2, 'out cannot be written to (EACCES)');
      expect(await readdir(join(folder, 'out'))).toEqual([]);
    }));

  test('a folder of another user', () =>
    withInput(async (folder) => {
      await mkdir(join(folder, 'out'));
      await withhold(join(folder, 'out'), 0o555);
      expectOneLine(await ordinary(['run', ...IO], folder), 2, 'out cannot be written to (EACCES)');
      expect(await readdir(join(folder, 'out'))).toEqual([]);
    }));

  test('one that is mounted read-only', () =>
    withInput(async (folder) => {
      const out = join(folder, 'out');
      await mkdir(out);
      const isMounted = mountReadOnly(out);
      // Where nothing can be mounted the folder itself is closed: to whom that means nothing, mounts.
      if (!isMounted) await chmod(out, 0o555);
      try {
        const user = isMounted ? {} : ORDINARY;
        const ended = await startWinnow(['run', ...IO], folder, { TMPDIR: folder }, user).ended;
        expectOneLine(ended, 2, `out cannot be written to (${isMounted ? 'EROFS' : 'EACCES'})`);
      } finally {
        if (isMounted) execFileSync('umount', ['--lazy', out]);
      }
    }));

  test('a folder in which somebody else ran', () =>
    withInput(async (folder) => {
      expect((await ordinary(['run', ...IO], folder)).code).toBe(0);
      await withhold(join(folder, 'out/_winnow'), 0o000);
      expectOneLine(await ordinary(['run', ...IO], folder), 1, '_winnow', 'permission denied');
      await chmod(join(folder, 'out/_winnow'), 0o755);
    }));
});

function mountReadOnly(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'winnow-test', folder], { stdio: 'ignore' });
    return true;
  } catch {
    // No such right, or no such command.
    return false;
  }
}

test.each(['parts', 'mirror'])(
  'an input of another user is refused as denied, the rest is done, and it is taken up once it may be read (%s)',
  (layout) =>
    withInput(async (folder) => {
      const run = ['run', ...IO, '--layout', layout, '--json'];
      await withhold(join(folder, 'in/2.ndjson'), 0o000);
      const first = await ordinary(run, folder);
      const report = JSON.parse(first.stdout) as Report;
      expect(first.code).toBe(1);
      expect(report).toMatchObject({
        ...{ state: 'partial', balanced: true, inputs: { total: 3, done: 2 } },
        records: { read: 2, written: 2 },
        bytes: { planned: 27, read: 18, refused: 9 },
      });
      expect(report.inputs.refused).toMatchObject([
        { input: '2.ndjson', reason: 'denied', offset: 0, bytes: 9 },
      ]);
      expect((await ordinary(['verify', 'out'], folder)).code).toBe(0);
      await chmod(join(folder, 'in/2.ndjson'), 0o644);
      const second = await ordinary(run, folder);
      expect(second.code).toBe(0);
      expect(JSON.parse(second.stdout)).toMatchObject({ records: { read: 1, written: 1 } });
      const ids = (await readRows(join(folder, 'out'))).map((row) => Number(row['id']));
      expect(ids.sort()).toEqual([1, 2, 3]);
    }),
);

test('a folder of inputs that nobody may look into is told in one line', () =>
  withInput(async (folder) => {
    await mkdir(join(folder, 'in/closed'));
    await withhold(join(folder, 'in/closed'), 0o000);
    const ended = await ordinary(['run', ...IO], folder);
    await chmod(join(folder, 'in/closed'), 0o755);
    expectOneLine(ended, 1, 'in/closed', 'permission denied');
  }));
