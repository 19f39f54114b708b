import { describe, expect, test } from '@jest/globals';
import { createJson } from '../../src/commit/objects.ts';
import { writeSchema } from '../../src/commit/schema-file.ts';
import { createSubmission, requestStop } from '../../src/commit/submissions.ts';
import { ConfigurationError } from '../../src/errors.ts';
import { runIdOf, runKeys } from '../../src/run-keys.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { explore } from './explorer.ts';
import type { Actor, Scenario } from './explorer.ts';
import { isSealed, settledFault, stateFault } from './promises.ts';
import { SOURCE, SPEC_HASH } from './small-run.ts';
import { REAL, planCommand, runCommand, toyClose, toyIntent, work } from './toy-command.ts';
import type { Protocol, Settings } from './toy-command.ts';

const RUN_ID = runIdOf(0, SPEC_HASH);
const keys = runKeys(RUN_ID);

async function putInputs(storage: Storage, texts: Record<string, string>): Promise<void> {
  for (const [key, text] of Object.entries(texts)) await storage.replace(SOURCE + key, Buffer.from(text));
}

/** A scenario over these inputs; a planned one has its run.json already. */
function scenario(
  texts: Record<string, string>,
  actors: readonly Actor[],
  options: { kills?: number; switches?: number; planned?: boolean; laterTexts?: Record<string, string> },
  settings: Settings = {},
): Scenario {
  const { planned = true, laterTexts = {}, ...bounds } = options;
  const all = new Map(Object.entries({ ...texts, ...laterTexts }));
  return {
    prepare: async (storage) => {
      await putInputs(storage, texts);
      if (planned) await planCommand(storage);
    },
    actors,
    ...bounds,
    isSealed,
    check: stateFault,
    settle: (contents) => settledFault(contents, all, settings),
  };
}

/** A worker of the prepared run's units. */
const worker = (name: string, firstUnit: number, count: number, protocol: Protocol = REAL): Actor => ({
  name,
  run: async (storage) => {
    const run = await planCommand(storage);
    if (run !== undefined) await work(storage, run, 0, firstUnit, count, protocol);
  },
});

/** The same, without the look at the generation: the run is known. Fewer steps, so that more can be interleaved. */
function knownWorker(
  name: string,
  run: { current?: Awaited<ReturnType<typeof planCommand>> },
  units: number,
  protocol = REAL,
): Actor {
  return {
    name,
    run: async (storage) => {
      await work(storage, run.current!, 0, 0, units, protocol);
    },
  };
}

/** Happens as one step: the world going on while somebody else is paused. */
const atOnce = (actor: Actor): Actor => ({
  ...actor,
  run: async (storage, contents) => {
    await storage.stat('now');
    await actor.run(new MemoryStorage(contents), contents);
  },
});

const command = (name: string, settings: Settings = {}): Actor => ({
  name,
  run: async (storage) => {
    await runCommand(storage, settings);
  },
});

const vanish = (key: string): Actor => ({ name: 'vanish', run: (storage) => storage.remove(SOURCE + key) });

const appear = (key: string, text: string, after?: number): Actor => ({
  name: 'appear',
  ...(after === undefined ? {} : { starts: (_contents, ended) => ended(after) }),
  run: (storage) => storage.replace(SOURCE + key, Buffer.from(text)),
});

const closer = (name: string, run: { current?: Awaited<ReturnType<typeof planCommand>> }): Actor => ({
  name,
  run: async (storage) => {
    await toyClose(storage, run.current!);
  },
});

/** A scenario whose actors know the prepared run. */
function knownRun(
  texts: Record<string, string>,
  actors: (run: { current?: Awaited<ReturnType<typeof planCommand>> }) => Actor[],
  bounds: { kills?: number; switches?: number },
): Scenario {
  const run: { current?: Awaited<ReturnType<typeof planCommand>> } = {};
  const made = scenario(texts, actors(run), bounds);
  return {
    ...made,
    prepare: async (storage) => {
      await putInputs(storage, texts);
      const planned = await planCommand(storage);
      if (planned !== undefined) run.current = planned;
    },
  };
}

async function expectSound(explored: Scenario, atLeast: number): Promise<void> {
  const { violation, states, settled } = await explore(explored);
  expect(violation).toBeUndefined();
  expect(states).toBeGreaterThan(atLeast);
  expect(settled).toBeGreaterThan(3);
}

describe('every interleaving, every crash', () => {
  test('two attempts at the same unit', () =>
    expectSound(
      knownRun({ a: 'one x', b: 'two' }, (run) => [knownWorker('A', run, 1), knownWorker('B', run, 1)], {}),
      100,
    ));

  test('two attempts, and the input vanishes', () =>
    expectSound(
      knownRun(
        { a: 'one x', b: 'two' },
        (run) => [knownWorker('A', run, 1), knownWorker('B', run, 1), vanish('b')],
        {},
      ),
      500,
    ));

  test('two attempts at sub-units, and the input vanishes', () =>
    expectSound(
      knownRun(
        { big: 'one x two' },
        (run) => [knownWorker('A', run, 1), knownWorker('B', run, 1), vanish('big')],
        {},
      ),
      1000,
    ));

  test('a paused twin that writes late, beside a close, after its input vanished', () =>
    expectSound(
      knownRun(
        { a: 'one x', b: 'two' },
        (run) => [
          atOnce(knownWorker('A', run, 1)),
          knownWorker('twin', run, 1),
          vanish('b'),
          closer('close', run),
        ],
        {},
      ),
      1000,
    ));

  test('a planner twice', () =>
    expectSound(
      scenario(
        { a: 'one' },
        ['A', 'B'].map((name) => ({
          name,
          run: async (storage: Storage) => {
            await planCommand(storage);
          },
        })),
        { planned: false },
      ),
      100,
    ));

  test('a planner twice, and an input appears between them', () =>
    expectSound(
      scenario(
        { a: 'one' },
        [
          ...['A', 'B'].map((name) => ({
            name,
            run: async (storage: Storage) => {
              await planCommand(storage);
            },
          })),
          appear('b', 'two'),
        ],
        { planned: false, laterTexts: { b: 'two' } },
      ),
      100,
    ));

  test('two closes at once', () =>
    expectSound(
      knownRun(
        { a: 'x', big: 'one' },
        (run) => [atOnce(knownWorker('A', run, 2)), closer('close 1', run), closer('close 2', run)],
        {},
      ),
      1000,
    ));

  test('the same command twice at once', () =>
    expectSound(
      scenario({ a: 'one x' }, [command('A'), command('B')], {
        switches: 2,
        planned: false,
      }),
      1000,
    ));

  test('a command killed, resumed with other memory, concurrency and shard size, and killed again', () =>
    expectSound(
      scenario(
        { a: 'one x', b: 'two', big: 'three four five' },
        [
          command('A'),
          {
            ...command('B', { unitsPerShard: 2, memoryMiB: 4096, concurrency: 2 }),
            starts: (_contents, ended) => ended(0),
          },
        ],
        { kills: 2, planned: false },
        { unitsPerShard: 3, memoryMiB: 128, concurrency: 3 },
      ),
      500,
    ));

  test('a run without any rows', () =>
    expectSound(scenario({ a: '' }, [command('A'), command('B')], { switches: 2, planned: false }), 500));

  test('new inputs become the next generation, beside a late close of the one before', () =>
    expectSound(
      {
        ...scenario(
          { a: 'one' },
          [
            command('A'),
            command('late'),
            appear('b', 'two', 0),
            { ...command('next'), starts: (_contents, ended) => ended(2) },
          ],
          { switches: 1, laterTexts: { b: 'two' } },
        ),
      },
      1000,
    ));

  test('an orchestrator with workers, cancelled, resumed by the same command', () => {
    const intents = (contents: { objects: Map<string, unknown> }): boolean =>
      contents.objects.has(keys.intent(0));
    const told = (name: string, firstUnit: number): Actor => ({
      ...worker(name, firstUnit, 1),
      starts: intents,
    });
    return expectSound(
      scenario(
        { a: 'one x', big: 'two' },
        [
          {
            name: 'submit',
            run: async (storage) => {
              const run = await planCommand(storage);
              if (run !== undefined) await createSubmission(storage, keys, toyIntent(run));
            },
          },
          told('worker 0', 0),
          told('worker 1', 1),
          {
            name: 'cancel',
            run: async (storage: Storage) => {
              await requestStop(storage, keys, 'now');
            },
          },
          {
            name: 'close',
            starts: (_contents, ended) => ended(0) && ended(1) && ended(2),
            run: async (storage) => {
              const run = await planCommand(storage);
              if (run !== undefined) await toyClose(storage, run, true);
            },
          },
        ],
        { switches: 2 },
      ),
      1000,
    );
  });

  test('an attempt of another engine refuses and changes nothing', () =>
    expectSound(
      scenario(
        { a: 'one x' },
        [
          command('A'),
          {
            name: 'other engine',
            run: async (storage) => {
              try {
                await runCommand(storage, { engine: 2 });
              } catch (error) {
                if (!(error instanceof ConfigurationError)) throw error;
              }
            },
          },
        ],
        {},
      ),
      100,
    ));
});

describe('the explorer finds what is broken', () => {
  async function expectFound(explored: Scenario, message: RegExp): Promise<void> {
    const { violation } = await explore(explored);
    expect(violation).toMatch(message);
  }
  const twoAttempts = (protocol: Protocol, others: Actor[] = []): Scenario =>
    knownRun(
      { a: 'one x', b: 'two' },
      (run) => [knownWorker('A', run, 1, protocol), knownWorker('B', run, 1, protocol), ...others],
      {},
    );

  test('a receipt before its parts', () =>
    expectFound(
      twoAttempts({
        ...REAL,
        commit: async (storage, of, { receipt, parts, quarantine }) => {
          await createJson(storage, of.receipt(receipt.unit, receipt.sub), receipt);
          await storage.commit(quarantine === undefined ? parts : [...parts, quarantine]);
          return { outcome: 'committed', receipt };
        },
      }),
      /lists .*, which is not there/,
    ));

  test('a receipt that is not created exclusively', () =>
    expectFound(
      twoAttempts(
        {
          ...REAL,
          commit: async (storage, of, { receipt, parts, quarantine }) => {
            await storage.commit(quarantine === undefined ? parts : [...parts, quarantine]);
            await storage.replace(
              of.receipt(receipt.unit, receipt.sub),
              Buffer.from(JSON.stringify(receipt)),
            );
            return { outcome: 'committed', receipt };
          },
        },
        [vanish('b')],
      ),
      /receipts\/000000-0000\.json was changed/,
    ));

  test('a sweep that takes parts of sub-units without receipt', () =>
    expectFound(
      knownRun(
        { a: 'one x', b: 'two' },
        (run) => [
          knownWorker('A', run, 1),
          {
            name: 'sweep',
            run: async (storage) => {
              const receipts: string[] = [];
              for await (const { key } of storage.list(keys.receipts)) receipts.push(key);
              if (receipts.length > 0) return;
              for await (const { key } of storage.list(''))
                if (key.startsWith('part-')) await storage.remove(key);
            },
          },
        ],
        {},
      ),
      /lists part-.*, which is not there/,
    ));

  test('a loser that leaves its parts behind', () =>
    expectFound(
      {
        ...twoAttempts(
          {
            ...REAL,
            commit: async (storage, of, made) => {
              const { receipt, parts, quarantine } = made;
              await storage.commit(quarantine === undefined ? parts : [...parts, quarantine]);
              await createJson(storage, of.receipt(receipt.unit, receipt.sub), receipt);
              return { outcome: 'committed', receipt };
            },
          },
          [vanish('b')],
        ),
        settle: (contents) => {
          const parts = [...contents.objects.keys()].filter((key) => /^part-|quarantine/.test(key));
          return Promise.resolve(parts.length > 2 ? `both attempts' objects: ${parts.join()}` : undefined);
        },
      },
      /both attempts' objects/,
    ));

  test('run.json before the plan', () =>
    expectFound(
      scenario(
        { a: 'one' },
        [
          command('A', {
            protocol: {
              ...REAL,
              seal: async (storage, run) => {
                await createJson(storage, runKeys(run.runId).run, run);
                return run;
              },
            },
          }),
        ],
        { planned: false },
      ),
      /plan|not-found|no such object/,
    ));

  test('a schema before the run.json that it is of', () => {
    const protocol: Protocol = {
      ...REAL,
      seal: async (storage, run, lines) => {
        await writeSchema(storage, run);
        return REAL.seal(storage, run, lines);
      },
    };
    const planners = ['A', 'B'].map((name): Actor => ({
      name,
      run: async (storage) => {
        await planCommand(storage, { protocol });
      },
    }));
    return expectFound(
      scenario({ a: 'one' }, [...planners, appear('b', 'two')], {
        planned: false,
        laterTexts: { b: 'two' },
      }),
      /the schema beside 0000-abababab is not that of its run\.json/,
    );
  });

  test('_SUCCESS before the close is through', () =>
    expectFound(
      scenario(
        { a: 'one' },
        [
          command('A', {
            protocol: {
              ...REAL,
              close: async (storage, run) => {
                await createJson(storage, '_SUCCESS', { generation: 0, runId: run.runId });
                await toyClose(storage, run);
              },
            },
          }),
        ],
        { planned: false },
      ),
      /_SUCCESS names .* is not there/,
    ));
});
