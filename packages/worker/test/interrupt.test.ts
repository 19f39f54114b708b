import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { requestStop, runKeys } from '@winnow/core';
import { StopSignal } from '../src/stop-signal.ts';
import { doShard } from './do-shards.ts';
import { disturbed } from './passing-storage.ts';
import {
  committedObjects,
  prepareRun,
  receiptsOf,
  submit,
  withFolder,
  writeFiles,
  type PreparedRun,
} from './prepared-run.ts';
import { attemptsOf, environmentOf, longInput, runWorker, startWorker } from './started-worker.ts';

const MIB = 2 ** 20;

/** What a worker loads first: it signals itself at a moment that nobody outside could meet. */
const preloaded = (script: string): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}`,
  WINNOW_PROGRESS_MS: '1',
});
/** As soon as it takes signals; complains where more than that was loaded by then. */
const SIGNAL_AT_START = `
  import { registerHooks } from 'node:module';
  let late = false;
  registerHooks({
    load: (url, context, next) => {
      late ||= url.includes('/core/') || url.includes('/winston/');
      return next(url, context);
    },
  });
  process.on('newListener', (name) => {
    if (name !== 'SIGTERM') return;
    if (late) console.error('signals are taken late');
    queueMicrotask(() => process.kill(process.pid, 'SIGTERM'));
  });`;
/** When it says this; `progress` = a sub-unit is begun and not through. */
const signalAt = (event: string, ...signals: NodeJS.Signals[]): string => `
  const write = process.stdout.write.bind(process.stdout);
  let told = false;
  process.stdout.write = (text, ...rest) => {
    if (!told && String(text).includes('"event":"${event}"')) {
      told = true;
      for (const signal of ${JSON.stringify(signals)}) process.kill(process.pid, signal);
    }
    return write(text, ...rest);
  };`;

/** At its first read of an input, which never comes to an end. Something else keeps the process alive. */
const STUCK_IN_READING = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { open, read } = fs;
  const inputs = new Set();
  fs.open = (path, ...rest) => {
    const done = rest.pop();
    open(path, ...rest, (error, file) => {
      if (String(path).includes('/in/')) inputs.add(file);
      done(error, file);
    });
  };
  fs.read = Object.defineProperties(
    (file, ...rest) => {
      if (!inputs.has(file)) return read(file, ...rest);
      setInterval(() => undefined, 1000);
      process.kill(process.pid, 'SIGTERM');
    },
    Object.getOwnPropertyDescriptors(read),
  );
  syncBuiltinESMExports();`;

/** When all is done and its exit code is set. */
const SIGNAL_AT_EXIT = `
  process.once('beforeExit', () => {
    process.kill(process.pid, 'SIGTERM');
    process.once('SIGTERM', () => clearInterval(alive));
    const alive = setInterval(() => undefined, 10);
  });`;

const THREE_SHARDS = { 'in/a': '{"id":1}\n', 'in/b': '{"id":2}\n', 'in/c': '{"id":3}\n' };

async function statesOf(prepared: PreparedRun, shards: number): Promise<(string | undefined)[]> {
  const all = Array.from({ length: shards }, async (_, shard) => await attemptsOf(prepared, shard));
  return (await Promise.all(all)).map(([first]) => first?.state);
}

/** What a run of the same inputs makes that nobody disturbs. */
async function undisturbed(folder: string, options: Parameters<typeof prepareRun>[1]) {
  const prepared = await prepareRun(folder, { ...options, output: 'undisturbed' });
  const shards = { WINNOW_SHARD_COUNT: String(prepared.run.plan.units) };
  expect(await runWorker({ ...environmentOf(prepared), ...shards })).toEqual({ code: 0, stderr: '' });
  return committedObjects(prepared);
}

describe('a signal in the middle of a sub-unit', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: the one in hand is committed, none after it, and the exit code is 75',
    (signal) =>
      withFolder(async (folder) => {
        await writeFiles(folder, { 'in/a': longInput(25) });
        const options = { unitBytes: 40 * MIB };
        const prepared = await prepareRun(folder, options);
        // In the first of three sub-units.
        const interrupted = { ...preloaded(signalAt('progress', signal)), WINNOW_STOP_SECONDS: '3600' };
        expect(await runWorker({ ...environmentOf(prepared), ...interrupted })).toEqual({
          code: 75,
          stderr: '',
        });
        expect(await receiptsOf(prepared, 0)).toMatchObject([{ sub: 0, last: false }]);
        expect(await attemptsOf(prepared)).toMatchObject([
          { state: 'interrupted', cause: 'interrupted', exitCode: 75, committed: { subUnits: 1 } },
        ]);
        expect(await runWorker(environmentOf(prepared))).toEqual({ code: 0, stderr: '' });
        expect((await receiptsOf(prepared, 0)).length).toBe(3);
        expect(await committedObjects(prepared)).toEqual(await undisturbed(folder, options));
      }),
  );

  test.each([
    ['is gone on with while there is time', 69_000, 1],
    ['is left when its time is up, with nothing under a final name', 71_000, 0],
  ])('what is in hand %s', (_, ms, committed) =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': longInput(3) });
      const prepared = await prepareRun(folder);
      let now = 0;
      const stop = new StopSignal(() => now);
      stop.graceSeconds = 100;
      // It comes while the input is read.
      const source = disturbed(prepared.source, 'a', {
        before: () => {
          stop.request();
          now += ms;
          return Promise.resolve();
        },
      });
      const done = doShard(prepared, 0, { source, stop });
      if (committed === 0) await expect(done).rejects.toMatchObject({ why: 'interrupted' });
      else await done;
      expect((await receiptsOf(prepared, 0)).length).toBe(committed);
      expect((await committedObjects(prepared)).size).toBe(2 * committed);
      expect(await readdir(join(prepared.output.uri, '_winnow/tmp'))).toEqual([]);
    }),
  );

  test.each<[string, NodeJS.Signals[], string]>([
    ['at a second signal', ['SIGTERM', 'SIGINT'], '3600'],
    ['at the first where no time is left', ['SIGTERM'], '0'],
  ])('it ends at once %s, also with 75', (_, signals, seconds) =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': longInput(25) });
      const prepared = await prepareRun(folder);
      const interrupted = { ...preloaded(signalAt('progress', ...signals)), WINNOW_STOP_SECONDS: seconds };
      expect(await runWorker({ ...environmentOf(prepared), ...interrupted })).toEqual({
        code: 75,
        stderr: '',
      });
      expect(await committedObjects(prepared)).toEqual(new Map());
      // It had no time to say how it ended.
      expect(await attemptsOf(prepared)).toMatchObject([{ state: 'running' }]);
    }),
  );

  test('it leaves in time where it comes to no border, with 75', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': longInput(3) });
      const prepared = await prepareRun(folder);
      const stuck = { ...preloaded(STUCK_IN_READING), WINNOW_STOP_SECONDS: '1' };
      const { child, ended } = startWorker({ ...environmentOf(prepared), ...stuck });
      child.stdout.resume();
      // One that does not leave is killed, long after its time.
      const limit = setTimeout(() => child.kill('SIGKILL'), 60_000);
      expect(await ended).toEqual({ code: 75, stderr: '' });
      clearTimeout(limit);
      expect(await attemptsOf(prepared)).toMatchObject([{ state: 'running' }]);
    }));

  test('it ends with 75 when nobody reads what it says any more', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': longInput() });
      const prepared = await prepareRun(folder, { unitBytes: 4 * MIB });
      const env = { ...environmentOf(prepared), WINNOW_PROGRESS_MS: '100' };
      const { child, ended, until } = startWorker(env);
      await until('committed');
      child.stdout.destroy();
      expect(await ended).toEqual({ code: 75, stderr: '' });
      const receipts = await receiptsOf(prepared, 0);
      expect(receipts.length).toBeGreaterThan(0);
      expect(receipts.at(-1)!.last).toBe(false);
      expect(await attemptsOf(prepared)).toMatchObject([
        { state: 'interrupted', exitCode: 75, committed: { subUnits: receipts.length } },
      ]);
    }));
});

describe('a signal at a border', () => {
  test.each([
    ['before the worker is loaded', SIGNAL_AT_START, 0, ['interrupted', undefined, undefined]],
    [
      'as the first shard begins',
      signalAt('shard-started', 'SIGTERM'),
      0,
      ['interrupted', undefined, undefined],
    ],
    [
      'as its last sub-unit is committed',
      signalAt('committed', 'SIGTERM'),
      1,
      ['committed', undefined, undefined],
    ],
    ['as it ends', signalAt('shard-ended', 'SIGTERM'), 1, ['committed', undefined, undefined]],
  ])(
    '%s ends a process of three shards there with 75; the rest is done by the next',
    (_, script, done, states) =>
      withFolder(async (folder) => {
        await writeFiles(folder, THREE_SHARDS);
        const options = { unitBytes: 10, unitsPerShard: 1 };
        const prepared = await prepareRun(folder, options);
        const env = { ...environmentOf(prepared), WINNOW_SHARD_COUNT: '3', AWS_BATCH_JOB_ATTEMPT: '1' };
        expect(await runWorker({ ...env, ...preloaded(script) })).toEqual({ code: 75, stderr: '' });
        expect(await statesOf(prepared, 3)).toEqual(states);
        const receipts = await Promise.all([0, 1, 2].map((unit) => receiptsOf(prepared, unit)));
        expect(receipts.map(({ length }) => length)).toEqual([done, 0, 0]);
        expect(await runWorker({ ...env, AWS_BATCH_JOB_ATTEMPT: '2' })).toMatchObject({ code: 0 });
        expect(await committedObjects(prepared)).toEqual(await undisturbed(folder, options));
      }),
  );

  test('the last step of all: what is committed is said to be, but the process exits with 75', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': '{"id":1}\n' });
      const prepared = await prepareRun(folder);
      const env = { ...environmentOf(prepared), ...preloaded(signalAt('shard-ended', 'SIGTERM')) };
      expect(await runWorker(env)).toEqual({ code: 75, stderr: '' });
      expect(await attemptsOf(prepared)).toMatchObject([{ state: 'committed', exitCode: 0 }]);
      expect((await receiptsOf(prepared, 0)).length).toBe(1);
    }));

  test('after the last step: the exit code is 75 although it was set to 0', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': '{"id":1}\n' });
      const prepared = await prepareRun(folder);
      const env = { ...environmentOf(prepared), ...preloaded(SIGNAL_AT_EXIT) };
      expect(await runWorker(env)).toEqual({ code: 75, stderr: '' });
      expect(await attemptsOf(prepared)).toMatchObject([{ state: 'committed', exitCode: 0 }]);
    }));

  test('whenever it comes, the process ends by it or with 75, and never with 0', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': longInput(500) });
      const prepared = await prepareRun(folder, { unitBytes: 4 * MIB });
      for (let ms = 0; ms < 400; ms += 40) {
        const { child, ended } = startWorker(environmentOf(prepared));
        child.stdout.resume();
        await sleep(ms);
        child.kill('SIGTERM');
        const { code } = await ended;
        expect([75, null]).toContain(code);
        if (code === null) expect(child.signalCode).toBe('SIGTERM');
      }
      const receipts = await receiptsOf(prepared, 0);
      expect(receipts.some(({ last }) => last)).toBe(false);
      for (const { state } of await attemptsOf(prepared)) expect(state).toBe('interrupted');
    }));
});

test('a cancel ends the workers of its submission with 76 and those of the next one not', () =>
  withFolder(async (folder) => {
    await writeFiles(folder, THREE_SHARDS);
    const options = { unitBytes: 10, unitsPerShard: 1 };
    const prepared = await prepareRun(folder, options);
    await requestStop(prepared.output, runKeys(prepared.run.runId), '2026-01-01T00:00:00Z');
    const several = { WINNOW_SHARD_COUNT: '3' };
    expect(await runWorker({ ...environmentOf(prepared), ...several })).toMatchObject({ code: 76 });
    expect(await statesOf(prepared, 3)).toEqual(['cancelled', undefined, undefined]);
    expect(await committedObjects(prepared)).toEqual(new Map());
    const next = { ...prepared, intent: await submit(prepared.output, prepared.run, options) };
    expect(next.intent.n).toBe(1);
    expect(await runWorker({ ...environmentOf(next), ...several })).toMatchObject({ code: 0 });
    expect(await committedObjects(prepared)).toEqual(await undisturbed(folder, options));
  }));
