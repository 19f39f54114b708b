import { expect, test } from '@jest/globals';
import { readSuccess } from '../../../src/commit/generations.ts';
import { createSubmission } from '../../../src/commit/submissions.ts';
import { verifyRun } from '../../../src/commit/verify.ts';
import { runIdOf, runKeys } from '../../../src/run-keys.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { allOf } from '../all-of.ts';
import { sourceOf } from '../closed-run.ts';
import { mirrorReplaceSettledFault } from '../mirror-replace-promises.ts';
import { plainCodec } from '../plain-codec.ts';
import { SOURCE, SPEC_HASH } from '../small-run.ts';
import { planCommand, runCommand, toyClose, toyIntent, work, type Settings } from '../toy-command.ts';
import type { FreshStorage } from './fresh-storage.ts';
import { contentsOf, keysOf, textOf, textsOf } from './peek.ts';

const TEXTS = { a: 'one x', b: 'two', c: 'three' };
const FIRST: Settings = { layout: 'mirror' };
const OTHER = 'cd'.repeat(32);
const ANEW: Settings = { ...FIRST, specHash: OTHER, intention: 'replace' };
const AS_TXT: Settings = { ...ANEW, extension: 'txt' };
const [ZEROTH, SECOND] = [runIdOf(0, SPEC_HASH), runIdOf(1, OTHER)];

const findings = (storage: Storage, runId: string) => allOf(verifyRun(storage, runId, { codec: plainCodec }));

async function mirrored(fresh: FreshStorage): Promise<Storage> {
  const storage = await sourceOf(fresh, TEXTS);
  await runCommand(storage, FIRST);
  return storage;
}

/** A run that replaces all outputs of the layout `mirror`, each where it stands. */
export function mirrorReplaceSuite(fresh: FreshStorage): void {
  test('replaces each output at its commit and removes those of inputs that are gone', async () => {
    const storage = await mirrored(fresh);
    await storage.remove(`${SOURCE}b`);
    await storage.replace(`${SOURCE}a`, Buffer.from('changed'));
    const run = (await planCommand(storage, ANEW))!;
    await work(storage, run, 0, 0, run.plan.units);
    expect(await keysOf(storage, 'mirrored/')).toEqual(['a', 'b', 'c'].map((key) => `mirrored/${key}.json`));
    expect(await textOf(storage, 'mirrored/a.json')).toBe('["changed"] cd');
    expect(await readSuccess(storage)).toBeUndefined();
    const report = await toyClose(storage, run);
    expect(report).toMatchObject({ state: 'succeeded', inputs: { total: 2, done: 2 }, problems: [] });
    expect(await keysOf(storage, 'mirrored/')).toEqual(['mirrored/a.json', 'mirrored/c.json']);
    expect(await readSuccess(storage)).toBe(1);
    expect(await keysOf(storage, runKeys(SECOND).sweeps)).toEqual([]);
    expect(await findings(storage, SECOND)).toEqual([]);
    expect(await findings(storage, ZEROTH)).toMatchObject([
      { kind: 'run', message: `run ${SECOND} took its place: there is nothing of it to prove` },
    ]);
    expect(await runCommand(storage, { ...ANEW, intention: 'resume' })).toBe('nothing');
  });

  test('leaves what has another name until all of it is done', async () => {
    const storage = await mirrored(fresh);
    const before = await textsOf(storage);
    const run = (await planCommand(storage, AS_TXT))!;
    await work(storage, run, 0, 0, 1);
    expect(await toyClose(storage, run)).toMatchObject({ state: 'failed' });
    for (const [key, text] of before) {
      if (key.startsWith('mirrored/')) expect(await textOf(storage, key)).toBe(text);
    }
    expect(await runCommand(storage, AS_TXT)).toBe('ran');
    expect(await keysOf(storage, 'mirrored/')).toEqual(['a', 'b', 'c'].map((key) => `mirrored/${key}.txt`));
    expect(await findings(storage, SECOND)).toEqual([]);
  });

  test('removes nothing where its counts do not balance', async () => {
    const storage = await mirrored(fresh);
    const run = (await planCommand(storage, AS_TXT))!;
    await work(storage, run, 0, 0, run.plan.units);
    const key = runKeys(SECOND).receipt(0, 0);
    const wrong = (await textOf(storage, key)).replace('"read":3', '"read":4');
    await storage.replace(key, Buffer.from(wrong));
    expect(await toyClose(storage, run)).toMatchObject({ state: 'failed', balanced: false });
    expect(await keysOf(storage, 'mirrored/')).toHaveLength(6);
    expect(await readSuccess(storage)).toBeUndefined();
  });

  test('an input that it cannot read any more loses its output of before', async () => {
    const storage = await mirrored(fresh);
    const run = (await planCommand(storage, ANEW))!;
    await storage.remove(`${SOURCE}b`);
    await work(storage, run, 0, 0, run.plan.units);
    expect(await toyClose(storage, run)).toMatchObject({ state: 'partial', inputs: { done: 2 } });
    expect(await keysOf(storage, 'mirrored/')).toEqual(['mirrored/a.json', 'mirrored/c.json']);
    expect(await findings(storage, SECOND)).toEqual([]);
    await storage.replace(`${SOURCE}b`, Buffer.from('back again'));
    await runCommand(storage, { ...ANEW, intention: 'resume' });
    expect(await textOf(storage, 'mirrored/b.json')).toBe('["back","again"] cd');
    expect(await findings(storage, runIdOf(2, OTHER))).toEqual([]);
  });

  test('finds what a late worker of an earlier run leaves, and takes away what its ledger lists', async () => {
    const storage = await mirrored(fresh);
    const late = await textOf(storage, 'mirrored/b.json');
    await storage.remove(`${SOURCE}b`);
    await runCommand(storage, ANEW);
    await storage.replace('mirrored/b.json', Buffer.from(late));
    const left = { kind: 'orphan', key: 'mirrored/b.json' };
    expect(await findings(storage, SECOND)).toMatchObject([left]);
    expect(await runCommand(storage, { ...ANEW, intention: 'resume' })).toBe('nothing');
    expect(await findings(storage, SECOND)).toEqual([]);
    // Other bytes are somebody else's, or of an attempt without a receipt: nobody can tell.
    await storage.replace('mirrored/b.json', Buffer.from('mine'));
    expect(await runCommand(storage, { ...ANEW, intention: 'resume' })).toBe('nothing');
    expect(await textOf(storage, 'mirrored/b.json')).toBe('mine');
    expect(await findings(storage, SECOND)).toMatchObject([left]);
  });

  test('gives up an unfinished run and replaces what it wrote, listed or not', async () => {
    const storage = await sourceOf(fresh, TEXTS);
    const run = (await planCommand(storage, FIRST))!;
    await createSubmission(storage, runKeys(run.runId), toyIntent(run));
    await work(storage, run, 0, 0, 1);
    await storage.replace('mirrored/c.json', Buffer.from('of an attempt without a receipt'));
    await runCommand(storage, ANEW);
    expect(await textOf(storage, 'mirrored/c.json')).toBe('["three"] cd');
    expect(await work(storage, run, 0, 1, 1)).toBe('stopped');
    await expect(work(storage, run, 1, 1, 1)).rejects.toThrow(`run ${run.runId} was given up`);
    expect(await findings(storage, SECOND)).toEqual([]);
  });

  test('takes the place of parts, and parts take the place of outputs', async () => {
    const storage = await mirrored(fresh);
    await runCommand(storage, { ...ANEW, layout: 'parts' });
    expect(await keysOf(storage, 'mirrored/')).toEqual([]);
    expect(await keysOf(storage, 'part-')).toHaveLength(2);
    expect(await findings(storage, SECOND)).toEqual([]);
    await runCommand(storage, ANEW);
    expect(await keysOf(storage, 'mirrored/')).toHaveLength(3);
    expect(await keysOf(storage, 'part-')).toEqual([]);
    expect(await findings(storage, runIdOf(2, OTHER))).toEqual([]);
    const late = `part-${SECOND}-000000-0000.parquet`;
    await storage.replace(late, Buffer.from('[]'));
    expect(await findings(storage, runIdOf(2, OTHER))).toMatchObject([{ kind: 'orphan', key: late }]);
  });

  test('three commands at once end in one run', async () => {
    const storage = await mirrored(fresh);
    await storage.remove(`${SOURCE}b`);
    await Promise.all([1, 2, 3].map(() => runCommand(storage, AS_TXT)));
    expect(
      await mirrorReplaceSettledFault(await contentsOf(storage), { ...AS_TXT, intention: 'resume' }),
    ).toBeUndefined();
  });
}
