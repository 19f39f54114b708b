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
  /** It does all inputs and takes the place of what came before; `publishing`: it has begun to. */
  readonly replaces: 'no' | 'yes' | 'publishing';
}

/** Whether the source holds inputs that no generation has: known only after listing it, which is asked for when it matters. */
export type NewInputs = 'unknown' | 'some' | 'none';

/**
 * What a command is to do with what the output holds:
 *
 * - `resume`: go on with it, under the same spec
 * - `append`: add to it, under whatever spec
 * - `replace`: do all inputs anew and take its place
 */
export type Intention = 'resume' | 'append' | 'replace';

/** What the same command does next. */
export type NextStep =
  | {
      readonly step: 'take';
      readonly generation: number;
      readonly runId: string;
      readonly replaces: boolean;
      /** The unfinished run that is given up. */
      readonly abandons?: string;
    }
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
  readonly intention: Intention;
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
 *
 * A command that appends takes another spec for the same where the highest generation is closed. One that replaces:
 *
 * | highest generation                          | its spec | step                                      |
 * |---------------------------------------------|----------|-------------------------------------------|
 * | unclosed, replaces too, no other engine     | same     | as above: it goes on                      |
 * | unclosed, takes the place of others by now  | other    | refuse: that one goes only forward        |
 * | any other                                   | any      | take the next, which replaces             |
 */
export function nextStep(highest: GenerationFacts | undefined, command: Command): NextStep {
  if (highest === undefined) return take(0, command);
  if (command.intention === 'replace') return nextToReplace(highest, command);
  const isOther = highest.specHash !== command.specHash;
  if (isOther && !(highest.closed && command.intention === 'append'))
    return refuseOtherSpec(highest, command);
  return highest.closed ? nextAfterClosed(highest, command) : goOn(highest, command);
}

function nextToReplace(highest: GenerationFacts, command: Command): NextStep {
  const { generation, runId, specHash, engine, closed, replaces } = highest;
  if (!closed && replaces !== 'no' && specHash === command.specHash) {
    const isOurs = engine === undefined || engine === command.engine;
    if (isOurs || replaces === 'publishing') return goOn(highest, command);
  } else if (!closed && replaces === 'publishing')
    return {
      step: 'refuse',
      message: `the output holds run ${runId}, which has begun to take the place of what was there before`,
      hint: 'run its command again: little is left of it',
    };
  return { ...take(generation + 1, command), replaces: true, ...(closed ? {} : { abandons: runId }) };
}

function goOn(highest: GenerationFacts, command: Command): NextStep {
  const { generation, runId, engine } = highest;
  if (engine === undefined) return { step: 'plan', generation, runId };
  if (engine !== command.engine) return refuseOtherEngine(runId, engine, command.engine);
  return { step: 'join', generation, runId };
}

const take = (n: number, { specHash }: Command): Extract<NextStep, { step: 'take' }> => ({
  step: 'take',
  generation: n,
  runId: runIdOf(n, specHash),
  replaces: false,
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
      hint: '--resume=false replaces what it holds, --append adds to it; or choose another --output',
    };
  const start = `the output holds the unfinished run ${highest.runId} of another spec; this command would be run ${ours}`;
  if (highest.engine !== undefined)
    return {
      step: 'refuse',
      message: start,
      hint: 'finish that run with its own command first and keep its spec, give it up with --resume=false, or choose another --output',
    };
  return {
    step: 'refuse',
    message: `${start}; that one has no plan yet`,
    hint: 'give it up with --resume=false, or choose another --output',
  };
}

const refuseOtherEngine = (runId: string, theirs: number, ours: number): NextStep => ({
  step: 'refuse',
  message: `the unfinished run ${runId} was planned by engine ${theirs}, this release has engine ${ours} and would write other bytes`,
  hint: `finish it with a release of engine ${theirs}, or give it up with --resume=false`,
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
  const { specHash, replaces } = await readGeneration(storage, n);
  const runId = runIdOf(n, specHash);
  const run = await readJson(storage, runKeys(runId).run, runFile);
  const closed = run !== undefined && (await isClosed(storage, runId, n));
  const publishes = replaces === true && (await storage.stat(runKeys(runId).publication)) !== undefined;
  return {
    ...{ generation: n, specHash, runId, engine: run?.frozen.engine, closed },
    replaces: publishes ? 'publishing' : replaces === true ? 'yes' : 'no',
  };
}

/** @throws StorageError `not-found` where the generation was never taken. */
export async function readGeneration(storage: Storage, n: number): Promise<Generation> {
  const found = await readJson(storage, generationKey(n), generation);
  if (found === undefined) throw new StorageError('not-found', 'read', generationKey(n), 'there is none');
  return found;
}

/**
 * A run is closed once its report says that all is committed **and** `_SUCCESS` names it: a close that crashed
 * between the two is closed again by the same command. One that `winnow gc` has cleared was closed, whatever took its
 * `_SUCCESS` away: it has no plan to be closed by.
 */
async function isClosed(storage: Storage, runId: string, n: number): Promise<boolean> {
  const reported = await readJson(storage, runKeys(runId).report, z.object({ state: report.shape.state }));
  if (reported?.state !== 'succeeded' && reported?.state !== 'partial') return false;
  if ((await readSuccess(storage)) === n) return true;
  return (await storage.stat(runKeys(runId).clearing)) !== undefined;
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
  | {
      readonly step: 'plan' | 'join';
      readonly generation: number;
      readonly runId: string;
      /** An unfinished run that was given up for it. */
      readonly abandoned?: string | undefined;
    }
  | { readonly step: 'nothing'; readonly runId: string };

export interface DecideOptions {
  readonly specHash: string;
  readonly engine: number;
  /** Time for the generation's record. */
  readonly createdAt: string;
  /** Default: `resume`. */
  readonly intention?: Intention;
  /** Whether the source holds inputs that the output does not know, of which that is the latest, closed run. */
  readonly hasNewInputs: (previousRunId: string) => Promise<boolean>;
}

/**
 * Decides and, where a generation is to be taken, takes it by exclusive create. Whoever loses that race reads again
 * and decides again: the same spec then plans or joins the winner's, another spec is refused.
 *
 * @throws ConfigurationError where {@link nextStep} refuses.
 */
export async function decideRun(storage: Storage, options: DecideOptions): Promise<Decision> {
  const { specHash, engine, createdAt, intention = 'resume' } = options;
  let newInputs: NewInputs = 'unknown';
  for (;;) {
    const next = nextStep(await generationFacts(storage), { specHash, engine, newInputs, intention });
    switch (next.step) {
      case 'compare-inputs':
        newInputs = (await options.hasNewInputs(next.previousRunId)) ? 'some' : 'none';
        break;
      case 'take': {
        const { generation: n, runId, replaces, abandons } = next;
        const taken: Generation = { generation: n, specHash, createdAt, ...(replaces && { replaces }) };
        const outcome = await createJson(storage, generationKey(n), taken);
        if (outcome === 'created') return { step: 'plan', generation: n, runId, abandoned: abandons };
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
