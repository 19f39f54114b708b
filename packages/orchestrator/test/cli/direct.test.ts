import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { endingOf } from '../../src/cli/direct.ts';
import { receiptsIn, untilThereAre } from '../killing.ts';
import { partHashes, runReport, winnow, withFolder } from '../winnow.ts';

const ENTRY = fileURLToPath(new URL('../../../../docker/entry.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** The image's entry point as a process, with nothing but these words and variables. */
function startEntry(cwd: string, variables: Record<string, string>, words: readonly string[] = []) {
  const env = { PATH: process.env['PATH'], ...variables };
  const child = spawn(process.execPath, [ENTRY, ...words], { cwd, env });
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, text: Buffer.concat(said).toString() }));
  });
  return { child, ended };
}

test.each([
  ['succeeded', 0],
  ['partial', 65],
  ['failed', 70],
  ['cancelled', 76],
] as const)('a job whose report says %s ends with %d', (state, code) => {
  expect(endingOf({ state })).toBe(code);
});

test('without words and variables a container says what it can; with words it is the command', () =>
  withFolder(async (folder) => {
    expect(await startEntry(folder, {}).ended).toMatchObject({
      code: 0,
      text: expect.stringContaining('Commands:') as unknown,
    });
    expect(await startEntry(folder, { WINNOW_SOURCE: 'in' }, ['--version']).ended).toMatchObject({ code: 0 });
    expect(await startEntry(folder, {}, ['nonsense']).ended).toMatchObject({ code: 2 });
    expect(await startEntry(folder, { WINNOW_RUN: 'nowhere', WINNOW_SUBMISSION: '0' }).ended).toMatchObject({
      code: 78,
      text: expect.stringMatching(/^winnow worker: nowhere is no run directory/) as unknown,
    });
  }));

test('three containers of one job, one asked to end and started again: one plan, each shard once', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    const lines = Array.from({ length: 90_000 }, (_, id) => `{"id":${id}}\n`).join('');
    await writeFile(join(folder, 'in/a.ndjson'), lines);
    const variables = {
      ...{ WINNOW_SOURCE: 'in', WINNOW_OUTPUT: 'out', WINNOW_CONCURRENCY: '1' },
      ...{ WINNOW_UNIT_BYTES: '64KiB', WINNOW_SHARD_UNITS: '2', AWS_BATCH_JOB_ID: 'j:0' },
    };
    const [first, second, third] = [
      startEntry(folder, variables),
      startEntry(folder, variables),
      startEntry(folder, variables),
    ];
    await untilThereAre(async () => (await receiptsIn(folder)) >= 2);
    third.child.kill('SIGTERM');
    expect((await third.ended).code).toBe(75);
    const again = startEntry(folder, variables);
    for (const { ended } of [first, second, again]) expect(await ended).toMatchObject({ code: 0 });
    const report = JSON.parse((await winnow(['report', 'out', '--json'], folder)).stdout) as {
      records: { read: number };
      shards: { total: number };
      attempts: { total: number };
    };
    expect(report.records.read).toBe(90_000);
    expect(report.attempts.total).toBeLessThanOrEqual(report.shards.total + 1);
    const alone = ['--source', 'in', '--output', 'alone', '--unit-size', '64KiB'];
    expect((await runReport(alone, folder)).code).toBe(0);
    expect(await partHashes(join(folder, 'out'))).toEqual(await partHashes(join(folder, 'alone')));
  }));

test('what the containers of a job gave up, one of them that comes late does not try again', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), '{"id":1}\n');
    const variables = { WINNOW_SOURCE: 'in', WINNOW_OUTPUT: 'out', AWS_BATCH_JOB_ID: 'job:0' };
    const job = (id: string, more = {}) =>
      startEntry(folder, { ...variables, AWS_BATCH_JOB_ID: id, ...more }).ended;
    expect((await job('job:0')).code).toBe(0);
    await writeFile(join(folder, 'in/b.ndjson'), '{"id":2}\n');
    // Foreign bytes under the name of the next part: it can never be committed.
    const [first = ''] = Object.keys(await partHashes(join(folder, 'out')));
    await writeFile(join(folder, 'out', first.replace('part-0000', 'part-0001')), 'not a part');
    expect((await job('next:0')).code).toBe(70);
    const attempts = async (): Promise<number> =>
      (
        JSON.parse((await winnow(['report', 'out', '--json'], folder)).stdout) as {
          attempts: { total: number };
        }
      ).attempts.total;
    const before = await attempts();
    expect((await job('next:1')).code).toBe(70);
    expect(await attempts()).toBe(before);
    // Another job tries it again.
    expect((await job('third')).code).toBe(70);
    expect(await attempts()).toBe(before + 1);
  }));
