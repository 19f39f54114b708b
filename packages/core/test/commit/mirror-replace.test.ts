import { describe, expect, test } from '@jest/globals';
import { leftOutputs } from '../../src/commit/left-outputs.ts';
import { createBytes } from '../../src/commit/objects.ts';
import { ConfigurationError, ConflictError } from '../../src/errors.ts';
import { generationKey, SUCCESS_KEY } from '../../src/run-keys.ts';
import type { RunFile } from '../../src/shapes/run.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { explore, type Actor, type Scenario } from './explorer.ts';
import { mirrorReplaceSettledFault, mirrorReplaceStateFault } from './mirror-replace-promises.ts';
import { passingTo } from './passing-to.ts';
import { plainCodec } from './plain-codec.ts';
import { isSealed } from './promises.ts';
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

const FIRST: Settings = { layout: 'mirror' };
/** The same names, other bytes. */
const ANEW: Settings = { ...FIRST, specHash: 'cd'.repeat(32), intention: 'replace' };
/** Other names. */
const AS_TXT: Settings = { ...ANEW, extension: 'txt' };
const THIRD: Settings = { ...ANEW, specHash: 'ef'.repeat(32) };

/** Runs that were planned before the actors start. */
interface Known {
  readonly runs: RunFile[];
}

const put = (storage: Storage, key: string, text: string): Promise<void> =>
  storage.replace(SOURCE + key, Buffer.from(text));

async function plan(storage: Storage, known: Known, settings: Settings): Promise<RunFile> {
  const run = (await planCommand(storage, settings))!;
  known.runs.push(run);
  return run;
}

/** A generation is complete; then one of its inputs is gone, and the other one changed. */
async function goneAndChanged(storage: Storage): Promise<void> {
  await put(storage, 'a', 'one x');
  await put(storage, 'b', 'two');
  await runCommand(storage, FIRST);
  await storage.remove(`${SOURCE}b`);
  await put(storage, 'a', 'one more x');
}

function scenario(
  prepare: (storage: Storage, known: Known) => Promise<unknown>,
  actors: (known: Known) => Actor[],
  settings: Settings = ANEW,
  bounds: { kills?: number; switches?: number } = {},
): Scenario {
  const known: Known = { runs: [] };
  return {
    prepare: async (storage) => {
      await goneAndChanged(storage);
      await prepare(storage, known);
    },
    actors: actors(known),
    ...bounds,
    isSealed,
    check: mirrorReplaceStateFault,
    settle: (contents) => mirrorReplaceSettledFault(contents, settings),
  };
}

const nothing = (): Promise<void> => Promise.resolve();
const after =
  (actor: number): NonNullable<Actor['starts']> =>
  (_contents, ended) =>
    ended(actor);

const command = (name: string, settings: Settings = ANEW): Actor => ({
  name,
  run: async (storage) => {
    await runCommand(storage, settings);
  },
});
const worker = (name: string, known: Known, at = -1, protocol: Protocol = REAL): Actor => ({
  name,
  run: async (storage) => {
    const run = known.runs.at(at)!;
    await work(storage, run, 0, 0, run.plan.units, protocol);
  },
});
/** A worker of a run that is given up, which is told so by an error or by what stands there. */
const givenUp = (name: string, known: Known, at = -1, protocol: Protocol = REAL): Actor => ({
  name,
  run: async (storage, contents) => {
    try {
      await worker(name, known, at, protocol).run(storage, contents);
    } catch (error) {
      if (!(error instanceof ConfigurationError) && !(error instanceof ConflictError)) throw error;
    }
  },
});
const closer = (name: string, known: Known): Actor => ({
  name,
  run: async (storage) => {
    await toyClose(storage, known.runs.at(-1)!);
  },
});
const change = (key: string, text: string): Actor => ({
  name: `change ${key}`,
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

const planned =
  (settings: Settings, done: 'nothing' | 'all') =>
  async (storage: Storage, known: Known): Promise<void> => {
    const run = await plan(storage, known, settings);
    if (done === 'all') await work(storage, run, 0, 0, run.plan.units);
  };

async function expectSound(explored: Scenario, atLeast: number): Promise<void> {
  const { violation, states, settled } = await explore(explored);
  expect(violation).toBeUndefined();
  expect(states).toBeGreaterThan(atLeast);
  expect(settled).toBeGreaterThan(3);
}

describe('a run that replaces in mirror: every interleaving, every crash', () => {
  test.each<[string, Settings]>([
    ['under the same names', ANEW],
    ['under other names', AS_TXT],
  ])('a command alone, %s', (_, settings) =>
    expectSound(
      scenario(nothing, () => [command('A', settings)], settings),
      30,
    ),
  );

  test('the same command twice at once', () =>
    expectSound(
      scenario(nothing, () => [command('A'), command('B')], ANEW, { switches: 1 }),
      200,
    ));

  test.each<[string, Settings]>([
    ['under the same names', ANEW],
    ['under other names', AS_TXT],
  ])('two closes at once, %s', (_, settings) =>
    expectSound(
      scenario(planned(settings, 'all'), (known) => [closer('A', known), closer('B', known)], settings, {
        switches: 2,
      }),
      300,
    ),
  );

  test('a close where nothing is left in the source', () =>
    expectSound(
      scenario(
        async (storage, known) => {
          await storage.remove(`${SOURCE}a`);
          await plan(storage, known, ANEW);
        },
        (known) => [closer('A', known)],
      ),
      20,
    ));

  test('two attempts, and an input vanishes', () =>
    expectSound(
      scenario(planned(ANEW, 'nothing'), (known) => [worker('A', known), worker('B', known), vanish('a')]),
      50,
    ));

  test('a close that is late, beside the next generation, in which the input is there again', () =>
    expectSound(
      scenario(
        planned(ANEW, 'all'),
        (known) => [
          closer('late', known),
          atOnce(closer('close', known)),
          { ...atOnce(change('b', 'two')), starts: after(1) },
          { ...command('next', { ...ANEW, intention: 'resume' }), starts: after(2) },
        ],
        ANEW,
        { switches: 2 },
      ),
      200,
    ));

  test('a twin of the generation before that goes on after its output is removed', () =>
    expectSound(
      {
        ...scenario(nothing, () => []),
        ...((known: Known): Pick<Scenario, 'prepare' | 'actors' | 'check'> => ({
          prepare: async (storage) => {
            await put(storage, 'a', 'one x');
            await put(storage, 'b', 'two');
            await plan(storage, known, FIRST);
          },
          actors: [
            worker('twin', known),
            atOnce(command('A', FIRST)),
            { ...atOnce(vanish('b')), starts: after(1) },
            { ...atOnce(command('next')), starts: after(2) },
          ],
          // What the twin writes late is seen until the next same command.
          check: () => undefined,
        }))({ runs: [] }),
      },
      20,
    ));

  test.each<[string, Settings]>([
    ['under the same names', ANEW],
    ['under other names', AS_TXT],
  ])('an unfinished run is given up while a worker of it lives, %s', (_, settings) =>
    expectSound(
      scenario(
        async (storage, known) => {
          await put(storage, 'c', 'three');
          await plan(storage, known, FIRST);
        },
        (known) => [givenUp('given up', known), { ...command('A', settings), starts: () => true }],
        settings,
        { switches: 2 },
      ),
      200,
    ),
  );

  test('a run that replaces is given up for another one that replaces', () =>
    expectSound(
      scenario(
        planned(ANEW, 'nothing'),
        (known) => [givenUp('given up', known), { ...command('A', THIRD), starts: () => true }],
        THIRD,
        { switches: 2 },
      ),
      100,
    ));

  test('twice given up: the first and the second are late', () =>
    expectSound(
      scenario(
        twiceGivenUp,
        (known) => [
          givenUp('first', known, 0),
          givenUp('second', known, 1),
          { ...atOnce(command('A', THIRD)), starts: () => true },
        ],
        THIRD,
      ),
      100,
    ));
});

/** A run was given up for one that replaces, which does not know what stands under its names. */
async function twiceGivenUp(storage: Storage, known: Known): Promise<void> {
  await put(storage, 'c', 'three');
  await plan(storage, known, FIRST);
  await plan(storage, known, ANEW);
}

describe('the explorer finds what is broken in such a run', () => {
  async function expectFound(explored: Scenario, message: RegExp): Promise<void> {
    const { violation } = await explore(explored);
    expect(violation).toMatch(message);
  }
  const closing = (close: Protocol['close'], done: 'nothing' | 'all', settings = ANEW): Scenario =>
    scenario(
      planned(settings, done),
      (known) => [
        {
          name: 'close',
          run: async (storage) => {
            await close(storage, known.runs.at(-1)!);
          },
        },
      ],
      settings,
    );

  test('removals before all of the run is done', () =>
    expectFound(
      closing(async (storage, run) => {
        await storage.remove('mirrored/b.json');
        return REAL.close(storage, run);
      }, 'nothing'),
      /lists mirrored\/b\.json, which is not there/,
    ));

  test('_SUCCESS before the removals', () =>
    expectFound(
      closing(async (storage, run) => {
        const last: string[] = [];
        const late = passingTo(storage, {
          remove: async (key) => {
            if (key.startsWith('mirrored/')) last.push(key);
            else await storage.remove(key);
          },
        });
        await REAL.close(late, run);
        for (const key of last) await storage.remove(key);
      }, 'all'),
      /_SUCCESS names .* is to be seen/,
    ));

  test('_SUCCESS that stays while outputs are removed', () =>
    expectFound(
      scenario(
        async (storage, known) => {
          await storage.remove(`${SOURCE}a`);
          await plan(storage, known, ANEW);
        },
        (known) => [
          {
            name: 'close',
            run: async (storage) => {
              const stays = passingTo(storage, {
                remove: (key) => (key === SUCCESS_KEY ? Promise.resolve() : storage.remove(key)),
              });
              await REAL.close(stays, known.runs.at(-1)!);
            },
          },
        ],
      ),
      /_SUCCESS names 0000-.* is gone/,
    ));

  test('a close that does not announce what it removes', () =>
    expectFound(
      scenario(planned(ANEW, 'all'), (known) => [
        {
          name: 'late',
          run: async (storage) => {
            const run = known.runs.at(-1)!;
            for await (const { output } of leftOutputs(storage, run, plainCodec))
              await storage.remove(output);
          },
        },
        { ...atOnce(closer('close', known)), starts: () => true },
        { ...atOnce(change('b', 'two')), starts: after(1) },
        { ...atOnce(command('next', { ...ANEW, intention: 'resume' })), starts: after(2) },
      ]),
      /lists mirrored\/b\.json, which is not there|failed/,
    ));

  test('whatever stands there is replaced by a run that was given up itself', () =>
    expectFound(
      scenario(
        twiceGivenUp,
        (known) => [
          givenUp('second', known, 1, {
            ...REAL,
            commit: (storage, keys, made) =>
              REAL.commit(
                passingTo(storage, {
                  stat: (key) => (key === generationKey(3) ? Promise.resolve(undefined) : storage.stat(key)),
                }),
                keys,
                made,
              ),
          }),
          { ...atOnce(command('A', THIRD)), starts: () => true },
        ],
        THIRD,
      ),
      /with another hash/,
    ));

  test('what a run that was given up may have written is taken for what the ledger lists', () =>
    expectFound(
      scenario(
        async (storage, known) => {
          await put(storage, 'c', 'three');
          await plan(storage, known, FIRST);
        },
        (known) => [
          givenUp('given up', known),
          {
            ...command('A', {
              ...ANEW,
              protocol: {
                ...REAL,
                commit: (storage, keys, made) =>
                  REAL.commit(storage, keys, {
                    ...made,
                    replaces: new Map(
                      [...(made.replaces ?? [])].filter(
                        (entry): entry is [string, string] => entry[1] !== null,
                      ),
                    ),
                  }),
              },
            }),
            starts: () => true,
          },
        ],
        ANEW,
        { switches: 2 },
      ),
      /are not this run's/,
    ));
});

test('an object that nobody of Winnow wrote stays, whatever its name was before', async () => {
  const storage = new MemoryStorage();
  await goneAndChanged(storage);
  await storage.remove('mirrored/b.json');
  await createBytes(storage, 'mirrored/b.json', Buffer.from('mine'));
  const run = (await planCommand(storage, ANEW))!;
  await work(storage, run, 0, 0, run.plan.units);
  const report = await toyClose(storage, run);
  expect(report.problems).toEqual([
    'mirrored/b.json: stays, for an earlier run has that name, but lists other bytes; remove it if nobody needs it',
  ]);
  expect(report.state).toBe('succeeded');
  expect((await storage.stat('mirrored/b.json'))?.size).toBe(4);
});
