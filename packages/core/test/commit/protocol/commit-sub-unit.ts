import { expect, test } from '@jest/globals';
import { commitSubUnit, readReceipt } from '../../../src/commit/commit-sub-unit.ts';
import type { SubUnitResult } from '../../../src/commit/commit-sub-unit.ts';
import { readUnits } from '../../../src/commit/run-file.ts';
import { ConflictError } from '../../../src/errors.ts';
import { partKey, runKeys } from '../../../src/run-keys.ts';
import { allOf } from '../all-of.ts';
import { plannedRun } from '../closed-run.ts';
import { SOURCE, makeSubUnit } from '../small-run.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import type { FreshStorage } from './fresh-storage.ts';
import { has, keysOf } from './peek.ts';

const passingOn = (storage: Storage): Storage => ({
  uri: storage.uri,
  list: (...given) => storage.list(...given),
  stat: (key) => storage.stat(key),
  read: (...given) => storage.read(...given),
  create: (key) => storage.create(key),
  commit: (objects) => storage.commit(objects),
  commitOver: (...given) => storage.commitOver(...given),
  copy: (...given) => storage.copy(...given),
  replace: (...given) => storage.replace(...given),
  remove: (key) => storage.remove(key),
  discardPending: (begin) => storage.discardPending(begin),
});

export function commitSubUnitSuite(fresh: FreshStorage): void {
  async function attempt() {
    const { storage, run } = await plannedRun(fresh, { a: 'one x', b: 'two' });
    const [unit] = await allOf(readUnits(storage, run));
    const keys = runKeys(run.runId);
    const make = (): Promise<SubUnitResult> => makeSubUnit(storage, run, unit!, 0);
    const commit = (made: SubUnitResult) => commitSubUnit(storage, keys, made);
    return { storage, keys, make, commit, part: partKey(run.runId, 0, 0, 'parquet') };
  }

  test('the first attempt commits, an equal one finds it done', async () => {
    const { storage, keys, make, commit, part } = await attempt();
    const [first, second] = [await make(), await make()];
    expect((await commit(first)).outcome).toBe('committed');
    expect((await commit(second)).outcome).toBe('already');
    expect(await readReceipt(storage, keys, 0, 0)).toEqual(first.receipt);
    expect(await has(storage, part)).toBe(true);
  });

  test('an attempt that met a vanished input yields to the receipt that stands, and leaves nothing', async () => {
    const { storage, make, commit } = await attempt();
    const whole = await make();
    await storage.remove(`${SOURCE}b`);
    const less = await make();
    expect(less.receipt.parts[0]?.key).toMatch(/-r[0-9a-f]{8}\.parquet$/);
    await commit(whole);
    const before = await keysOf(storage);
    expect(await commit(less)).toEqual({ outcome: 'theirs', receipt: whole.receipt });
    expect(await keysOf(storage)).toEqual(before);
  });

  test('where the other one commits in the meantime, what was written under other names is taken away', async () => {
    const { storage, keys, make } = await attempt();
    const whole = await make();
    await storage.remove(`${SOURCE}b`);
    const less = await make();
    let before: string[] = [];
    // Behind this attempt's look for a receipt, and in front of its parts.
    const meanwhile: Storage = {
      ...passingOn(storage),
      commit: async (objects) => {
        if (before.length === 0) {
          await commitSubUnit(storage, keys, whole);
          before = await keysOf(storage);
        }
        return storage.commit(objects);
      },
    };
    expect(await commitSubUnit(meanwhile, keys, less)).toEqual({ outcome: 'theirs', receipt: whole.receipt });
    expect(await keysOf(storage)).toEqual(before);
  });

  test('other bytes under the name of a part stop the run, before any receipt', async () => {
    const { storage, keys, make, commit, part } = await attempt();
    await storage.replace(part, Buffer.from('["eno"]'));
    await expect(commit(await make())).rejects.toThrow(ConflictError);
    expect(await readReceipt(storage, keys, 0, 0)).toBeUndefined();
  });

  test('another receipt without other refusals stops the run and shows both', async () => {
    const { storage, keys, make, commit } = await attempt();
    const made = await make();
    const other = { ...made.receipt, lines: 99 };
    await storage.replace(keys.receipt(0, 0), Buffer.from(JSON.stringify(other)));
    await expect(commit(made)).rejects.toThrow(/"lines":99.*"lines":3/);
  });

  test('a receipt that does not list what comes with it is a bug', async () => {
    const { make, commit } = await attempt();
    const made = await make();
    await expect(commit({ ...made, parts: [] })).rejects.toThrow(TypeError);
    for (const part of made.parts) await part.abort();
  });
}
