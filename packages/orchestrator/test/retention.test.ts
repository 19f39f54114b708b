import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseSpec, type SpecInput, type Storage } from '@winnow/core';
import type { RunEvent } from '../src/events.ts';
import { createLog } from '../src/log.ts';
import { processEdge, type OperationsEdge } from '../src/operations/edge.ts';
import { runSpec } from '../src/run/run.ts';
import { partHashes, winnow, withFolder } from './winnow.ts';

const HOUR_MS = 3_600_000;
const FIRST_MS = Date.parse('2026-01-01T00:00:00Z');

/** An output whose command is given again and again, at hours of a clock that the test sets. */
function commandIn(folder: string, retains: Pick<SpecInput, 'retention'> = { retention: '24h' }) {
  const spec = parseSpec({ source: 'in', output: 'out', ...retains });
  return async (hour: number, input?: string, edge: Partial<OperationsEdge> = {}) => {
    if (input !== undefined) await writeFile(join(folder, 'in', input), `{"id":${hour}}\n`);
    const events: RunEvent[] = [];
    const result = await runSpec(
      spec,
      { ...processEdge(), now: () => new Date(FIRST_MS + hour * HOUR_MS), ...edge },
      {
        cwd: folder,
        signal: new AbortController().signal,
        log: createLog('error', () => undefined),
        onEvent: (event) => void events.push(event),
      },
    );
    return {
      result,
      cleared: events.filter((event) => event.kind === 'cleared'),
      warnings: events.flatMap((event) => (event.kind === 'warning' ? [event.message] : [])),
    };
  };
}

/** Generations whose receipts are still there. */
const withReceipts = async (folder: string): Promise<number[]> => {
  const runs = (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d{4}-/.test(name)).sort();
  const found = await Promise.all(
    runs.map(async (runId) =>
      (await readdir(join(folder, 'out/_winnow', runId, 'receipts'))).length > 0
        ? [Number(runId.slice(0, 4))]
        : [],
    ),
  );
  return found.flat();
};

const failing = (real: OperationsEdge['openStorage'], removals: number): OperationsEdge['openStorage'] => {
  let left = removals;
  return async (root) => {
    const storage = await real(root);
    const remove: Storage['remove'] = (key) =>
      left-- > 0 ? storage.remove(key) : Promise.reject(new Error('the disk is gone'));
    return new Proxy(storage, {
      get(target, name) {
        if (name === 'remove') return remove;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  };
};

const inFolder = (work: (folder: string) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await work(folder);
  });

test('a run lets go of runs that ended longer ago than the spec retains them, and of no other', () =>
  inFolder(async (folder) => {
    const command = commandIn(folder);
    expect((await command(0, 'a.ndjson')).cleared).toEqual([]);
    expect((await command(10, 'b.ndjson')).cleared).toEqual([]);
    expect(await withReceipts(folder)).toEqual([0, 1]);
    const third = await command(30, 'c.ndjson');
    expect(third.cleared).toMatchObject([
      { runs: [expect.stringMatching(/^0000-/)], retention: 24 * HOUR_MS },
    ]);
    expect(await withReceipts(folder)).toEqual([1, 2]);
    // Also where there is nothing to do.
    const parts = await partHashes(join(folder, 'out'));
    const idle = await command(60);
    expect(idle.result.kind).toBe('nothing-to-do');
    expect(idle.cleared).toMatchObject([
      { runs: [{}, {}].map(() => expect.stringMatching(/^000[12]-/) as unknown) },
    ]);
    expect(await withReceipts(folder)).toEqual([]);
    expect((await command(61)).cleared).toEqual([]);
    expect(await partHashes(join(folder, 'out'))).toEqual(parts);
    for (const runId of (await readdir(join(folder, 'out/_winnow'))).filter((name) => /^\d{4}-/.test(name)))
      expect(await winnow(['verify', 'out', '--run', runId], folder)).toMatchObject({ code: 0 });
  }));

test('without a retention nothing goes', () =>
  inFolder(async (folder) => {
    const command = commandIn(folder, {});
    await command(0, 'a.ndjson');
    expect((await command(100_000)).cleared).toEqual([]);
    expect(await withReceipts(folder)).toEqual([0]);
  }));

test('a removal that fails is a warning; the next run goes on with it, from the generation that was begun', () =>
  inFolder(async (folder) => {
    const command = commandIn(folder);
    await command(0, 'a.ndjson');
    await command(1, 'b.ndjson');
    const real = processEdge().openStorage;
    for (const removals of [0, 2]) {
      const broken = await command(40, undefined, { openStorage: failing(real, removals) });
      expect(broken.result.kind).toBe('nothing-to-do');
      expect(broken.warnings).toEqual([
        expect.stringMatching(/not removed \(the disk is gone\); the next run/),
      ]);
    }
    expect((await command(41)).cleared).toHaveLength(1);
    expect(await withReceipts(folder)).toEqual([]);
  }));

test('a run that is not whole is kept and named, and those after it go', () =>
  inFolder(async (folder) => {
    const command = commandIn(folder);
    await command(0, 'a.ndjson');
    await command(1, 'b.ndjson');
    const [runId = ''] = (await readdir(join(folder, 'out/_winnow'))).filter((name) =>
      name.startsWith('0000-'),
    );
    await rm(join(folder, 'out/_winnow', runId, 'ledger.ndjson.zst'));
    const { cleared, warnings } = await command(40);
    expect(warnings).toEqual([
      expect.stringMatching(/^run 0000-.* is kept: it is not whole .*winnow verify$/),
    ]);
    expect(cleared).toMatchObject([{ runs: [expect.stringMatching(/^0001-/)] }]);
    expect(await withReceipts(folder)).toEqual([0]);
  }));
