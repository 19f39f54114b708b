import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { localBackend } from '../../src/backend/local.ts';
import type { BackendEvent } from '../../src/backend/process-backend.ts';
import { withFolder } from '../winnow.ts';

const options = {
  concurrency: 1,
  availableMiB: 4096,
  stopSeconds: 5,
  environment: process.env,
  progressMs: 0,
};
const job = (runUri: string, shards: readonly number[]) => ({
  submission: 0,
  runUri,
  shards,
  memoryMiB: 512,
});

test('a run that no worker can work with ends every shard without a process for each', () =>
  withFolder(async (folder) => {
    const runUri = join(folder, '_winnow/0000-00000000');
    // Each process leaves a mark when it starts.
    const mark = join(folder, 'mark.cjs');
    await writeFile(
      mark,
      `require('node:fs').appendFileSync(${JSON.stringify(join(folder, 'starts'))}, 'x')`,
    );
    const environment = { ...process.env, NODE_OPTIONS: `--require ${mark}` };
    const shards = Array.from({ length: 200 }, (_, i) => i);
    const events: BackendEvent[] = await Array.fromAsync(
      localBackend({ ...options, environment }).submit(job(runUri, shards), new AbortController().signal),
    );
    expect(events.map((event) => ('shard' in event ? event.shard : -1)).sort((a, b) => a - b)).toEqual(
      shards,
    );
    for (const event of events) expect(event).toMatchObject({ kind: 'ended', exitCode: 78 });
    expect(await readFile(join(folder, 'starts'), 'utf8')).toBe('x');
    expect(new Set(events.map((event) => 'message' in event && event.message)).size).toBe(1);
  }));

test('shards that were not started when the run is stopped have ended as to be run again', () =>
  withFolder(async (folder) => {
    const stop = new AbortController();
    stop.abort();
    const submitted = localBackend(options).submit(
      job(join(folder, '_winnow/0000-00000000'), [0, 1]),
      stop.signal,
    );
    expect(await Array.fromAsync(submitted)).toEqual(
      [0, 1].map((shard) => ({ kind: 'ended', shard, exitCode: 75, signal: null, message: 'not started' })),
    );
  }));
