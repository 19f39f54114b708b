import { writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ENGINE, runKeys, type Attempt } from '@winnow/core';
import {
  committedObjects,
  prepareRun,
  receiptsOf,
  withFolder,
  writeFiles,
  type PreparedRun,
} from './prepared-run.ts';
import { attemptsOf, environmentOf, runWorker } from './started-worker.ts';

const MIB = 2 ** 20;

async function attemptOf(prepared: PreparedRun, shard = 0): Promise<Attempt> {
  const [attempt, ...more] = await attemptsOf(prepared, shard);
  expect(more).toEqual([]);
  return attempt!;
}

describe('a worker', () => {
  test('does its shard, says so and exits with 0', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': '{"id":1}\n{"id":2}\n' });
      const prepared = await prepareRun(folder);
      expect(await runWorker(environmentOf(prepared))).toEqual({ code: 0, stderr: '' });
      expect((await receiptsOf(prepared, 0)).map(({ records }) => records.written)).toEqual([2]);
      expect(await attemptOf(prepared)).toMatchObject({
        state: 'committed',
        exitCode: 0,
        committed: { subUnits: 1, records: 2, decoded: 18 },
      });
    }));

  test('names its attempt as Batch does, and does the shard of its array index', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': '{"id":1}\n', 'in/b': '{"id":2}\n' });
      const prepared = await prepareRun(folder, { unitBytes: 10, unitsPerShard: 1 });
      const job = { AWS_BATCH_JOB_ARRAY_INDEX: '1', AWS_BATCH_JOB_ID: 'job:1', AWS_BATCH_JOB_ATTEMPT: '2' };
      expect(await runWorker({ ...environmentOf(prepared), ...job })).toMatchObject({ code: 0 });
      expect(await attemptOf(prepared, 1)).toMatchObject({ attempt: '2', jobId: 'job:1', shard: 1 });
      expect([await receiptsOf(prepared, 0), (await receiptsOf(prepared, 1)).length]).toEqual([[], 1]);
    }));

  test('commits what is quarantined beyond the count, does the next shards, and exits with 65', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': 'bad\nworse\n', 'in/b': '{"id":2}\n' });
      const prepared = await prepareRun(folder, { unitBytes: 10, unitsPerShard: 1, maxQuarantined: 1 });
      const env = { ...environmentOf(prepared), WINNOW_SHARD_COUNT: '2' };
      expect(await runWorker(env)).toEqual({ code: 65, stderr: '' });
      expect(await receiptsOf(prepared, 0)).toMatchObject([{ last: true, records: { quarantined: 2 } }]);
      expect(await receiptsOf(prepared, 1)).toMatchObject([{ last: true, records: { written: 1 } }]);
      expect(await attemptOf(prepared)).toMatchObject({ state: 'committed', cause: 'refused', exitCode: 65 });
      // The same again, from receipts alone.
      expect(await runWorker({ ...env, AWS_BATCH_JOB_ATTEMPT: '2' })).toMatchObject({ code: 65 });
    }));

  test('records the most memory that it had itself, not what started it had', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': '{"id":1}\n' });
      const prepared = await prepareRun(folder);
      const held = Buffer.alloc(500 * MIB, 1);
      await runWorker(environmentOf(prepared));
      expect(held.length).toBe(500 * MIB);
      const { peakMemoryMiB } = await attemptOf(prepared);
      expect(peakMemoryMiB).toBeGreaterThan(30);
      expect(peakMemoryMiB).toBeLessThan(400);
    }));

  test('names the memory that it needs and exits with 137', () =>
    withFolder(async (folder) => {
      const content = Buffer.from('{"id":1}\n');
      // RFC 8878, 3.1.1: no content size, a window of 2^(10 + 21) bytes, one last raw block.
      const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, (content.length << 3) | 1, 0, 0]);
      await writeFiles(folder, { 'in/a': Buffer.concat([header, content]) });
      const prepared = await prepareRun(folder);
      const small = await runWorker({ ...environmentOf(prepared), WINNOW_MEMORY: '512MiB' });
      expect(small).toMatchObject({ code: 137 });
      expect(await attemptOf(prepared)).toMatchObject({
        state: 'failed',
        cause: 'out-of-memory',
        neededMiB: 4096,
        exitCode: 137,
        memoryMiB: 512,
      });
      expect(await committedObjects(prepared)).toEqual(new Map());
    }));

  test('ends with 76 where the run was cancelled', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': '{"id":1}\n' });
      const prepared = await prepareRun(folder);
      const stop = join(prepared.output.uri, runKeys(prepared.run.runId).stop(prepared.intent.n));
      await mkdir(join(stop, '..'));
      await writeFile(stop, '{"n":0,"createdAt":"2026-01-01T00:00:00Z"}\n');
      expect(await runWorker(environmentOf(prepared))).toMatchObject({ code: 76 });
      expect(await attemptOf(prepared)).toMatchObject({
        state: 'cancelled',
        cause: 'cancelled',
        exitCode: 76,
      });
      expect(await committedObjects(prepared)).toEqual(new Map());
    }));
});

describe('a worker that cannot work says why in one line and exits with 78', () => {
  const refused = async (env: NodeJS.ProcessEnv, message: string | RegExp): Promise<void> => {
    const { code, stderr } = await runWorker(env);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(/^winnow worker: /)]);
    expect(stderr).toMatch(message);
    expect(code).toBe(78);
  };

  test('without an environment', () =>
    refused({ WINNOW_RUN: '' }, /WINNOW_RUN is missing.*; WINNOW_SUBMISSION is missing/));
  test('without such a folder', () =>
    refused({ WINNOW_RUN: '/nowhere/out', WINNOW_SUBMISSION: '0' }, '/nowhere/out is no run directory'));
  test('without such a run', () =>
    withFolder((folder) =>
      refused(
        { WINNOW_RUN: join(folder, '_winnow/0000-abababab'), WINNOW_SUBMISSION: '0' },
        /WINNOW_RUN .*: read _winnow\/0000-abababab\/run.json: the run has no plan/,
      ),
    ));
  test('without such a submission or shard', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': '{"id":1}\n' });
      const env = environmentOf(await prepareRun(folder));
      await refused({ ...env, WINNOW_SUBMISSION: '7' }, /WINNOW_SUBMISSION 7: .*there is no such submission/);
      await refused({ ...env, WINNOW_SHARD_BASE: '7' }, 'there is no shard 7');
    }));
  test.each([
    ['engine', { engine: 99 }, /engine 99/],
    ['zstd', { zstd: '1.4.0' }, 'was planned with zstd 1.4.0, this process has'],
  ])('with a run of another %s', (_, other, message) =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': '{"id":1}\n' });
      const prepared = await prepareRun(folder, {
        change: (run) => ({ ...run, frozen: { ...run.frozen, ...other } }),
      });
      await refused(environmentOf(prepared), message);
      expect(await committedObjects(prepared)).toEqual(new Map());
    }),
  );
});

test('a worker whose zstd makes other bytes writes nothing, names engine and zstd, and exits with 78', () =>
  withFolder(async (folder) => {
    await writeFiles(folder, { 'in/a': '{"id":1}\n' });
    const prepared = await prepareRun(folder);
    // Stands for a zstd of another version that calls itself the same.
    const other = `
      import zlib from 'node:zlib';
      import { syncBuiltinESMExports } from 'node:module';
      const { zstdCompressSync } = zlib;
      zlib.zstdCompressSync = (bytes, options) => zstdCompressSync(bytes, { ...options, params: {} });
      syncBuiltinESMExports();`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(other)}`;
    const { code, stderr } = await runWorker({ ...environmentOf(prepared), NODE_OPTIONS });
    expect(stderr).toMatch(
      new RegExp(
        `^winnow worker: engine ${ENGINE} must make golden bytes .* with zstd ${process.versions['zstd']} .*\n$`,
      ),
    );
    expect(code).toBe(78);
    expect(await committedObjects(prepared)).toEqual(new Map());
  }));
