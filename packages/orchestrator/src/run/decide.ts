import {
  ConfigurationError,
  decideRun,
  ENGINE,
  isNotFound,
  joinRun,
  newInputs,
  readGeneration,
  readInputOutcomes,
  readRun,
  runIdOf,
  specHash,
  storedDigest,
  SweptNames,
  type NewInputsOptions,
  type PlannedInput,
  type RunFile,
  type Source,
  type Spec,
  type Storage,
  zstdTextCodec,
} from '@winnow/core';
import { planGeneration } from './plan-generation.ts';

/** What the command comes to in this output. */
export type Decided =
  | { readonly kind: 'run'; readonly run: RunFile }
  /** Finished before, and nothing is new; inputs that changed since they were written are named. */
  | { readonly kind: 'nothing'; readonly runId: string; readonly changed: readonly string[] };

/** How many changed inputs are named. */
const MAX_NAMED = 1000;

/** Joins the unfinished run of this spec, plans a new one, or finds that there is nothing to do. */
export async function decide(
  spec: Spec,
  place: { output: Storage; source: Source; cwd: string; now: () => Date },
  signal: AbortSignal,
): Promise<Decided> {
  const { output, source } = place;
  const hash = specHash(spec, { sourceRoot: place.cwd });
  const createdAt = place.now().toISOString();
  const inputsAfter = (runId: string, names: Omit<NewInputsOptions, 'layout'>): AsyncIterable<PlannedInput> =>
    newInputs(source.list(), readInputOutcomes(output, runId, zstdTextCodec), {
      layout: spec.layout,
      ...names,
    });
  let previous: string | undefined;
  let changed: string[] = [];
  const decision = await decideRun(output, {
    specHash: hash,
    engine: ENGINE,
    createdAt,
    hasNewInputs: async (runId) => {
      previous = runId;
      assertSameRoot(await readRun(output, runId), source);
      // What an output is to replace matters to the plan only.
      const found = await compare(inputsAfter(runId, { standing: () => Promise.resolve(undefined) }));
      changed = found.changed;
      return found.some;
    },
  });
  if (decision.step === 'nothing') return { kind: 'nothing', runId: decision.runId, changed };
  if (decision.step === 'join') return { kind: 'run', run: await joinRun(output, decision.runId) };
  const before = previous ?? (await runBefore(output, decision.generation));
  // Read now that the generation is taken: see there.
  const swept = await SweptNames.before(output, spec.layout === 'mirror' ? decision.generation : 0);
  const names = {
    standing: (key: string) => standingSha256(output, key),
    isSwept: (key: string, runId: string) => swept.has(key, runId),
  };
  const run = await planGeneration(
    output,
    {
      runId: decision.runId,
      generation: decision.generation,
      specHash: hash,
      spec,
      source,
      inputs: before === undefined ? source.list() : inputsAfter(before, names),
      takenNames: before === undefined ? undefined : takenNames(output, before, swept),
      columns: before === undefined ? undefined : (await readRun(output, before)).frozen.columns,
      createdAt,
    },
    signal,
  );
  return { kind: 'run', run };
}

/** Names of outputs that no new input may have. */
async function* takenNames(output: Storage, before: string, swept: SweptNames): AsyncGenerator<string> {
  yield* swept.names;
  for await (const { output: name } of readInputOutcomes(output, before, zstdTextCodec))
    if (name !== undefined) yield name;
}

async function standingSha256(output: Storage, key: string): Promise<string | undefined> {
  try {
    return (await storedDigest(output, key)).sha256;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Inputs are known by their names below the source's root. A list file whose common folder is another one now would
 * make everything that was written look new.
 *
 * @throws ConfigurationError
 */
function assertSameRoot(before: RunFile, source: Source): void {
  if (before.source === source.root) return;
  throw new ConfigurationError(
    `the inputs of run ${before.runId} have the common folder ${before.source}, ${source.description} has ${source.root} now`,
    { hint: 'list the inputs so that their common folder stays, or choose another --output' },
  );
}

/** The run that a generation found without a plan follows: its planner was killed. */
async function runBefore(output: Storage, generation: number): Promise<string | undefined> {
  if (generation === 0) return undefined;
  const { specHash: hash } = await readGeneration(output, generation - 1);
  return runIdOf(generation - 1, hash);
}

async function compare(inputs: AsyncIterable<PlannedInput>): Promise<{ some: boolean; changed: string[] }> {
  const changed: string[] = [];
  let some = false;
  for await (const input of inputs) {
    if (input.refuse === undefined) some = true;
    else if (changed.length < MAX_NAMED) changed.push(input.key);
  }
  return { some, changed };
}
