import { describe, expect, test } from '@jest/globals';
import { clearability, type Clearability } from '../../../src/commit/clearable.ts';
import { clearRun } from '../../../src/commit/clearing.ts';
import { digestOf } from '../../../src/commit/digest.ts';
import { generationFacts } from '../../../src/commit/generations.ts';
import { verifyRun } from '../../../src/commit/verify.ts';
import { WORKING_KINDS, workingObjects, type WorkingObject } from '../../../src/commit/working-objects.ts';
import { SUCCESS_KEY, partKey, runIdOf, runKeys, type RunKeys } from '../../../src/run-keys.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { allOf } from '../all-of.ts';
import { closedRun, plannedRun } from '../closed-run.ts';
import { plainCodec } from '../plain-codec.ts';
import { SOURCE, SPEC_HASH } from '../small-run.ts';
import { TOY_ENDED_AT, planCommand, runCommand, toyClose, work } from '../toy-command.ts';
import type { FreshStorage } from './fresh-storage.ts';
import { has, keysOf, textOf, textsOf } from './peek.ts';

const TEXTS = { a: 'one x', b: 'two', c: 'three', big: 'four five six' };
const ENDED_MS = Date.parse(TOY_ENDED_AT);
const FIRST = runIdOf(0, SPEC_HASH);
const OTHER = 'cd'.repeat(32);

const judged = (storage: Storage, endedByMs = ENDED_MS): Promise<Clearability[]> =>
  allOf(clearability(storage, { codec: plainCodec, endedByMs }));

const states = async (storage: Storage, endedByMs?: number): Promise<string[]> =>
  (await judged(storage, endedByMs)).map(({ state }) => state);

/** Clears every run that may be, as `winnow gc --delete` does. */
async function clearAll(storage: Storage): Promise<WorkingObject[]> {
  const cleared: WorkingObject[] = [];
  for (const { runId, state } of await judged(storage))
    if (state === 'clearable') cleared.push(...(await allOf(clearRun(storage, runId, 'now', plainCodec))));
  return cleared;
}

const verified = async (storage: Storage, runId: string): Promise<string[]> =>
  (await allOf(verifyRun(storage, runId, { codec: plainCodec }))).map(({ message }) => message);

async function workingKeys(storage: Storage, keys: RunKeys): Promise<string[]> {
  const found: string[] = [];
  for (const kind of WORKING_KINDS)
    for await (const { key } of workingObjects(storage, keys, kind)) found.push(key);
  return found;
}

/** One of each kind that the toy has none of. */
async function addWorkingObjects(storage: Storage, keys: RunKeys): Promise<void> {
  const names = [
    ...[keys.outcome(0), keys.job(0), keys.shardList(0), keys.stop(0)],
    ...[keys.attempt(0, 0, '1'), keys.log(0, 0, '1')],
    ...[keys.claim('plan', 0), keys.claim(0, 0), keys.shardDone(0, 1), keys.shardFailed(0, 2)],
    keys.staged + partKey(keys.runId, 0, 0, 'parquet'),
  ];
  for (const key of names) await storage.replace(key, Buffer.from('{}'));
}

/** A closed run with objects of every kind, and objects that are not Winnow's. */
async function fullRun(fresh: FreshStorage) {
  const { storage, run } = await closedRun(fresh, TEXTS);
  const keys = runKeys(run.runId);
  await addWorkingObjects(storage, keys);
  const foreign = [
    ...[`${keys.receipts}notes.txt`, `${keys.planFolder}mine.ndjson`, `${keys.staged}mine.parquet`],
    runKeys('0007-abababab').receipt(0, 0),
  ];
  for (const key of [...foreign, keys.sweep(0)]) await storage.replace(key, Buffer.from('{"outputs":[]}'));
  return { storage, run, keys, stays: [...foreign, keys.sweep(0)] };
}

/** A storage of a process that is killed when it is about to remove the `n`th object. */
function killedAtRemoval(storage: Storage, n: number): Storage {
  let removals = 0;
  const remove = (key: string): Promise<void> =>
    removals++ < n ? storage.remove(key) : Promise.reject(new Error(`killed before ${key}`));
  return {
    uri: storage.uri,
    list: (...given) => storage.list(...given),
    stat: (key) => storage.stat(key),
    read: (...given) => storage.read(...given),
    create: (key) => storage.create(key),
    commit: (objects) => storage.commit(objects),
    commitOver: (...given) => storage.commitOver(...given),
    copy: (...given) => storage.copy(...given),
    replace: (...given) => storage.replace(...given),
    discardPending: (begin) => storage.discardPending(begin),
    remove,
  };
}

export function clearingSuite(fresh: FreshStorage): void {
  test('takes the working objects of a finished run, and nothing else', async () => {
    const { storage, keys, stays } = await fullRun(fresh);
    const before = await textsOf(storage);
    const working = await workingKeys(storage, keys);
    expect(new Set(working.map((key) => key.split('/')[2]))).toEqual(new Set(WORKING_KINDS));
    const cleared = await clearAll(storage);
    expect(cleared.map(({ key }) => key)).toEqual(working);
    // A closer that finds the plan but not the receipts would take the run for unfinished.
    expect(cleared[0]?.kind).toBe('plan');
    expect(stays.filter((key) => working.includes(key))).toEqual([]);
    expect(cleared.map(({ bytes }) => bytes)).toEqual(working.map((key) => before.get(key)?.length));
    for (const key of working) before.delete(key);
    const after = await textsOf(storage);
    expect(after.delete(keys.clearing)).toBe(true);
    // The x of the first unit is in quarantine.
    expect(after.get(keys.lineBases)).toBe('{"unit":0,"sub":0,"lines":0}\n');
    after.delete(keys.lineBases);
    expect(after).toEqual(before);
  });

  test('a cleared run is proven, has nothing to do, and new inputs are done after it', async () => {
    const { storage, run } = await closedRun(fresh, TEXTS);
    await clearAll(storage);
    expect(await verified(storage, run.runId)).toEqual([]);
    expect(await runCommand(storage)).toBe('nothing');
    expect(await clearAll(storage)).toEqual([]);
    await storage.replace(`${SOURCE}d`, Buffer.from('seven'));
    expect(await runCommand(storage)).toBe('ran');
    for (const runId of [FIRST, runIdOf(1, SPEC_HASH)]) expect(await verified(storage, runId)).toEqual([]);
    expect(await states(storage)).toEqual(['clearable', 'clearable']);
    await clearAll(storage);
    for (const runId of [FIRST, runIdOf(1, SPEC_HASH)]) expect(await verified(storage, runId)).toEqual([]);
  });

  test('a run without rows keeps its proof too', async () => {
    const { storage, run } = await closedRun(fresh, { a: '' });
    await clearAll(storage);
    expect(await verified(storage, run.runId)).toEqual([]);
  });

  test('a run that replaces, and what it took the place of, can be cleared', async () => {
    const { storage } = await closedRun(fresh, TEXTS);
    await runCommand(storage, { specHash: OTHER, intention: 'replace' });
    expect(await states(storage)).toEqual(['clearable', 'clearable']);
    const parts = await keysOf(storage, 'part-');
    await clearAll(storage);
    expect(await keysOf(storage, 'part-')).toEqual(parts);
    expect(await verified(storage, runIdOf(1, OTHER))).toEqual([]);
    expect(await runCommand(storage, { specHash: OTHER })).toBe('nothing');
    expect(await keysOf(storage, 'part-')).toEqual(parts);
  });

  test('a mirror run is proven after it; one that refused inputs keeps what its sweep needs', async () => {
    const { storage, run } = await mirrored(fresh);
    await clearAll(storage);
    expect(await workingKeys(storage, runKeys(run))).toEqual([]);
    expect(await verified(storage, run)).toEqual([]);
    expect(await runCommand(storage, { layout: 'mirror' })).toBe('nothing');

    await storage.replace(`${SOURCE}d`, Buffer.from('seven'));
    const next = (await planCommand(storage, { layout: 'mirror' }))!;
    await storage.remove(`${SOURCE}d`);
    expect(await runCommand(storage, { layout: 'mirror' })).toBe('ran');
    expect(await states(storage)).toEqual(['clearable', 'needed']);
    await clearAll(storage);
    expect(await verified(storage, next.runId)).toEqual([]);
    expect(await runCommand(storage, { layout: 'mirror' })).toBe('nothing');
  });

  describe('is not for', () => {
    test('a run that is not done', async () => {
      const { storage, run } = await plannedRun(fresh, TEXTS);
      expect(await states(storage)).toEqual(['unfinished']);
      await work(storage, run, 0, 0, 1);
      await toyClose(storage, run);
      expect(await states(storage)).toEqual(['unfinished']);
    });

    test('a run that _SUCCESS does not name, or any while the next one is under way', async () => {
      const { storage } = await closedRun(fresh, TEXTS);
      const success = await textOf(storage, SUCCESS_KEY);
      await storage.remove(SUCCESS_KEY);
      expect(await states(storage)).toEqual(['unfinished']);
      await storage.replace(SUCCESS_KEY, Buffer.from(success));
      await storage.replace(`${SOURCE}d`, Buffer.from('seven'));
      const next = (await planCommand(storage))!;
      expect(await states(storage)).toEqual(['clearable', 'unfinished']);
      await work(storage, next, 0, 0, 1);
      expect(await states(storage)).toEqual(['unfinished', 'unfinished']);
    });

    test('one that ended after the moment that is given', async () => {
      const { storage } = await closedRun(fresh, TEXTS);
      expect(await states(storage, ENDED_MS - 1)).toEqual(['young']);
      expect(await states(storage, ENDED_MS)).toEqual(['clearable']);
    });

    test.each<[string, (storage: Storage, keys: RunKeys) => Promise<void>, RegExp]>([
      ['ledger is gone', (storage, keys) => storage.remove(keys.ledger), /ledger.*/],
      ['ledger is cut', (storage, keys) => edit(storage, keys.ledger, /\n[^\n]+\n$/, '\n'), /all units/],
      [
        'ledger does not add up',
        (storage, keys) => edit(storage, keys.ledger, '"read":3', '"read":4'),
        /read 4/,
      ],
      [
        'ledger is not what the report sums',
        (storage, keys) => edit(storage, keys.ledger, '"blank":0', '"blank":7'),
        /skipped is/,
      ],
      ['inputs are gone', (storage, keys) => storage.remove(keys.inputs), /inputs/],
      ['inputs are torn', (storage, keys) => edit(storage, keys.inputs, '"done"', '"do'), /is not JSON/],
    ])('a run whose %s', async (_title, damage, detail) => {
      const { storage, run } = await closedRun(fresh, TEXTS);
      await damage(storage, runKeys(run.runId));
      expect(await judged(storage)).toEqual([
        { runId: run.runId, state: 'damaged', detail: expect.stringMatching(detail) as unknown },
      ]);
    });
  });

  test.each<[string, (storage: Storage, keys: RunKeys) => Promise<void>, RegExp]>([
    [
      'a part altered',
      (storage, { runId }) => edit(storage, partKey(runId, 0, 0, 'parquet'), 'one', 'eno'),
      /sha256/,
    ],
    ['a part gone', (storage, { runId }) => storage.remove(partKey(runId, 2, 1, 'parquet')), /is not there/],
    ['quarantine altered', (storage, keys) => edit(storage, keys.quarantine(0, 0), '"x"', '"y"'), /sha256/],
    [
      'the ledger altered',
      (storage, keys) => edit(storage, keys.ledger, '"lines":3', '"lines":4'),
      /gc.json names/,
    ],
    ['the ledger gone', (storage, keys) => storage.remove(keys.ledger), /is not there, .*gc.json names/],
    ['the inputs altered', (storage, keys) => edit(storage, keys.inputs, 'done', 'unread'), /gc.json names/],
    ['the line bases altered', (storage, keys) => edit(storage, keys.lineBases, '0}', '1}'), /gc.json names/],
    [
      'the line bases gone',
      (storage, keys) => storage.remove(keys.lineBases),
      /is not there, .*gc.json names/,
    ],
    [
      'the report altered',
      (storage, keys) => edit(storage, keys.report, '"written":', '"written":1'),
      /records is/,
    ],
    [
      'a part too many',
      (storage, { runId }) => storage.replace(partKey(runId, 0, 1, 'parquet'), Buffer.from('[]')),
      /no receipt lists it/,
    ],
  ])('finds %s all the same', async (_title, damage, message) => {
    const { storage, run } = await closedRun(fresh, TEXTS);
    await clearAll(storage);
    await damage(storage, runKeys(run.runId));
    expect((await verified(storage, run.runId)).join('\n')).toMatch(message);
  });

  test.each<[string, string | RegExp, string, RegExp]>([
    ['counts that do not add up', '"read":3', '"read":4', /records read 4, written/],
    ['a unit without its receipts', /"unit":1(?=.*\n$)/s, '"unit":7', /unit 1: is not committed/],
  ])('finds %s in a ledger that gc.json vouches for', async (_title, from, to, message) => {
    const { storage, run } = await closedRun(fresh, TEXTS);
    const keys = runKeys(run.runId);
    await clearAll(storage);
    await edit(storage, keys.ledger, from, to);
    const { sha256 } = digestOf(Buffer.from(await textOf(storage, keys.ledger)));
    await edit(storage, keys.clearing, /("ledger":\{[^}]*"sha256":")[0-9a-f]+/, `$1${sha256}`);
    expect((await verified(storage, run.runId)).join('\n')).toMatch(message);
  });

  test('is not gone on with where the ledger was altered meanwhile', async () => {
    const { storage, run, keys } = await fullRun(fresh);
    await allOf(clearRun(killedAtRemoval(storage, 2), run.runId, 'now', plainCodec)).catch(() => undefined);
    await edit(storage, keys.ledger, '"lines":3', '"lines":4');
    expect(await states(storage)).toEqual(['damaged']);
  });

  test('a plan that is damaged keeps nobody from it: it tells no lines, before and after', async () => {
    const { storage, run } = await closedRun(fresh, TEXTS);
    const keys = runKeys(run.runId);
    await edit(storage, keys.planObject(run.plan.sha, 0), '"unit":0', '"unit":9');
    await clearAll(storage);
    expect(await workingKeys(storage, keys)).toEqual([]);
    expect(await has(storage, keys.lineBases)).toBe(false);
    expect(await verified(storage, run.runId)).toEqual([]);
  });

  test('a storage that does not take what it writes down ends it before anything goes', async () => {
    const { storage, run } = await closedRun(fresh, TEXTS);
    const keys = runKeys(run.runId);
    const before = await textsOf(storage);
    const full = { ...killedAtRemoval(storage, Infinity), create: () => Promise.reject(new Error('full')) };
    await expect(allOf(clearRun(full, run.runId, 'now', plainCodec))).rejects.toThrow('full');
    expect(await textsOf(storage)).toEqual(before);
    expect(await has(storage, keys.clearing)).toBe(false);
  });

  test('two at once end in the same', async () => {
    const { storage, run, keys } = await fullRun(fresh);
    const [one, other] = [
      clearRun(storage, run.runId, 'now', plainCodec),
      clearRun(storage, run.runId, 'then', plainCodec),
    ];
    for (let done = false; !done;) {
      const [a, b] = await Promise.all([one.next(), other.next()]);
      done = a.done === true && b.done === true;
    }
    expect(await workingKeys(storage, keys)).toEqual([]);
    expect(await verified(storage, run.runId)).toEqual([]);
  });

  test('killed before any removal and run again, it ends the same', async () => {
    const { storage: whole, keys, run } = await fullRun(fresh);
    const total = (await workingKeys(whole, keys)).length;
    await clearAll(whole);
    await runCommand(whole);
    const expected = await keysOf(whole);
    const { storage } = await fullRun(fresh);
    for (let n = 0; n < total; n++) {
      // One removal more each time, but none at first.
      const killed = killedAtRemoval(storage, Math.min(n, 1));
      await expect(allOf(clearRun(killed, run.runId, 'now', plainCodec))).rejects.toThrow(/killed/);
      expect(await workingKeys(storage, keys)).toHaveLength(total - n);
      expect(await verified(storage, run.runId)).toEqual([]);
      expect(await runCommand(storage)).toBe('nothing');
      expect((await generationFacts(storage))?.closed).toBe(true);
    }
    await clearAll(storage);
    expect(await keysOf(storage)).toEqual(expected);
  });

  test('a late attempt does no harm that the same command does not mend', async () => {
    const { storage, run } = await closedRun(fresh, TEXTS);
    const keys = runKeys(run.runId);
    const receipt = await textOf(storage, keys.receipt(0, 0));
    await clearAll(storage);
    await expect(work(storage, run, 0, 0, 1)).rejects.toThrow(/plan/);
    await expect(toyClose(storage, run)).rejects.toThrow(/plan/);
    const late = partKey(run.runId, 0, 0, 'parquet', '-r01234567');
    await storage.replace(late, Buffer.from('["one"]'));
    await storage.replace(keys.receipt(0, 0), Buffer.from(receipt));
    expect(await verified(storage, run.runId)).toEqual([`${late}: no receipt lists it`]);
    expect(await runCommand(storage)).toBe('nothing');
    expect(await verified(storage, run.runId)).toEqual([]);
    expect((await clearAll(storage)).map(({ key }) => key)).toEqual([keys.receipt(0, 0)]);
  });

  test('_SUCCESS that somebody takes away afterwards comes back', async () => {
    const { storage, run } = await closedRun(fresh, TEXTS);
    await clearAll(storage);
    await storage.remove(SUCCESS_KEY);
    expect(await runCommand(storage)).toBe('nothing');
    expect(await has(storage, SUCCESS_KEY)).toBe(true);
    expect(await verified(storage, run.runId)).toEqual([]);
  });
}

async function mirrored(fresh: FreshStorage): Promise<{ storage: Storage; run: string }> {
  const storage = await fresh();
  for (const [key, text] of [['a', 'one x'] as const, ['b', 'two'] as const])
    await storage.replace(SOURCE + key, Buffer.from(text));
  await runCommand(storage, { layout: 'mirror' });
  return { storage, run: FIRST };
}

/** Writes an object anew with something replaced in its text. */
async function edit(storage: Storage, key: string, from: string | RegExp, to: string): Promise<void> {
  const before = await textOf(storage, key);
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  await storage.replace(key, Buffer.from(after));
}
