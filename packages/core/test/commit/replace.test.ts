import { describe, expect, test } from '@jest/globals';
import { createBytes } from '../../src/commit/objects.ts';
import { removeReplaced } from '../../src/commit/publish.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { RunFile } from '../../src/shapes/run.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { explore, type Actor, type Scenario } from './explorer.ts';
import { isSealed } from './promises.ts';
import { replaceSettledFault, replaceStateFault } from './replace-promises.ts';
import { SOURCE } from './small-run.ts';
import {
  planCommand,
  REAL,
  runCommand,
  toyClose,
  work,
  type Protocol,
  type Settings,
} from './toy-command.ts';

const OTHER = 'cd'.repeat(32);
const REPLACE: Settings = { specHash: OTHER, intention: 'replace' };

interface Known {
  run?: RunFile;
}

/** One generation is complete; the actors work at one that replaces it. */
function scenario(
  actors: (known: Known) => Actor[],
  bounds: { kills?: number; switches?: number } = {},
  prepare: (storage: Storage, known: Known) => Promise<void> = () => Promise.resolve(),
): Scenario {
  const known: Known = {};
  return {
    prepare: async (storage) => {
      for (const [key, text] of Object.entries({ a: 'one x', big: 'two three four' }))
        await storage.replace(SOURCE + key, Buffer.from(text));
      await runCommand(storage);
      await prepare(storage, known);
    },
    actors: actors(known),
    ...bounds,
    isSealed,
    check: replaceStateFault,
    settle: (contents) => replaceSettledFault(contents, REPLACE),
  };
}

const command = (name: string, settings: Settings = REPLACE): Actor => ({
  name,
  run: async (storage) => {
    await runCommand(storage, settings);
  },
});
const closer = (name: string, known: Known): Actor => ({
  name,
  run: async (storage) => {
    await toyClose(storage, known.run!);
  },
});
const worker = (name: string, known: Known): Actor => ({
  name,
  run: async (storage) => {
    await work(storage, known.run!, 0, 0, known.run!.plan.units);
  },
});
/** Happens as one step. */
const atOnce = (actor: Actor): Actor => ({
  ...actor,
  run: async (storage, contents) => {
    await storage.stat('now');
    await actor.run(new MemoryStorage(contents), contents);
  },
});

/** The run that replaces is planned, and some of it or all of it done. */
const planned =
  (done: 'nothing' | 'all') =>
  async (storage: Storage, known: Known): Promise<void> => {
    known.run = (await planCommand(storage, REPLACE))!;
    if (done === 'all') await work(storage, known.run, 0, 0, known.run.plan.units);
  };

async function expectSound(explored: Scenario, atLeast: number): Promise<void> {
  const { violation, states, settled } = await explore(explored);
  expect(violation).toBeUndefined();
  expect(states).toBeGreaterThan(atLeast);
  expect(settled).toBeGreaterThan(3);
}

describe('a run that replaces: every interleaving, every crash', () => {
  test('a command alone', () =>
    expectSound(
      scenario(() => [command('A')]),
      40,
    ));

  test('the same command twice at once', () =>
    expectSound(
      scenario(() => [command('A'), command('B')], { switches: 1 }),
      300,
    ));

  test('two closes at once', () =>
    expectSound(
      scenario((known) => [closer('A', known), closer('B', known)], { switches: 2 }, planned('all')),
      1000,
    ));

  test('a close that is late, beside the one that publishes and the generation that follows', () =>
    expectSound(
      scenario(
        (known) => [
          closer('late', known),
          atOnce(closer('close', known)),
          {
            name: 'more',
            starts: (_contents, ended) => ended(1),
            run: (storage) => storage.replace(`${SOURCE}b`, Buffer.from('five')),
          },
          { ...command('next', { specHash: OTHER }), starts: (_contents, ended) => ended(2) },
        ],
        { switches: 2 },
        planned('all'),
      ),
      300,
    ));

  test('twins, one of which goes on after all is published', () =>
    expectSound(
      scenario(
        (known) => [
          worker('twin', known),
          atOnce(worker('A', known)),
          { ...atOnce(closer('close', known)), starts: (_contents, ended) => ended(1) },
        ],
        {},
        planned('nothing'),
      ),
      50,
    ));

  test('an unfinished run is given up while a worker of it lives', () =>
    expectSound(
      scenario(
        (known) => [worker('given up', known), { ...command('A'), starts: () => true }],
        { switches: 2 },
        async (storage, known) => {
          await storage.replace(`${SOURCE}b`, Buffer.from('five'));
          known.run = (await planCommand(storage))!;
        },
      ),
      300,
    ));
});

describe('the explorer finds what is broken in a replacement', () => {
  async function expectFound(close: Protocol['close'], message: RegExp): Promise<void> {
    const { violation } = await explore(
      scenario(
        (known) => [
          {
            name: 'close',
            run: async (storage) => {
              await close(storage, known.run!);
            },
          },
        ],
        {},
        planned('all'),
      ),
    );
    expect(violation).toMatch(message);
  }

  test('removals before the copies', () =>
    expectFound(async (storage, run) => {
      await createBytes(storage, `_winnow/${run.runId}/publish.json`, Buffer.from('{"replaces":[]}'));
      await storage.remove('_SUCCESS');
      for await (const { key } of storage.list('', { begins: 'part-0000-' })) await storage.remove(key);
      return REAL.close(storage, run);
    }, /neither .* is to be seen whole/));

  test('_SUCCESS that stays while the output changes', () =>
    expectFound(async (storage, run) => {
      await createBytes(storage, `_winnow/${run.runId}/publish.json`, Buffer.from('{"replaces":[]}'));
      for await (const { key } of storage.list(`_winnow/${run.runId}/parts/`))
        await storage.copy(key, key.slice(key.lastIndexOf('/') + 1));
      await removeReplaced(storage, run);
      return REAL.close(storage, run);
    }, /_SUCCESS names .* not whole/));

  test('parts that are to be seen before it is published', () =>
    expectFound(async (storage, run) => {
      for await (const { key } of storage.list(`_winnow/${run.runId}/parts/`))
        await storage.copy(key, key.slice(key.lastIndexOf('/') + 1));
      return REAL.close(storage, run);
    }, /before it is published/));
});
