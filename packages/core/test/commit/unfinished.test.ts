import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { commitSubUnit } from '../../src/commit/commit-sub-unit.ts';
import { readUnits } from '../../src/commit/run-file.ts';
import { partKey, runKeys } from '../../src/run-keys.ts';
import { diskStorage } from '../../src/storage/disk-storage.ts';
import { allOf } from './all-of.ts';
import { plannedRun } from './closed-run.ts';
import { makeSubUnit } from './small-run.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-unfinished-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const unfinished = (): Promise<string[]> => readdir(join(root, '_winnow/tmp'));

test('however a commit ends, it leaves no unfinished file', async () => {
  const { storage, run } = await plannedRun(() => Promise.resolve(diskStorage(root)), {
    a: 'one x',
    b: 'two',
  });
  const [unit] = await allOf(readUnits(storage, run));
  const keys = runKeys(run.runId);
  const make = () => makeSubUnit(storage, run, unit!, 0);
  const part = partKey(run.runId, 0, 0, 'parquet');
  await storage.replace(part, Buffer.from('["eno"]'));
  const clashing = await make();
  expect(await unfinished()).toHaveLength(2);
  await expect(commitSubUnit(storage, keys, clashing)).rejects.toThrow('two attempts made different bytes');
  expect(await unfinished()).toEqual([]);
  await storage.remove(part);
  const [first, second] = [await make(), await make()];
  expect((await commitSubUnit(storage, keys, first)).outcome).toBe('committed');
  expect(await unfinished()).toHaveLength(2);
  expect((await commitSubUnit(storage, keys, second)).outcome).toBe('already');
  expect(await unfinished()).toEqual([]);
});
