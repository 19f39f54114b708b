import {
  ConfigurationError,
  decideRun,
  earlierOutputs,
  ENGINE,
  generationOf,
  joinRun,
  newInputs,
  readGeneration,
  readInputOutcomes,
  requestStop,
  runKeys,
  specHash,
  standingSha256,
  SweptNames,
  type EarlierOutput,
  type Intention,
  type NewInputsOptions,
  type PlannedInput,
  type RunFile,
  type Source,
  type Spec,
  type Storage,
  zstdTextCodec,
} from '@winnow/core';
import { planGeneration } from './plan-generation.ts';
import { planInTurn } from './pull/plan-in-turn.ts';
import { runToFollow, runWithColumns } from './run-to-follow.ts';

/** What the command comes to in this output. */
export type Decided =
  | { readonly kind: 'run'; readonly run: RunFile }
  /** Finished before, and nothing is new; inputs that changed since they were written are named. */
  | { readonly kind: 'nothing'; readonly runId: string; readonly changed: readonly string[] };

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** How many changed inputs are named. */
const MAX_NAMED = 1000;

/** Joins the unfinished run of this spec, plans a new one, or finds that there is nothing to do. */
export async function decide(
  spec: Spec,
  place: {
    output: Storage;
    source: Source;
    cwd: string;
    now: () => Date;
    sleep: Sleep;
    intention: Intention;
  },
  signal: AbortSignal,
): Promise<Decided> {
  const { output, source, intention } = place;
  const hash = specHash(spec, { sourceRoot: place.cwd });
  const createdAt = place.now().toISOString();
  const inputsAfter = (runId: string, names: Omit<NewInputsOptions, 'layout'>): AsyncIterable<PlannedInput> =>
    newInputs(source.list(), readInputOutcomes(output, runId, zstdTextCodec), {
      layout: spec.layout,
      ...names,
    });
  const follow = (generation: number): Promise<RunFile | undefined> =>
    runToFollow(output, { generation, specHash: hash, source });
  let changed: string[] = [];
  const decision = await decideRun(output, {
    specHash: hash,
    engine: ENGINE,
    createdAt,
    intention,
    hasNewInputs: async (latest) => {
      const before = await follow(generationOf(latest) + 1);
      if (before === undefined) return true;
      // What an output is to replace matters to the plan only.
      const found = await compare(inputsAfter(before.runId, { standing: () => Promise.resolve(undefined) }));
      changed = found.changed;
      return found.some;
    },
  });
  if (decision.step === 'nothing') return { kind: 'nothing', runId: decision.runId, changed };
  if (decision.step === 'join') return { kind: 'run', run: await joinRun(output, decision.runId) };
  if (decision.abandoned !== undefined) await requestStop(output, runKeys(decision.abandoned), createdAt);
  // What the generation is to do was said when it was taken, by a planner that may have been killed.
  const { replaces, redrives } = await readGeneration(output, decision.generation);
  if (redrives === true) throw unfinishedRedrive(output, decision.runId);
  const followed = replaces === true ? undefined : await follow(decision.generation);
  const before = followed?.runId;
  // Read now that the generation is taken: see there.
  const swept = await SweptNames.before(output, spec.layout === 'mirror' ? decision.generation : 0);
  const earlier = (): AsyncIterable<EarlierOutput> =>
    earlierOutputs(output, decision.generation, zstdTextCodec);
  const names = namesIn(output, swept);
  const { runId } = decision;
  const plan = async (): Promise<RunFile> =>
    planGeneration(
      output,
      {
        runId,
        generation: decision.generation,
        specHash: hash,
        replaces,
        follows: before,
        spec,
        source,
        inputs: before === undefined ? source.list() : inputsAfter(before, names),
        takenNames: takenNames(output, before, swept, earlier),
        replaced: replaces && earlier(),
        columns:
          followed?.specHash === hash ? (await runWithColumns(output, followed)).frozen.columns : undefined,
        createdAt,
      },
      signal,
    );
  // Containers of one job come to this together.
  const isShared = spec.backend === 'pull';
  const { now, sleep } = place;
  return {
    kind: 'run',
    run: isShared ? await planInTurn({ output, runId, now, sleep, plan }, signal) : await plan(),
  };
}

/** What is asked of the outputs of inputs that are done once more. */
export const namesIn = (output: Storage, swept: SweptNames): Omit<NewInputsOptions, 'layout'> => ({
  standing: (key) => standingSha256(output, key),
  isSwept: (key, runId) => swept.has(key, runId),
});

/** Names of outputs that no new input may have: those of the run that is followed, those that a sweep may remove. */
export async function* takenNames(
  output: Storage,
  before: string | undefined,
  swept: SweptNames,
  earlier: () => AsyncIterable<EarlierOutput>,
): AsyncGenerator<string> {
  if (before === undefined) {
    yield* swept.lost(earlier());
    return;
  }
  yield* swept.names;
  for await (const { output: name } of readInputOutcomes(output, before, zstdTextCodec))
    if (name !== undefined) yield name;
}

/** @throws ConfigurationError where the layout knows no such thing */
export function assertPossible({ layout }: Spec, intention: Intention): void {
  if (layout !== 'mirror' || intention !== 'append') return;
  throw new ConfigurationError('--append is for the layout parts, this one is mirror', {
    hint: 'leave it out: what is new or changed in the source is done anyway; --resume=false does all of it anew under another spec, or choose another --output',
  });
}

const unfinishedRedrive = (output: Storage, runId: string): ConfigurationError =>
  new ConfigurationError(`${output.uri}: the redrive ${runId} was taken, but not planned`, {
    hint: 'run winnow redrive again first, or give it up with --resume=false',
  });

async function compare(inputs: AsyncIterable<PlannedInput>): Promise<{ some: boolean; changed: string[] }> {
  const changed: string[] = [];
  let some = false;
  for await (const input of inputs) {
    if (input.refuse === undefined) some = true;
    else if (changed.length < MAX_NAMED) changed.push(input.key);
  }
  return { some, changed };
}
