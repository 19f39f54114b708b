import { expect, test } from '@jest/globals';
import { attempt as attemptShape, diskStorage, readJson, runKeys } from '@winnow/core';
import { AttemptRecord } from '../src/attempt-record.ts';
import { passingTo } from './passing-storage.ts';
import { withFolder } from './prepared-run.ts';

test('an attempt is recorded at its start, at most every five seconds between, and at its end', () =>
  withFolder(async (folder) => {
    const keys = runKeys('0000-abcdef01');
    const disk = diskStorage(folder);
    let writes = 0;
    const storage = passingTo(disk, {
      replace: (key, bytes) => {
        writes++;
        return disk.replace(key, bytes);
      },
    });
    let ms = 0;
    // The process has done another shard before.
    const usage = () => ({
      now: new Date(ms),
      cpuSeconds: 100 + ms / 1000,
      peakMemoryMiB: 9,
      requests: { writes: 7 + Math.floor(ms / 1000), reads: 70 + Math.floor(ms / 500) },
    });
    const facts = {
      shard: 4,
      submission: 2,
      attempt: 'a',
      host: 'h',
      pid: 1,
      jobId: 'job:1',
      logPlace: { group: 'g', stream: 's' },
      memoryMiB: 512,
    };
    const record = new AttemptRecord(storage, keys.runId, facts, usage, usage());
    const stored = () => readJson(disk, keys.attempt(4, 2, 'a'), attemptShape);

    await record.start();
    expect(await stored()).toMatchObject({
      ...{ state: 'running', jobId: 'job:1', logGroup: 'g', logStream: 's' },
      committed: { subUnits: 0 },
    });
    ms = 4999;
    await record.committed(10, 100);
    expect(writes).toBe(1);
    ms = 5000;
    await record.committed(10, 100);
    expect(writes).toBe(2);
    expect(await stored()).toMatchObject({
      cpuSeconds: 5,
      requests: { writes: 5, reads: 10 },
      committed: { subUnits: 2, records: 20, decoded: 200 },
    });
    ms = 6000;
    await record.committed(1, 1);
    await record.end({ state: 'committed', exitCode: 0 });
    expect(writes).toBe(3);
    expect(await stored()).toMatchObject({
      state: 'committed',
      committed: { subUnits: 3, records: 21, decoded: 201 },
    });
  }));
