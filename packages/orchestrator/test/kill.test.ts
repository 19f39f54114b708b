import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { Report } from '@winnow/core';
import { essence } from './essence.ts';
import { kill, receiptsIn, untilThereAre, workersOf } from './killing.ts';
import { partHashes, runReport, startWinnow, winnow, withFolder } from './winnow.ts';

/** The demo's kind of archive, cut into many units and sub-units. */
const SAMPLE =
  'sample ndjson --output in --files 9 --records 30000 --seed 5 --bad 9 --drift --compression mixed';
const RUN = ['--source', 'in', '--output', 'out', '--max-quarantined', '9', '--unit-size', '256KiB'];

async function sampled(folder: string): Promise<void> {
  const { code, stderr } = await winnow(SAMPLE.split(' '), folder);
  if (code !== 0) throw new Error(stderr);
}

describe('whatever is killed, the same command again ends in the same bytes', () => {
  test('kill -9 of the orchestrator, of workers and of all of them', () =>
    withFolder(async (folder) => {
      await sampled(folder);
      const undisturbed = await runReport(RUN, folder);
      expect(undisturbed).toMatchObject({ code: 0, report: { state: 'succeeded' } });
      const expected = await partHashes(join(folder, 'out'));
      await cp(join(folder, 'out'), join(folder, 'undisturbed'), { recursive: true });
      execFileSync('rm', ['-r', join(folder, 'out')]);

      // Each round dies two receipts later than the one before; in every second one its workers die first.
      let killed = 0;
      for (let round = 0; round < 6; round++) {
        const running = startWinnow(['run', ...RUN], folder);
        let ended = false;
        void running.ended.then(() => (ended = true));
        const before = await receiptsIn(folder);
        await untilThereAre(async () => ended || (await receiptsIn(folder)) >= before + 1);
        if (round % 2 === 0) for (const pid of await workersOf(folder)) kill(pid);
        await untilThereAre(async () => ended || (await receiptsIn(folder)) >= before + 2);
        running.child.kill('SIGKILL');
        for (const pid of await workersOf(folder)) kill(pid);
        if ((await running.ended).signal === 'SIGKILL') killed++;
      }
      expect(killed).toBeGreaterThan(1);
      const { code } = await winnow(['run', ...RUN], folder);
      expect(code).toBe(0);
      expect(await partHashes(join(folder, 'out'))).toEqual(expected);
      // A round may have come to the end: the last command then had nothing to do.
      const report = JSON.parse((await winnow(['report', 'out', '--json'], folder)).stdout) as Report;
      expect(essence(report)).toEqual(essence(undisturbed.report));
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
      expect(report.attempts.failed).toBeGreaterThan(0);
      const ledger = (output: string): Promise<Buffer> =>
        readFile(join(folder, output, '_winnow', report.runId, 'ledger.ndjson.zst'));
      expect((await ledger('out')).equals(await ledger('undisturbed'))).toBe(true);
    }));

  test('a planner killed at any time leaves no half plan', () =>
    withFolder(async (folder) => {
      await sampled(folder);
      for (let ms = 150; ms <= 650; ms += 100) {
        const running = startWinnow(['run', ...RUN], folder);
        await sleep(ms);
        running.child.kill('SIGKILL');
        await running.ended;
        for (const pid of await workersOf(folder)) kill(pid);
      }
      const { code, report } = await runReport(RUN, folder);
      expect(code).toBe(0);
      expect(report.runId).toMatch(/^0000-/);
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
    }));
});

describe('a signal', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends the run and its workers at the next border with exit %d, resumable', (signal, code) =>
    withFolder(async (folder) => {
      await sampled(folder);
      const running = startWinnow(['run', ...RUN, '--concurrency', '1'], folder);
      await untilThereAre(async () => (await receiptsIn(folder)) >= 2);
      running.child.kill(signal);
      const ended = await running.ended;
      expect(ended).toMatchObject({ code, signal: null, stdout: '' });
      expect(ended.stderr).toContain('the same command again goes on');
      expect(await workersOf(folder)).toEqual([]);
      const done = await receiptsIn(folder);
      expect(existsSync(join(folder, 'out/_SUCCESS'))).toBe(false);
      const resumed = await runReport(RUN, folder);
      expect(resumed).toMatchObject({
        code: 0,
        report: { state: 'succeeded', attempts: { failed: 0 } },
      });
      // None where the signal came between two processes.
      expect(resumed.report.attempts.interrupted).toBeLessThanOrEqual(1);
      expect(done).toBeLessThan(await receiptsIn(folder));
    }),
  );
});

describe('a worker that dies', () => {
  test('is seen, named, and its shard tried again within the budget', () =>
    withFolder(async (folder) => {
      await sampled(folder);
      const running = startWinnow(['run', ...RUN, '--concurrency', '1'], folder);
      await untilThereAre(async () => (await receiptsIn(folder)) > 0);
      await untilThereAre(async () => {
        const [pid] = await workersOf(folder);
        if (pid !== undefined) kill(pid);
        return pid !== undefined;
      });
      const { code, stderr } = await running.ended;
      expect(code).toBe(0);
      expect(stderr).toMatch(/shard \d+ failed \(killed\): killed by SIGKILL: trying again/);
    }));

  test('every time is given up after three failures; the other shards are done', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const line = (i: number): string => `{"id":${i}}\n`;
      await writeFile(join(folder, 'in/a.ndjson'), line(1));
      await writeFile(join(folder, 'in/z.gz'), gzipSync(line(2)));
      const first = await runReport(['--source', 'in', '--output', 'out', '--unit-size', '64KiB'], folder);
      expect(first.code).toBe(0);

      // A part of foreign bytes under the name of the second unit's: its shard can never commit.
      await writeFile(join(folder, 'in/b.ndjson'), line(3).repeat(20_000));
      const planned = await winnow(['plan', '--source', 'in', '--unit-size', '64KiB', '--json'], folder);
      expect(planned.code).toBe(0);
      const hash = first.report.runId.slice(5);
      await writeFile(join(folder, `out/part-0001-${hash}-000001-0000.parquet`), 'not a part');
      const { code, report } = await runReport(
        ['--source', 'in', '--output', 'out', '--unit-size', '64KiB'],
        folder,
      );
      expect(code).toBe(1);
      expect(report).toMatchObject({ state: 'failed', balanced: false, shards: { failed: 1 } });
      expect(report.units.committed).toBe(report.units.total - 1);
      expect(report.problems.join('\n')).toMatch(/failed \(conflict\): .*two attempts made different bytes/);
      expect(existsSync(join(folder, 'out/_SUCCESS'))).toBe(false);

      execFileSync('rm', [join(folder, `out/part-0001-${hash}-000001-0000.parquet`)]);
      const mended = await runReport(['--source', 'in', '--output', 'out', '--unit-size', '64KiB'], folder);
      expect(mended).toMatchObject({ code: 0, report: { state: 'succeeded' } });
    }));
});
