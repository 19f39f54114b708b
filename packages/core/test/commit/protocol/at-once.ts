import { expect, test } from '@jest/globals';
import type { RunFile } from '../../../src/shapes/run.ts';
import { sourceOf } from '../closed-run.ts';
import { mirrorSettledFault, mirrorStateFault } from '../mirror-promises.ts';
import { isSealed, settledFault, stateFault } from '../promises.ts';
import { SOURCE } from '../small-run.ts';
import { planCommand, runCommand, work } from '../toy-command.ts';
import type { FreshStorage } from './fresh-storage.ts';
import { contentsOf, textsOf } from './peek.ts';

const TEXTS = { a: 'one x', b: 'two', c: 'three', big: 'four five six', é: 'seven', 'f/g': '' };
const MIRROR = { layout: 'mirror' } as const;

/** What is written once for ever, but for what tells of commands: each command that ran has its own. */
const sealed = (texts: ReadonlyMap<string, string>): [string, string][] =>
  [...texts].filter(([key]) => (isSealed(key) && !key.includes('/submissions/')) || key.startsWith('part-'));

/** The same commands as the explorer's, but truly at once, as far as the storage has anything to say. */
export function atOnceSuite(fresh: FreshStorage): void {
  test('four commands at once make what one alone makes, byte for byte', async () => {
    const alone = await sourceOf(fresh, TEXTS);
    await runCommand(alone);
    const storage = await sourceOf(fresh, TEXTS);
    await Promise.all([1, 2, 3, 4].map((n) => runCommand(storage, { concurrency: n, unitsPerShard: n })));
    expect(sealed(await textsOf(storage))).toEqual(sealed(await textsOf(alone)));
    expect(await settledFault(await contentsOf(storage), new Map(Object.entries(TEXTS)))).toBeUndefined();
  });

  test('twins work on the same units while an input vanishes', async () => {
    const storage = await sourceOf(fresh, TEXTS);
    const run = (await planCommand(storage)) as RunFile;
    const twins = [0, 1, 2].map(() => work(storage, run, 0, 0, run.plan.units));
    await Promise.all([...twins, storage.remove(`${SOURCE}b`)]);
    expect(stateFault(await contentsOf(storage))).toBeUndefined();
    expect(await settledFault(await contentsOf(storage), new Map(Object.entries(TEXTS)))).toBeUndefined();
  });

  test('twins replace the outputs of changed inputs in the layout mirror', async () => {
    const storage = await sourceOf(fresh, TEXTS);
    await runCommand(storage, MIRROR);
    await storage.replace(`${SOURCE}a`, Buffer.from('another x'));
    await storage.replace(`${SOURCE}c`, Buffer.from('and another'));
    await Promise.all([1, 2, 3].map(() => runCommand(storage, MIRROR)));
    const contents = await contentsOf(storage);
    expect(mirrorStateFault(contents)).toBeUndefined();
    expect(await mirrorSettledFault(contents)).toBeUndefined();
  });
}
