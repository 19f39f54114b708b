import { z } from 'zod';
import { ConfigurationError, StorageError } from '../errors.ts';
import { SUCCESS_KEY, WINNOW_FOLDER, generationKey, runIdOf, runKeys } from '../run-keys.ts';
import { generation, success } from '../shapes/generation.ts';
import type { Generation } from '../shapes/generation.ts';
import { report } from '../shapes/report.ts';
import { runFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { createJson, readJson } from './objects.ts';

/** The highest generation of an output, as the same command again finds it. */
export interface GenerationFacts {
  readonly generation: number;
  readonly specHash: string;
  readonly runId: string;
  /** Engine number in `run.json`; undefined where the planner did not come that far. */
  readonly engine: number | undefined;
  /** Every unit committed, reported, and `_SUCCESS` written for it. */
  readonly closed: boolean;
}

/** Whether the source holds inputs that no generation has: known only after listing it, which is asked for when it matters. */
export type NewInputs = 'unknown' | 'some' | 'none';

/** What the same command does next. */
export type NextStep =
  | { readonly step: 'take'; readonly generation: number; readonly runId: string }
  | { readonly step: 'plan'; readonly generation: number; readonly runId: string }
  | { readonly step: 'join'; readonly generation: number; readonly runId: string }
  | { readonly step: 'compare-inputs'; readonly previousRunId: string }
  | { readonly step: 'nothing'; readonly runId: string }
  | { readonly step: 'refuse'; readonly message: string; readonly hint: string };

/** The command at hand: the hash of its spec, the engine of this release, and what it knows about its inputs. */
export interface Command {
  readonly specHash: string;
  readonly engine: number;
  readonly newInputs: NewInputs;
}

/**
 * The rule of "the same command again":
 *
 * | highest generation | its spec | run.json         | new inputs | step                           |
 * |--------------------|----------|------------------|------------|--------------------------------|
 * | none               |          |                  |            | take 0                         |
 * | unclosed           | same     | none             |            | plan it                        |
 * | unclosed           | same     | of this engine   |            | join it                        |
 * | unclosed           | same     | of another       |            | refuse, naming the engine      |
 * | unclosed           | other    | any or none      |            | refuse, naming both runs       |
 * | closed             | same     |                  | unknown    | compare the inputs, then again |
 * | closed             | same     |                  | none       | nothing                        |
 * | closed             | same     |                  | some       | take the next                  |
 * | closed             | other    |                  |            | refuse, naming both runs       |
 */
export function nextStep(highest: GenerationFacts | undefined, command: Command): NextStep {
  if (highest === undefined) return take(0, command);
  if (highest.specHash !== command.specHash) return refuseOtherSpec(highest, command);
  if (highest.closed) return nextAfterClosed(highest, command);
  const { generation, runId, engine } = highest;
  if (engine === undefined) return { step: 'plan', generation, runId };
  if (engine !== command.engine) return refuseOtherEngine(runId, engine, command.engine);
  return { step: 'join', generation, runId };
}

const take = (n: number, { specHash }: Command): NextStep => ({
  step: 'take',
  generation: n,
  runId: runIdOf(n, specHash),
});

function nextAfterClosed(highest: GenerationFacts, command: Command): NextStep {
  switch (command.newInputs) {
    case 'unknown':
      return { step: 'compare-inputs', previousRunId: highest.runId };
    case 'none':
      return { step: 'nothing', runId: highest.runId };
    case 'some':
      return take(highest.generation + 1, command);
  }
}

function refuseOtherSpec(highest: GenerationFacts, command: Command): NextStep {
  const ours = runIdOf(highest.generation + 1, command.specHash);
  if (highest.closed)
    return {
      step: 'refuse',
      message: `the output holds run ${highest.runId} of another spec; this command would be run ${ours}`,
      hint: 'choose another --output (replacing or adding to it comes with a later release)',
    };
  const start = `the output holds the unfinished run ${highest.runId} of another spec; this command would be run ${ours}`;
  if (highest.engine !== undefined)
    return {
      step: 'refuse',
      message: start,
      hint: 'finish that run with its own command first and keep its spec, or choose another --output',
    };
  return {
    step: 'refuse',
    message: `${start}; that one has no plan yet`,
    hint: `choose another --output, or, if nothing is planning there, remove ${generationKey(highest.generation)}`,
  };
}

const refuseOtherEngine = (runId: string, theirs: number, ours: number): NextStep => ({
  step: 'refuse',
  message: `the unfinished run ${runId} was planned by engine ${theirs}, this release has engine ${ours} and would write other bytes`,
  hint: `finish it with a release of engine ${theirs}, or choose another --output (--resume=false comes with a later release)`,
});

/** @throws ConfigurationError when the run was planned by another engine: a worker must not touch it. */
export function assertEngine(runId: string, theirs: number, ours: number): void {
  if (theirs === ours) return;
  const refused = refuseOtherEngine(runId, theirs, ours);
  if (refused.step === 'refuse') throw new ConfigurationError(refused.message, { hint: refused.hint });
}

const GENERATION_NAME = /^(0|[1-9][0-9]*)\.json$/;
const GENERATIONS = `${WINNOW_FOLDER}/generations/`;

/** The number of the highest generation, or undefined in a fresh output. */
export async function highestGeneration(storage: Storage): Promise<number | undefined> {
  let highest: number | undefined;
  for await (const { key } of storage.list(GENERATIONS)) {
    const n = GENERATION_NAME.exec(key.slice(GENERATIONS.length))?.[1];
    if (n !== undefined) highest = Math.max(highest ?? 0, Number(n));
  }
  return highest;
}

/** Reads what {@link nextStep} decides on. */
export async function generationFacts(storage: Storage): Promise<GenerationFacts | undefined> {
  const n = await highestGeneration(storage);
  if (n === undefined) return undefined;
  const { specHash } = await readGeneration(storage, n);
  const runId = runIdOf(n, specHash);
  const run = await readJson(storage, runKeys(runId).run, runFile);
  const closed = run !== undefined && (await isClosed(storage, runId, n));
  return { generation: n, specHash, runId, engine: run?.frozen.engine, closed };
}

/** @throws StorageError `not-found` where the generation was never taken. */
export async function readGeneration(storage: Storage, n: number): Promise<Generation> {
  const found = await readJson(storage, generationKey(n), generation);
  if (found === undefined) throw new StorageError('not-found', 'read', generationKey(n), 'there is none');
  return found;
}

/**
 * A run is closed once its report says that all is committed **and** `_SUCCESS` names it: a close that crashed
 * between the two is closed again by the same command.
 */
async function isClosed(storage: Storage, runId: string, n: number): Promise<boolean> {
  const reported = await readJson(storage, runKeys(runId).report, z.object({ state: report.shape.state }));
  if (reported?.state !== 'succeeded' && reported?.state !== 'partial') return false;
  return (await readSuccess(storage)) === n;
}

/** The generation that `_SUCCESS` names; undefined where there is none; -1 where it is not one of Winnow's. */
export async function readSuccess(storage: Storage): Promise<number | undefined> {
  try {
    return (await readJson(storage, SUCCESS_KEY, success))?.generation;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'failed') return -1;
    throw error;
  }
}

/** What {@link decideRun} comes to: a generation to plan (taken, or found without a plan), one to join, or none. */
export type Decision =
  | { readonly step: 'plan' | 'join'; readonly generation: number; readonly runId: string }
  | { readonly step: 'nothing'; readonly runId: string };

export interface DecideOptions {
  readonly specHash: string;
  readonly engine: number;
  /** Time for the generation's record. */
  readonly createdAt: string;
  /** Whether the source holds inputs that the closed run does not know. */
  readonly hasNewInputs: (previousRunId: string) => Promise<boolean>;
}

/**
 * Decides and, where a generation is to be taken, takes it by exclusive create. Whoever loses that race reads again
 * and decides again: the same spec then plans or joins the winner's, another spec is refused.
 *
 * @throws ConfigurationError where {@link nextStep} refuses.
 */
export async function decideRun(storage: Storage, options: DecideOptions): Promise<Decision> {
  const { specHash, engine, createdAt } = options;
  let newInputs: NewInputs = 'unknown';
  for (;;) {
    const next = nextStep(await generationFacts(storage), { specHash, engine, newInputs });
    switch (next.step) {
      case 'compare-inputs':
        newInputs = (await options.hasNewInputs(next.previousRunId)) ? 'some' : 'none';
        break;
      case 'take': {
        const taken: Generation = { generation: next.generation, specHash, createdAt };
        const outcome = await createJson(storage, generationKey(next.generation), taken);
        if (outcome === 'created') return { ...next, step: 'plan' };
        newInputs = 'unknown';
        break;
      }
      case 'refuse':
        throw new ConfigurationError(`${storage.uri}: ${next.message}`, { hint: next.hint });
      case 'plan':
      case 'join':
      case 'nothing':
        return next;
    }
  }
}
