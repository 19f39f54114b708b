import { expect, test } from '@jest/globals';
import { diskStorage, readZstdLines, runKeys } from '@winnow/core';
import { AttemptLog } from '../src/attempt-log.ts';
import { passingTo } from './passing-storage.ts';
import { withFolder } from './prepared-run.ts';

const KEYS = runKeys('0000-abcdef01');
const NAME = { shard: 7, submission: 2, attempt: '3' };

async function linesOf(folder: string): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const line of readZstdLines(diskStorage(folder).read(KEYS.log(7, 2, '3'))))
    lines.push(JSON.parse(line));
  return lines;
}

test('an attempt’s log holds all it had to say, in order, with the time', () =>
  withFolder(async (folder) => {
    let ms = 0;
    const log = new AttemptLog(diskStorage(folder), KEYS.runId, NAME, () => new Date(ms));
    const said = Array.from({ length: 5000 }, (_, n) => ({
      event: 'log' as const,
      level: 'info',
      message: `${n} ${'x'.repeat(100)}`,
    }));
    for (const event of said) {
      ms++;
      log.add(event);
    }
    await log.end();
    const lines = await linesOf(folder);
    expect(lines).toEqual(said.map((event, n) => ({ timestamp: new Date(n + 1).toISOString(), ...event })));
  }));

test('it is written every minute, so that a process that is killed leaves what it said before', () =>
  withFolder(async (folder) => {
    let ms = 0;
    const disk = diskStorage(folder);
    let writes = 0;
    const storage = passingTo(disk, {
      replace: (key, bytes) => {
        writes++;
        return disk.replace(key, bytes);
      },
    });
    const log = new AttemptLog(storage, KEYS.runId, NAME, () => new Date(ms));
    log.add({ event: 'shard-started', shard: 7 });
    ms = 59_999;
    log.add({ event: 'log', level: 'info', message: 'a' });
    expect(writes).toBe(0);
    ms = 60_000;
    log.add({ event: 'log', level: 'info', message: 'b' });
    while (writes === 0 || (await disk.stat(KEYS.log(7, 2, '3'))) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await linesOf(folder)).toHaveLength(3);
    log.add({ event: 'log', level: 'info', message: 'c' });
    await log.end();
    expect(writes).toBe(2);
    expect(await linesOf(folder)).toHaveLength(4);
  }));

test('a log that cannot be written harms nothing', () =>
  withFolder(async (folder) => {
    const storage = passingTo(diskStorage(folder), { replace: () => Promise.reject(new Error('no')) });
    const log = new AttemptLog(storage, KEYS.runId, NAME, () => new Date(0));
    log.add({ event: 'shard-started', shard: 7 });
    await log.end();
    expect(await diskStorage(folder).stat(KEYS.log(7, 2, '3'))).toBeUndefined();
  }));
