import {
  absoluteRoot,
  ConfigurationError,
  decideRedrive,
  earlierOutputs,
  ENGINE,
  joinRun,
  MirrorQuarantine,
  quarantinedObjects,
  readGeneration,
  readRun,
  redoneInputs,
  runsInQuarantine,
  SweptNames,
  zstdTextCodec,
  type RunFile,
  type Source,
  type Spec,
  type Storage,
} from '@winnow/core';
import type { OperationsEdge } from '../operations/edge.ts';
import type { RedriveHooks, RunResult } from '../operations/operations.ts';
import { assertSecretsPlaced } from '../hooks/reveal-secrets.ts';
import { namesIn, takenNames } from './decide.ts';
import { assertQuarantined, keepMended, openMended, withEarlier, type MendedFile } from './mended-file.ts';
import { openInputs } from './place.ts';
import { planGeneration, type GenerationToPlan } from './plan-generation.ts';
import { retain } from './retain.ts';
import { carryOut, openBackend } from './run.ts';
import { tellEnding } from './tell-ending.ts';

/**
 * Does the quarantined records of an output again, under this spec, some of them as a file mends them: a generation whose
 * inputs are quarantine objects. In the layout `mirror` its inputs are those that have such records: each is read again, and
 * its output replaced. The same command goes on with one that was stopped.
 */
export async function redriveSpec(spec: Spec, edge: OperationsEdge, hooks: RedriveHooks): Promise<RunResult> {
  const startedAt = edge.now();
  assertSecretsPlaced(spec, edge.environment);
  hooks.onEvent({ kind: 'planning' });
  const opening = { cwd: hooks.cwd, openStorage: edge.openStorage };
  const output = await edge.openStorage(absoluteRoot(spec.output ?? '', hooks.cwd));
  const source = spec.layout === 'mirror' ? await openInputs(spec, opening) : undefined;
  const mended = hooks.mendedFile === undefined ? undefined : await openMended(hooks.mendedFile, hooks.cwd);
  const roots = source === undefined ? [output.uri] : [source.root, output.uri];
  const backend = await openBackend(spec, roots, edge, hooks);
  const createdAt = startedAt.toISOString();
  const decision = await decideRedrive(output, {
    ...{ engine: ENGINE, createdAt, codec: zstdTextCodec },
    assertPossible: async (generation) => {
      assertAlike(await latestRun(output, generation), spec, source);
      if (mended) await assertQuarantined(output, generation, spec.layout, mended);
      // Said before anything is taken where it is too much.
      await allMended(output, generation, spec, mended);
    },
  });
  if (decision.step === 'nothing') return { kind: 'nothing-to-do', runId: decision.runId, changed: [] };
  const run =
    decision.step === 'join'
      ? await joinSame(output, decision.runId, await allMended(output, decision.generation, spec, mended))
      : await plan(output, { ...decision, spec, source, given: mended, createdAt }, hooks.signal);
  const { report } = await carryOut({ run, output, spec, backend, startedAt }, edge, hooks);
  await tellEnding(report, { spec, output }, edge, hooks);
  await retain(spec, output, edge, hooks);
  return { kind: 'ran', report };
}

/** The run whose columns a redrive goes on with. */
async function latestRun(output: Storage, generation: number): Promise<RunFile> {
  const runs = await runsInQuarantine(output, generation);
  return readRun(output, runs.at(-1) ?? '');
}

/** @throws ConfigurationError where the spec would write something else than the output holds, or read other inputs again */
function assertAlike({ frozen, source: root, runId }: RunFile, spec: Spec, source: Source | undefined): void {
  if (frozen.al3 || spec.inputFormat === 'al3')
    throw new ConfigurationError('a redrive is for JSON, this one is AL3', {
      hint: 'mend the inputs: the same winnow run command replaces their outputs',
    });
  for (const field of ['layout', 'format'] as const) {
    if (frozen[field] === spec[field]) continue;
    const rule = `a redrive must write what the output holds, ${field} ${frozen[field]}`;
    throw new ConfigurationError(`${rule}, got ${spec[field]}`, {
      hint: `give --${field} ${frozen[field]}`,
    });
  }
  if (source === undefined) return;
  if (source.root !== root)
    throw new ConfigurationError(
      `a redrive in the layout mirror reads inputs again: those of run ${runId} are in ${root}, got ${source.root}`,
      { hint: 'give the --source of that run' },
    );
  if (frozen.recordsPath !== spec.recordsPath)
    throw new ConfigurationError(
      `a redrive in the layout mirror must find records where run ${runId} did: its --records-path was ${frozen.recordsPath ?? 'left out'}, got ${spec.recordsPath ?? 'none'}`,
      { hint: 'give the same one; another one takes --resume=false' },
    );
}

/** All that is mended in a generation: by the file that is given, and by what goes on of redrives before. */
const allMended = (
  output: Storage,
  generation: number,
  { layout }: Spec,
  given: MendedFile | undefined,
): Promise<MendedFile | undefined> =>
  layout === 'mirror' ? withEarlier(output, generation, given) : Promise.resolve(given);

/** @throws ConfigurationError where the unfinished redrive has another file */
async function joinSame(output: Storage, runId: string, mended: MendedFile | undefined): Promise<RunFile> {
  const run = await joinRun(output, runId);
  if (run.redrives?.mended?.sha256 === mended?.sha256) return run;
  const what = `the redrive ${runId} is not finished, and has another file of mended records`;
  throw new ConfigurationError(`${output.uri}: ${what}`, {
    hint: 'finish it with the --with of its own command first; what stays bad the next one can mend',
  });
}

interface RedriveToPlan {
  readonly runId: string;
  readonly generation: number;
  readonly spec: Spec;
  /** In the layout `mirror`. */
  readonly source: Source | undefined;
  /** The file of mended records. */
  readonly given: MendedFile | undefined;
  readonly createdAt: string;
}

async function plan(output: Storage, toPlan: RedriveToPlan, signal: AbortSignal): Promise<RunFile> {
  const { runId, generation, spec, source, given, createdAt } = toPlan;
  const before = await latestRun(output, generation);
  // The generation may have been taken by another command, which was killed then.
  assertAlike(before, spec, source);
  if (given) await assertQuarantined(output, generation, spec.layout, given);
  const mended = await allMended(output, generation, spec, given);
  return planGeneration(
    output,
    {
      ...{ runId, generation, createdAt, spec, replaces: undefined },
      specHash: (await readGeneration(output, generation)).specHash,
      redrives: mended === undefined ? {} : { mended: await keepMended(output, runId, mended) },
      columns: spec.schema === undefined ? before.frozen.columns : undefined,
      ...(source === undefined
        ? quarantineOf(output, generation)
        : await inputsAgain(output, generation, before.runId, source)),
    },
    signal,
  );
}

type FromWhere = Pick<GenerationToPlan, 'source' | 'inputs' | 'follows' | 'takenNames'>;

const quarantineOf = (output: Storage, generation: number): FromWhere => ({
  ...{ follows: undefined, takenNames: undefined },
  source: { root: output.uri, storage: output },
  inputs: quarantinedObjects(output, generation, zstdTextCodec),
});

/** In the layout `mirror`: the inputs that have quarantined records, each as a whole. */
async function inputsAgain(
  output: Storage,
  generation: number,
  before: string,
  source: Source,
): Promise<FromWhere> {
  const quarantine = await MirrorQuarantine.before(output, generation, zstdTextCodec);
  const swept = await SweptNames.before(output, generation);
  const earlier = () => earlierOutputs(output, generation, zstdTextCodec);
  return {
    source,
    follows: before,
    takenNames: takenNames(output, before, swept, earlier),
    inputs: redoneInputs(source.storage, quarantine.inputs(), namesIn(output, swept)),
  };
}
