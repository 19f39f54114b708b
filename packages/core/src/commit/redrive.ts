import { ConfigurationError } from '../errors.ts';
import { ledgerReceipts } from '../ledger/receipts.ts';
import { orderedAhead } from '../ledger/ordered-ahead.ts';
import { generationKey, runIdOf, runKeys } from '../run-keys.ts';
import type { Frozen } from '../shapes/run.ts';
import type { Generation } from '../shapes/generation.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { Storage } from '../storage/storage.ts';
import { assertEngine, generationFacts, readGeneration, type Decision } from './generations.ts';
import { createJson, isNotFound } from './objects.ts';
import { MirrorQuarantine } from './quarantined-inputs.ts';
import { readRun } from './run-file.ts';
import type { TextCodec } from './text-codec.ts';

/** Objects that are looked up at once. */
const LOOK_UPS = 64;

export interface RedriveOptions {
  readonly engine: number;
  readonly createdAt: string;
  readonly codec: TextCodec;
  /** Throws where a redrive as that generation is not possible: called before it is taken. */
  readonly assertPossible: (generation: number) => Promise<void>;
}

/**
 * What a redrive does next: joins or plans one that is unfinished, takes the next generation where records are
 * quarantined, or finds nothing. It takes all records that are quarantined, and those that are bad again are quarantined
 * again, by it: so the next redrive takes them from there, and none is ever taken twice.
 *
 * @throws ConfigurationError where the output has no run, or one that is not finished
 */
export async function decideRedrive(
  storage: Storage,
  { engine, createdAt, codec, assertPossible }: RedriveOptions,
): Promise<Decision> {
  for (;;) {
    const highest = await generationFacts(storage);
    if (highest === undefined)
      throw new ConfigurationError(`${storage.uri} holds no run`, {
        hint: 'give the --output of a winnow run',
      });
    const { generation, specHash, runId } = highest;
    const { redrives } = await readGeneration(storage, generation);
    if (!highest.closed && redrives !== true)
      throw new ConfigurationError(`${storage.uri}: run ${runId} is not finished`, {
        hint: 'run its command again first',
      });
    if (!highest.closed) {
      if (highest.engine === undefined) return { step: 'plan', generation, runId };
      assertEngine(runId, highest.engine, engine);
      return { step: 'join', generation, runId };
    }
    const { frozen } = await readRun(storage, runId);
    if (await isEmpty(storage, generation + 1, frozen.layout, codec)) return { step: 'nothing', runId };
    await assertPossible(generation + 1);
    const next: Generation = { generation: generation + 1, specHash, createdAt, redrives: true };
    if ((await createJson(storage, generationKey(next.generation), next)) === 'created')
      return { step: 'plan', generation: next.generation, runId: runIdOf(next.generation, specHash) };
  }
}

/** Whether no record is in quarantine before a generation. */
async function isEmpty(
  storage: Storage,
  generation: number,
  layout: Frozen['layout'],
  codec: TextCodec,
): Promise<boolean> {
  const found =
    layout === 'mirror'
      ? (await MirrorQuarantine.before(storage, generation, codec)).inputs()
      : quarantinedObjects(storage, generation, codec);
  const first = await found.next();
  await found.return(undefined);
  return first.done === true;
}

/**
 * The runs before a generation of which quarantined records still count: since all were taken over last, if ever. In the layout
 * `mirror` it is asked of each input: {@link MirrorQuarantine}.
 */
export async function runsInQuarantine(storage: Storage, generation: number): Promise<string[]> {
  const runs: string[] = [];
  for (let n = generation - 1; n >= 0; n--) {
    const { specHash, replaces, redrives } = await readGeneration(storage, n);
    runs.unshift(runIdOf(n, specHash));
    if (replaces === true || redrives === true) break;
  }
  return runs;
}

/** Their quarantine objects, as inputs, in the order of the keys. All of the runs are closed. */
export async function* quarantinedObjects(
  storage: Storage,
  generation: number,
  codec: TextCodec,
): AsyncGenerator<PlannedInput> {
  async function* listed(): AsyncGenerator<string> {
    for (const runId of await runsInQuarantine(storage, generation))
      for await (const { found } of ledgerReceipts(storage, runKeys(runId), codec))
        for (const { receipt } of found) if (receipt?.quarantine) yield receipt.quarantine.key;
  }
  const lookUp = async (key: string): Promise<PlannedInput> => {
    const { size, pin } = (await storage.stat(key)) ?? { size: 0, pin: '' };
    return pin === '' ? { key, size, pin, refuse: 'vanished' } : { key, size, pin };
  };
  try {
    yield* orderedAhead(listed(), LOOK_UPS, lookUp);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ConfigurationError(`${storage.uri}: a run before has no compacted ledger any more`, {
      cause: error,
      hint: 'winnow verify tells which',
    });
  }
}
