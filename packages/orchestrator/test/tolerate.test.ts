import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { workersOf } from './killing.ts';
import { runReport, winnow, withFolder } from './winnow.ts';

const RUN = '--source in --output out --unit-size 64KiB --shard-units 1 --concurrency 1'.split(' ');
const POISONED = [1, 2, 3];

/**
 * An output whose next generation has some 20 shards. Foreign bytes lie under the names of three parts: these shards can
 * never commit.
 */
async function poison(folder: string): Promise<string[]> {
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in/a.ndjson'), '{"id":1}\n');
  const first = await runReport(RUN, folder);
  expect(first.code).toBe(0);
  const lines = Array.from({ length: 100_000 }, (_, id) => `{"id":${id}}\n`);
  await writeFile(join(folder, 'in/b.ndjson'), lines.join(''));
  const hash = first.report.runId.slice(5);
  const parts = POISONED.map((unit) =>
    join(folder, `out/part-0001-${hash}-${String(unit).padStart(6, '0')}-0000.parquet`),
  );
  for (const part of parts) await writeFile(part, 'not a part');
  return parts;
}

test('once more shards are given up than tolerated, nothing more is begun; the same command goes on', () =>
  withFolder(async (folder) => {
    const parts = await poison(folder);
    const { code, report } = await runReport([...RUN, '--tolerate', '1'], folder);
    expect(code).toBe(1);
    expect(report).toMatchObject({
      state: 'failed',
      balanced: false,
      attempts: { total: expect.any(Number) as unknown },
    });
    expect(report.shards.failed).toBeGreaterThan(1);
    expect(report.units.committed).toBeLessThan(report.units.total - POISONED.length);
    expect(report.problems.join('\n')).toMatch(
      /[23] of \d+ shards given up, --tolerate allows 1: nothing more was submitted; the same command again goes on/,
    );
    // What was left to do is nobody's failure.
    expect(report.problems.filter((line) => line.includes('failed')).join()).not.toMatch(
      /interrupted|transient/,
    );
    expect(existsSync(join(folder, 'out/_SUCCESS'))).toBe(false);
    expect(await workersOf(folder)).toEqual([]);

    for (const part of parts) await rm(part);
    const again = await runReport([...RUN, '--tolerate', '1'], folder);
    expect(again).toMatchObject({ code: 0, report: { state: 'succeeded', runId: report.runId } });
    expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
  }));

test.each([[[]], [['--tolerate', '3']]])(
  'with %j poisoned shards fail alone, at their first attempt, and all others are done',
  (tolerate) =>
    withFolder(async (folder) => {
      await poison(folder);
      const { code, report } = await runReport([...RUN, ...tolerate], folder);
      expect(code).toBe(1);
      expect(report).toMatchObject({
        state: 'failed',
        shards: { failed: 3 },
        attempts: { total: report.shards.total, failed: 3 },
      });
      expect(report.units.committed).toBe(report.units.total - 3);
      expect(report.problems.join('\n')).not.toContain('--tolerate');
    }),
);
