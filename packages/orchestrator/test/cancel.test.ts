import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Attempt } from '@winnow/core';
import { startWinnow, winnow, withFolder } from './winnow.ts';

const RUN = [
  'run',
  '--source',
  'in',
  '--output',
  'out',
  '--unit-size',
  '64KiB',
  '--concurrency',
  '1',
  '--shard-units',
  '1',
];

async function archive(folder: string, records: number): Promise<void> {
  await mkdir(join(folder, 'in'));
  const text = Array.from({ length: records }, (_, id) => `${JSON.stringify({ id, text: `t${id}` })}\n`);
  await writeFile(join(folder, 'in/a.ndjson'), text.join(''));
}

const partsIn = async (folder: string): Promise<number> => {
  const names = await readdir(join(folder, 'out')).catch(() => []);
  return names.filter((name) => name.startsWith('part-')).length;
};

/** Records of attempts that say that they were cancelled. */
async function cancelledAttempts(folder: string): Promise<number> {
  const root = join(folder, 'out/_winnow');
  const names = await readdir(root, { recursive: true });
  const records = names.filter((name) => /attempts\/\d+\/.*\.json$/.test(name));
  const texts = await Promise.all(records.map((name) => readFile(join(root, name), 'utf8')));
  return texts.filter((text) => (JSON.parse(text) as Attempt).state === 'cancelled').length;
}

test('a run that is cancelled ends at a border, and its command goes on there', () =>
  withFolder(async (folder) => {
    await archive(folder, 200_000);
    const running = startWinnow(RUN, folder);
    while ((await partsIn(folder)) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const cancelled = await winnow(['cancel', 'out'], folder);
    expect(cancelled).toMatchObject({ code: 0, stderr: '' });
    expect(cancelled.stdout).toMatch(/^run 0000-\w+: workers end at their next border/);
    const ended = await running.ended;
    expect([ended.code, ended.stdout]).toEqual([1, expect.stringMatching(/^Run \S+: cancelled/)]);
    // One process saw it; for the shards after its own no other was started to see it too.
    expect(await cancelledAttempts(folder)).toBe(1);
    const done = await partsIn(folder);
    const again = await winnow(RUN, folder);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/succeeded, balanced/) as unknown });
    expect(await partsIn(folder)).toBeGreaterThan(done);
    expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
  }));

test('a run that is complete has nothing to cancel', () =>
  withFolder(async (folder) => {
    await archive(folder, 10);
    await winnow(RUN, folder);
    const runs = (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d/.test(name));
    const before = await readdir(join(folder, 'out/_winnow', runs[0]!), { recursive: true });
    expect(await winnow(['cancel', 'out'], folder)).toMatchObject({
      code: 0,
      stdout: `run ${runs[0]} is complete: there is nothing to cancel\n`,
    });
    expect(await readdir(join(folder, 'out/_winnow', runs[0]!), { recursive: true })).toEqual(before);
  }));
