import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Report } from '@winnow/core';
import { createLog } from '../src/log.ts';
import { processEdge } from '../src/operations/edge.ts';
import { pullRun } from '../src/operations/pull.ts';
import { receiptsIn, untilThereAre, workersOf } from './killing.ts';
import { partHashes, runReport, startWinnow, winnow, withFolder, type Running } from './winnow.ts';

const CUTS = '--unit-size 64KiB --shard-units 4'.split(' ');
const RUN = ['--source', 'in', '--output', 'out', ...CUTS];
const RECORDS = 90_000;

async function archive(folder: string): Promise<void> {
  await mkdir(join(folder, 'in'));
  for (let file = 0; file < 6; file++) {
    const lines = Array.from(
      { length: RECORDS / 6 },
      (_, i) => `{"id":${file * (RECORDS / 6) + i},"t":"${'x'.repeat(i % 40)}"}\n`,
    );
    await writeFile(join(folder, `in/${file}.ndjson`), lines.join(''));
  }
}

/** The runs of the output, and how many submissions they have. */
async function submissionsIn(folder: string): Promise<{ runs: string[]; intents: number }> {
  const names = await readdir(join(folder, 'out/_winnow')).catch((): string[] => []);
  const runs = names.filter((name) => /^\d{4}-/.test(name)).sort();
  const found = runs.map((run) =>
    readdir(join(folder, 'out/_winnow', run, 'submissions')).catch((): string[] => []),
  );
  const intents = (await Promise.all(found)).flat().filter((name) => name.endsWith('.intent.json'));
  return { runs, intents: intents.length };
}

/** `winnow run --backend pull`, once anybody may take its shards. */
async function planned(folder: string, ...flags: string[]): Promise<Running & { readonly runId: string }> {
  const before = await submissionsIn(folder);
  const running = startWinnow(['run', ...RUN, '--backend', 'pull', '--json', ...flags], folder);
  await untilThereAre(async () => (await submissionsIn(folder)).intents > before.intents);
  return { ...running, runId: (await submissionsIn(folder)).runs.at(-1) ?? '' };
}

const puller = (folder: string, pull: string): Running =>
  startWinnow(['worker', '--pull', pull, '--concurrency', '1', '--json'], folder);

const reportOf = ({ stdout }: { stdout: string }): Report => JSON.parse(stdout) as Report;

/** What a run on one machine makes of it. */
async function alone(folder: string): Promise<Record<string, string>> {
  expect((await runReport([...RUN.slice(0, 2), '--output', 'alone', ...CUTS], folder)).code).toBe(0);
  return partHashes(join(folder, 'alone'));
}

test('workers that come, go and are asked to end share the shards: each is done once, the bytes are the same', () =>
  withFolder(async (folder) => {
    await archive(folder);
    const run = await planned(folder);
    const directory = `out/_winnow/${run.runId}`;
    const [first, leaving] = [puller(folder, directory), puller(folder, directory)];
    await untilThereAre(async () => (await receiptsIn(folder)) >= 4);
    leaving.child.kill('SIGTERM');
    expect((await leaving.ended).code).toBe(143);
    const late = puller(folder, directory);
    for (const { ended } of [run, first, late]) {
      const end = await ended;
      expect([end.code, end.stderr]).toEqual([0, expect.any(String)]);
      expect(reportOf(end)).toMatchObject({
        state: 'succeeded',
        records: { read: RECORDS, written: RECORDS },
      });
    }
    const report = reportOf(await winnow(['report', 'out', '--json'], folder));
    // One was in hand when its worker was asked to end.
    expect(report.attempts.total).toBeLessThanOrEqual(report.shards.total + 1);
    expect(await partHashes(join(folder, 'out'))).toEqual(await alone(folder));
    expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
    expect(await workersOf(folder)).toEqual([]);
    // It is done: one that comes now has nothing to do.
    expect(await puller(folder, directory).ended).toMatchObject({ code: 0 });
  }));

test('the shards of a worker that was killed are taken over', () =>
  withFolder(async (folder) => {
    await archive(folder);
    const run = await planned(folder);
    const killed = puller(folder, `out/_winnow/${run.runId}`);
    await untilThereAre(async () => (await receiptsIn(folder)) >= 4);
    killed.child.kill('SIGKILL');
    run.child.kill('SIGKILL');
    await Promise.all([killed.ended, run.ended]);
    await untilThereAre(async () => (await workersOf(folder)).length === 0);
    const claims = join(folder, 'out/_winnow', run.runId, 'claims/0');
    expect((await readdir(claims)).filter((name) => /^\d+\.json$/.test(name))).toHaveLength(1);

    // Its time goes a hundred times as fast.
    const startedAt = Date.now();
    const report = await pullRun(
      { run: { output: 'out', runId: run.runId }, concurrency: 2 },
      { ...processEdge(), now: () => new Date(startedAt + (Date.now() - startedAt) * 100) },
      {
        cwd: folder,
        signal: new AbortController().signal,
        log: createLog('error', () => undefined),
        onEvent: () => undefined,
      },
    );
    expect(report).toMatchObject({ state: 'succeeded', balanced: true, records: { read: RECORDS } });
    expect((await readdir(claims)).filter((name) => /^\d+\.json$/.test(name))).toEqual([]);
    expect(await partHashes(join(folder, 'out'))).toEqual(await alone(folder));
  }));

test('a shard that was given up is tried by no other worker, and by the next run command', () =>
  withFolder(async (folder) => {
    await archive(folder);
    const before = await planned(folder);
    before.child.kill('SIGKILL');
    await before.ended;
    // Foreign bytes under the name of a part: its shard can never commit.
    const poison = join(folder, `out/part-${before.runId}-000003-0000.parquet`);
    await writeFile(poison, 'not a part');
    const directory = `out/_winnow/${before.runId}`;
    const ends = await Promise.all([puller(folder, directory).ended, puller(folder, directory).ended]);
    for (const end of ends) {
      expect(end.code).toBe(1);
      expect(reportOf(end)).toMatchObject({ state: 'failed', shards: { failed: 1 } });
      expect(reportOf(end).problems.join('\n')).toMatch(/shard 0 failed \(conflict\)/);
    }
    const report = reportOf(ends[0]);
    expect(report.attempts).toMatchObject({ total: report.shards.total, failed: 1 });
    // Started again and again, as a service does: no further attempt.
    expect(await puller(folder, directory).ended).toMatchObject({ code: 1 });
    expect(reportOf(await winnow(['report', 'out', '--json'], folder)).attempts).toEqual(report.attempts);

    await rm(poison);
    const again = await planned(folder);
    expect(again.runId).toBe(before.runId);
    expect((await puller(folder, directory).ended).code).toBe(0);
    expect((await again.ended).code).toBe(0);
    expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
  }));

test('winnow cancel ends all who take shards', () =>
  withFolder(async (folder) => {
    await archive(folder);
    const run = await planned(folder);
    const worker = puller(folder, `out/_winnow/${run.runId}`);
    await untilThereAre(async () => (await receiptsIn(folder)) >= 2);
    expect(await winnow(['cancel', 'out'], folder)).toMatchObject({ code: 0 });
    for (const { ended } of [run, worker]) {
      const end = await ended;
      expect([end.code, reportOf(end).state]).toEqual([1, 'cancelled']);
    }
    const tooLate = await puller(folder, `out/_winnow/${run.runId}`).ended;
    expect([tooLate.code, reportOf(tooLate).state]).toEqual([1, 'cancelled']);
    expect(await workersOf(folder)).toEqual([]);
    expect((await runReport(RUN, folder)).report).toMatchObject({
      state: 'succeeded',
      records: { read: RECORDS },
    });
  }));

test('a worker that is given an output waits for runs in it, and does one after the other until it is asked to end', () =>
  withFolder(async (folder) => {
    await archive(folder);
    const worker = puller(folder, 'out');
    const first = await (await planned(folder)).ended;
    expect([first.code, reportOf(first).records.read]).toEqual([0, RECORDS]);
    await writeFile(join(folder, 'in/new.ndjson'), '{"id":-1,"t":""}\n');
    const second = await (await planned(folder)).ended;
    expect([second.code, reportOf(second).records.read]).toEqual([0, 1]);
    worker.child.kill('SIGTERM');
    expect((await worker.ended).code).toBe(143);
  }));

test.each<[string[], RegExp]>([
  [['worker'], /^winnow: missing required argument: pull/],
  [
    ['worker', '--pull', 'out', '--concurrency', 'many'],
    /^winnow: --concurrency must be a whole number from 1 to 1024, got many\n$/,
  ],
  [
    ['worker', '--pull', 'out/_winnow/0000-89abcdef'],
    /^winnow: .*\/out holds no planned run 0000-89abcdef: .*\n$/,
  ],
])('winnow %j is told why not', (args, message) =>
  withFolder(async (folder) => {
    const { code, stderr } = await winnow(args, folder);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  }),
);
