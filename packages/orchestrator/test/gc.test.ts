import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { askDuckDb } from './judge.ts';
import { receiptsIn, untilThereAre } from './killing.ts';
import { partHashes, runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out'];
const RUN = [...IO, '--max-quarantined', '1'];
const good = (id: number): string => `${JSON.stringify({ id, text: `t${id}` })}\n`;

/** A finished run with a record in quarantine. */
async function finished(folder: string): Promise<string> {
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in/a.ndjson'), `${good(0)}bad\n${good(2)}`);
  const { code, report } = await runReport(RUN, folder);
  expect(code).toBe(0);
  return report.runId;
}

const filesOf = async (folder: string): Promise<string[]> => {
  const found = await readdir(join(folder, 'out'), { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/** What a run directory has, by the first part of the name. */
const leftOf = async (folder: string, runId: string): Promise<string[]> => {
  const root = join(folder, 'out/_winnow', runId);
  const names = (await filesOf(folder)).filter((path) => path.startsWith(`${root}/`));
  return [...new Set(names.map((path) => path.slice(root.length + 1).split('/')[0] ?? ''))].sort();
};

const gc = async (folder: string, ...flags: string[]) => {
  const { code, stdout, stderr } = await winnow(['gc', 'out', ...flags, '--json'], folder);
  expect(stderr).toBe('');
  return { code, summary: JSON.parse(stdout) as Record<string, unknown> };
};

test('gc tells what would go and removes nothing; --delete does it, and everything still works', () =>
  withFolder(async (folder) => {
    const runId = await finished(folder);
    const [before, parts] = [await filesOf(folder), await partHashes(join(folder, 'out'))];
    const told = await gc(folder, '--older-than', '0s');
    expect(told).toMatchObject({ code: 0, summary: { removed: false, runs: [{ runId }], kept: [] } });
    const text = (await winnow(['gc', 'out', '--older-than', '0s'], folder)).stdout;
    expect(text).toMatch(/^would remove \d+ objects, .* of 1 finished run; --delete does it\n {2}run 0000-/);
    expect(await filesOf(folder)).toEqual(before);
    const working = ['attempts', 'logs', 'plan', 'receipts', 'submissions'];
    const stays = (await leftOf(folder, runId)).filter((name) => !working.includes(name));

    const done = await gc(folder, '--older-than', '0s', '--delete');
    expect(done).toEqual({ code: 0, summary: { ...told.summary, removed: true } });
    expect(await leftOf(folder, runId)).toEqual([...stays, 'gc.json', 'line-bases.ndjson'].sort());
    expect(stays).toEqual(expect.arrayContaining(['run.json', 'report.json', 'quarantine', 'schema.yaml']));
    expect(await partHashes(join(folder, 'out'))).toEqual(parts);
    const nothing = await winnow(['gc', 'out', '--older-than', '0s', '--delete'], folder);
    expect([nothing.code, nothing.stdout]).toEqual([0, 'nothing to remove\n']);

    const verified = await winnow(['verify', 'out'], folder);
    expect(verified.code).toBe(0);
    expect(verified.stdout).toMatch(
      /is whole: 1 receipt, 1 part, 2 rows, .*\n {2}plan and receipts were removed by winnow gc on /,
    );
    const status = await winnow(['status', 'out', '--json'], folder);
    expect(JSON.parse(status.stdout)).toMatchObject({
      state: 'succeeded',
      units: { total: 1, committed: 1 },
      records: { read: 3, written: 2, quarantined: 1 },
      clearedAt: expect.any(String) as unknown,
    });
    const report = await winnow(['report', 'out', '--json'], folder);
    expect((await winnow(['watch', 'out', '--json'], folder)).stdout).toBe(report.stdout);
    const logs = await winnow(['logs', 'out'], folder);
    expect([logs.code, logs.stdout, logs.stderr]).toEqual([0, '', expect.stringContaining('gc has removed')]);
    expect((await winnow(['cancel', 'out'], folder)).stdout).toMatch(/is complete/);
    expect((await winnow(['run', ...RUN], folder)).stdout).toMatch(/^nothing to do/);

    const mended = `{"input":"a.ndjson","offset":${good(0).length},"raw":"{\\"id\\":1}"}\n`;
    await writeFile(join(folder, 'm'), mended);
    expect(await winnow(['redrive', ...IO, '--with', 'm'], folder)).toMatchObject({ code: 0 });
    await writeFile(join(folder, 'in/b.ndjson'), good(3));
    expect(await runReport(RUN, folder)).toMatchObject({ code: 0, report: { records: { read: 1 } } });
    const seen = await askDuckDb(join(folder, 'out'), 'SELECT count(*), sum(id) FROM output');
    expect(seen.map(Number)).toEqual([4, 6]);
    expect(await gc(folder, '--older-than', '0s', '--delete')).toMatchObject({
      code: 0,
      summary: { runs: [{}, {}], kept: [] },
    });
    for (const run of (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d/.test(name)))
      expect(await winnow(['verify', 'out', '--run', run], folder)).toMatchObject({ code: 0 });

    const [part = ''] = Object.keys(parts);
    const bytes = await readFile(join(folder, 'out', part));
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    await rm(join(folder, 'out', part));
    await writeFile(join(folder, 'out', part), bytes);
    const broken = await winnow(['verify', 'out', '--run', runId], folder);
    expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining(part)]);
  }));

test('gc leaves young runs alone, a week unless told otherwise', () =>
  withFolder(async (folder) => {
    const runId = await finished(folder);
    const before = await filesOf(folder);
    for (const age of [[], ['--older-than', '1h']])
      expect(await gc(folder, ...age, '--delete')).toMatchObject({
        code: 0,
        summary: { runs: [], kept: [{ runId, reason: 'young' }] },
      });
    expect(await filesOf(folder)).toEqual(before);
  }));

test('gc leaves an unfinished run alone: its command goes on with it', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), Array.from({ length: 60_000 }, (_, i) => good(i)).join(''));
    const command = [...IO, '--unit-size', '64KiB', '--concurrency', '1'];
    const running = startWinnow(['run', ...command], folder);
    await untilThereAre(async () => (await receiptsIn(folder)) >= 1);
    running.child.kill('SIGTERM');
    await running.ended;
    const before = await filesOf(folder);
    expect(await gc(folder, '--older-than', '0s', '--delete')).toMatchObject({
      code: 0,
      summary: { runs: [], kept: [{ reason: 'unfinished' }] },
    });
    expect(await filesOf(folder)).toEqual(before);
    expect(await runReport(command, folder)).toMatchObject({
      code: 0,
      report: { records: { read: 60_000 } },
    });
  }));

test('gc keeps a run whose compacted ledger is damaged, and says so', () =>
  withFolder(async (folder) => {
    const runId = await finished(folder);
    const ledger = join(folder, 'out/_winnow', runId, 'ledger.ndjson.zst');
    const bytes = await readFile(ledger);
    await rm(ledger);
    await writeFile(ledger, bytes.subarray(0, bytes.length - 9));
    const before = await filesOf(folder);
    const { code, summary } = await gc(folder, '--older-than', '0s', '--delete');
    expect([code, summary]).toMatchObject([1, { runs: [], kept: [{ runId, reason: 'damaged' }] }]);
    expect(await filesOf(folder)).toEqual(before);
  }));

test.each<[string[], RegExp]>([
  [
    ['gc', 'out', '--older-than', 'soon'],
    /^winnow: --older-than must be a whole number with .*, got soon\n$/,
  ],
  [['gc', 'none'], /^winnow: .*none holds no run: give the --output of a winnow run\n$/],
])('%j is refused in one line', (words, line) =>
  withFolder(async (folder) => {
    expect(await winnow(words, folder)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(line) as unknown,
    });
  }),
);
