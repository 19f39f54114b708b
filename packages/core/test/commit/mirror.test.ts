import { describe, expect, test } from '@jest/globals';
import { mirrorOrphans } from '../../src/commit/mirror-orphans.ts';
import { createBytes } from '../../src/commit/objects.ts';
import { sweep } from '../../src/commit/sweep.ts';
import { storedReceipts } from '../../src/ledger/receipts.ts';
import { runKeys } from '../../src/run-keys.ts';
import type { RunFile } from '../../src/shapes/run.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { explore } from './explorer.ts';
import type { Actor, Scenario } from './explorer.ts';
import { mirrorSettledFault, mirrorStateFault } from './mirror-promises.ts';
import { outputBytes, outputOf } from './mirror-run.ts';
import { passingTo } from './passing-to.ts';
import { isSealed } from './promises.ts';
import { SOURCE } from './small-run.ts';
import { REAL, planCommand, runCommand, toyClose, work } from './toy-command.ts';
import type { Protocol } from './toy-command.ts';

const MIRROR = { layout: 'mirror' } as const;

/** Runs that were planned before the actors start. */
interface Known {
  readonly runs: RunFile[];
}

const put = (storage: Storage, key: string, text: string): Promise<void> =>
  storage.replace(SOURCE + key, Buffer.from(text));

async function plan(storage: Storage, known: Known): Promise<void> {
  const run = await planCommand(storage, MIRROR);
  if (run !== undefined) known.runs.push(run);
}

/** Before the actors: steps like "these inputs", "run", "plan". Each history begins with the same objects. */
function scenario(
  prepare: (storage: Storage, known: Known) => Promise<void>,
  actors: (known: Known) => Actor[],
  bounds: { kills?: number; switches?: number } = {},
): Scenario {
  const known: Known = { runs: [] };
  return {
    prepare: (storage) => prepare(storage, known),
    actors: actors(known),
    ...bounds,
    isSealed,
    check: mirrorStateFault,
    settle: mirrorSettledFault,
  };
}

/** Works off the only unit of the latest run that was planned. */
const worker = (name: string, known: Known, protocol: Protocol = REAL): Actor => ({
  name,
  run: async (storage) => {
    await work(storage, known.runs.at(-1)!, 0, 0, 1, protocol);
  },
});
const closer = (name: string, known: Known): Actor => ({
  name,
  run: async (storage) => {
    await toyClose(storage, known.runs.at(-1)!);
  },
});
const sweeper = (name: string, known: Known): Actor => ({
  name,
  run: async (storage) => {
    const run = known.runs.at(-1)!;
    await sweep(storage, run, () => storedReceipts(storage, runKeys(run.runId)));
  },
});
const command = (name: string): Actor => ({
  name,
  run: async (storage) => {
    await runCommand(storage, MIRROR);
  },
});
const change = (key: string, text: string, after?: number): Actor => ({
  name: `change ${key}`,
  ...(after === undefined ? {} : { starts: (_contents, ended) => ended(after) }),
  run: (storage) => put(storage, key, text),
});
const vanish = (key: string): Actor => ({ name: 'vanish', run: (storage) => storage.remove(SOURCE + key) });

/** Happens as one step. */
const atOnce = (actor: Actor): Actor => ({
  ...actor,
  run: async (storage, contents) => {
    await storage.stat('now');
    await actor.run(new MemoryStorage(contents), contents);
  },
});

const twoInputs = async (storage: Storage, known: Known): Promise<void> => {
  await put(storage, 'a', 'one x');
  await put(storage, 'b', 'two');
  await plan(storage, known);
};

/** A closed generation; then both inputs changed, and the next generation is planned. */
const twoChanged = async (storage: Storage, known: Known): Promise<void> => {
  await put(storage, 'a', 'one x');
  await put(storage, 'b', 'two');
  await runCommand(storage, MIRROR);
  await put(storage, 'a', 'one more x');
  await put(storage, 'b', 'two more');
  await plan(storage, known);
};

/** An attempt wrote its outputs and was killed before its receipt; then one of its inputs vanished. */
const leftBehind = async (storage: Storage, known: Known): Promise<void> => {
  await twoInputs(storage, known);
  for (const [key, text] of [
    ['a', 'one x'],
    ['b', 'two'],
  ] as const)
    await createBytes(storage, outputOf(key), outputBytes(text));
  await storage.remove(`${SOURCE}b`);
};

async function expectSound(explored: Scenario, atLeast: number): Promise<void> {
  const { violation, states, settled } = await explore(explored);
  expect(violation).toBeUndefined();
  expect(states).toBeGreaterThan(atLeast);
  expect(settled).toBeGreaterThan(3);
}

describe('mirror: every interleaving, every crash', () => {
  test('two attempts at the same unit', () =>
    expectSound(
      scenario(twoInputs, (known) => [worker('A', known), worker('B', known)]),
      100,
    ));

  test('two attempts, and an input vanishes', () =>
    expectSound(
      scenario(twoInputs, (known) => [worker('A', known), worker('B', known), vanish('b')]),
      500,
    ));

  test('two attempts, and an input changes', () =>
    expectSound(
      scenario(twoInputs, (known) => [worker('A', known), worker('B', known), change('b', 'other')]),
      500,
    ));

  test('two attempts that replace outputs', () =>
    expectSound(
      scenario(twoChanged, (known) => [worker('A', known), worker('B', known)]),
      200,
    ));

  test('two attempts that replace outputs, and an input vanishes', () =>
    expectSound(
      scenario(twoChanged, (known) => [worker('A', known), worker('B', known), vanish('b')]),
      500,
    ));

  test('two attempts that replace outputs, and an input changes again', () =>
    expectSound(
      scenario(twoChanged, (known) => [worker('A', known), worker('B', known), change('b', 'changed again')]),
      500,
    ));

  test('an input changes back to what it was while its output is replaced', () =>
    expectSound(
      scenario(twoChanged, (known) => [worker('A', known), worker('B', known), change('b', 'two')]),
      500,
    ));

  test('two closes beside an attempt whose input vanished', () =>
    expectSound(
      scenario(twoInputs, (known) => [
        atOnce(worker('A', known)),
        vanish('b'),
        closer('close 1', known),
        closer('close 2', known),
      ]),
      500,
    ));

  test('the same command twice at once over changed inputs', () =>
    expectSound(
      scenario(twoChanged, () => [command('A'), command('B')], { switches: 2 }),
      1000,
    ));

  test('a paused twin of one generation beside the next, which replaces', () =>
    expectSound(
      scenario(
        twoInputs,
        (known) => [
          worker('twin', known),
          command('A'),
          change('b', 'changed', 1),
          { ...command('next'), starts: (_contents, ended) => ended(2) },
        ],
        { switches: 2 },
      ),
      1000,
    ));

  test('an attempt that replaces, paused until the next generation has replaced again', () =>
    expectSound(
      scenario(twoChanged, (known) => [
        worker('twin', known),
        atOnce(command('A')),
        { ...atOnce(change('b', 'changed again')), starts: (_contents, ended) => ended(1) },
        { ...atOnce(command('next')), starts: (_contents, ended) => ended(2) },
      ]),
      50,
    ));

  test('a late close of one generation beside the next, which replaces', () =>
    expectSound(
      scenario(twoInputs, (known) => [
        atOnce(command('A')),
        { ...closer('late', known), starts: (_contents, ended) => ended(0) },
        { ...atOnce(change('b', 'changed')), starts: (_contents, ended) => ended(0) },
        { ...command('next'), starts: (_contents, ended) => ended(2) },
      ]),
      500,
    ));

  test('a sweep of what was left behind, beside the next generation, which writes it anew', () =>
    expectSound(
      scenario(leftBehind, (known) => [
        atOnce(worker('A', known)),
        { ...sweeper('late', known), starts: (_contents, ended) => ended(0) },
        { ...atOnce(closer('close', known)), starts: (_contents, ended) => ended(0) },
        { ...atOnce(change('b', 'two')), starts: (_contents, ended) => ended(2) },
        { ...command('next'), starts: (_contents, ended) => ended(3) },
      ]),
      100,
    ));
});

describe('the explorer finds what is broken in mirror', () => {
  async function expectFound(explored: Scenario, message: RegExp): Promise<void> {
    const { violation } = await explore(explored);
    expect(violation).toMatch(message);
  }

  test('a replacement of whatever version stands there by now', () =>
    expectFound(
      scenario(twoChanged, (known) => [
        worker('twin', known, {
          ...REAL,
          commit: (storage, keys, made) => {
            const blind: Storage = passingTo(storage, {
              commitOver: async (object) =>
                storage.commitOver(object, (await storage.stat(object.key))?.pin ?? ''),
            });
            return REAL.commit(blind, keys, made);
          },
        }),
        atOnce(command('A')),
        { ...atOnce(change('b', 'changed again')), starts: (_contents, ended) => ended(1) },
        { ...atOnce(command('next')), starts: (_contents, ended) => ended(2) },
      ]),
      /another hash/,
    ));

  test('a sweep that does not announce what it removes', () =>
    expectFound(
      scenario(leftBehind, (known) => [
        atOnce(worker('A', known)),
        {
          name: 'sweep',
          starts: (_contents, ended) => ended(0),
          run: async (storage) => {
            const run = known.runs.at(-1)!;
            const groups = storedReceipts(storage, runKeys(run.runId));
            for await (const output of mirrorOrphans(storage, run, groups)) await storage.remove(output);
          },
        },
        { ...atOnce(closer('close', known)), starts: (_contents, ended) => ended(0) },
        { ...atOnce(change('b', 'two')), starts: (_contents, ended) => ended(2) },
        { ...command('next'), starts: (_contents, ended) => ended(3) },
      ]),
      /lists mirrored\/b\.json, which is not there/,
    ));

  test('a replacement after the receipt', () =>
    expectFound(
      scenario(twoChanged, (known) => [
        worker('A', known, {
          ...REAL,
          commit: async (storage, keys, made) => {
            const { receipt } = made;
            await createBytes(storage, keys.receipt(0, 0), Buffer.from(JSON.stringify(receipt)));
            return REAL.commit(storage, keys, made);
          },
        }),
      ]),
      /another hash/,
    ));

  test('a replacement that takes anything for the old output', () =>
    expectFound(
      scenario(twoChanged, (known) => [
        worker('A', known, {
          ...REAL,
          commit: (storage, keys, made) => REAL.commit(storage, keys, { ...made, replaces: new Map() }),
        }),
      ]),
      /are not this run's/,
    ));
});
