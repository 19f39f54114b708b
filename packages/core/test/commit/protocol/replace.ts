import { expect, test } from '@jest/globals';
import { readSuccess } from '../../../src/commit/generations.ts';
import { readJson } from '../../../src/commit/objects.ts';
import { createSubmission } from '../../../src/commit/submissions.ts';
import { verifyRun } from '../../../src/commit/verify.ts';
import { emptyPartKey, runIdOf, runKeys } from '../../../src/run-keys.ts';
import { report } from '../../../src/shapes/report.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { allOf } from '../all-of.ts';
import { closedRun, plannedRun } from '../closed-run.ts';
import { plainCodec } from '../plain-codec.ts';
import { replaceSettledFault } from '../replace-promises.ts';
import { SOURCE, SPEC_HASH } from '../small-run.ts';
import { planCommand, runCommand, toyClose, toyIntent, work, type Settings } from '../toy-command.ts';
import type { FreshStorage } from './fresh-storage.ts';
import { contentsOf, keysOf, textsOf } from './peek.ts';

const TEXTS = { a: 'one x', b: 'two', big: 'three four five' };
const OTHER = 'cd'.repeat(32);
const REPLACE: Settings = { specHash: OTHER, intention: 'replace' };
const [FIRST, SECOND] = [runIdOf(0, SPEC_HASH), runIdOf(1, OTHER)];

const findings = (storage: Storage, runId: string) => allOf(verifyRun(storage, runId, { codec: plainCodec }));

/** A run that takes the place of everything before it. */
export function replaceSuite(fresh: FreshStorage): void {
  test('does all inputs and takes the place of what was there', async () => {
    const { storage } = await closedRun(fresh, TEXTS);
    await storage.replace(`${SOURCE}a`, Buffer.from('changed'));
    expect(await runCommand(storage, REPLACE)).toBe('ran');
    const names = ['000000-0000', '000001-0000', '000001-0001'].map(
      (name) => `part-${SECOND}-${name}.parquet`,
    );
    expect(await keysOf(storage, 'part-')).toEqual(names);
    const found = await readJson(storage, runKeys(SECOND).report, report);
    expect(found?.parts.map(({ uri }) => uri)).toEqual(names.map((name) => `${storage.uri}/${name}`));
    expect(found).toMatchObject({ state: 'succeeded', inputs: { total: 3, done: 3 } });
    expect(await readSuccess(storage)).toBe(1);
    expect(await keysOf(storage, `_winnow/${SECOND}/parts/`)).toEqual([]);
    expect(await findings(storage, SECOND)).toEqual([]);
    expect(await findings(storage, FIRST)).toMatchObject([
      { kind: 'run', message: `run ${SECOND} took its place: there is nothing of it to prove` },
    ]);
    expect(await runCommand(storage, { specHash: OTHER })).toBe('nothing');
  });

  test('leaves all as it is until everything of it is done', async () => {
    const { storage } = await closedRun(fresh, TEXTS);
    const before = await textsOf(storage);
    const run = (await planCommand(storage, REPLACE))!;
    await work(storage, run, 0, 0, 1);
    const early = await toyClose(storage, run);
    expect(early).toMatchObject({ state: 'failed', parts: [] });
    const after = await textsOf(storage);
    for (const [key, text] of before) expect([key, after.get(key)]).toEqual([key, text]);
    expect(await keysOf(storage, 'part-0001')).toEqual([]);
    expect((await findings(storage, SECOND)).map(({ kind }) => kind)).not.toContain('part');
  });

  test('finds what a late worker of an earlier run leaves, and takes it away', async () => {
    const { storage } = await closedRun(fresh, TEXTS);
    await runCommand(storage, REPLACE);
    const late = `part-${FIRST}-000000-0000.parquet`;
    await storage.replace(late, Buffer.from('["one"]'));
    expect(await findings(storage, SECOND)).toMatchObject([{ kind: 'orphan', key: late }]);
    expect(await runCommand(storage, { specHash: OTHER })).toBe('nothing');
    expect(await findings(storage, SECOND)).toEqual([]);
  });

  test('gives up an unfinished run and stops what works on it', async () => {
    const { storage, run } = await plannedRun(fresh, TEXTS);
    await createSubmission(storage, runKeys(run.runId), toyIntent(run));
    await work(storage, run, 0, 0, 1);
    await runCommand(storage, REPLACE);
    expect(await work(storage, run, 0, 1, 1)).toBe('stopped');
    expect((await keysOf(storage, 'part-')).every((key) => key.startsWith(`part-${SECOND}`))).toBe(true);
  });

  test('without any rows leaves its one empty part', async () => {
    const { storage } = await closedRun(fresh, TEXTS);
    for (const key of Object.keys(TEXTS)) await storage.replace(SOURCE + key, new Uint8Array());
    await runCommand(storage, REPLACE);
    expect(await keysOf(storage, 'part-')).toEqual([emptyPartKey(SECOND, 'parquet')]);
    expect(await findings(storage, SECOND)).toEqual([]);
  });

  test('three commands at once end in one run, seen whole', async () => {
    const { storage } = await closedRun(fresh, TEXTS);
    await Promise.all([1, 2, 3].map(() => runCommand(storage, REPLACE)));
    expect(
      await replaceSettledFault(await contentsOf(storage), { ...REPLACE, intention: 'resume' }),
    ).toBeUndefined();
  });
}
