import {
  absoluteRoot,
  ConfigurationError,
  decideRedrive,
  ENGINE,
  joinRun,
  quarantinedObjects,
  readGeneration,
  readRun,
  runsInQuarantine,
  zstdTextCodec,
  type RunFile,
  type Spec,
  type Storage,
} from '@winnow/core';
import type { OperationsEdge } from '../operations/edge.ts';
import type { RedriveHooks, RunResult } from '../operations/operations.ts';
import { assertQuarantined, keepMended, openMended, type MendedFile } from './mended-file.ts';
import { assertSecretsPlaced } from '../hooks/reveal-secrets.ts';
import { planGeneration } from './plan-generation.ts';
import { retain } from './retain.ts';
import { carryOut, openBackend } from './run.ts';
import { tellEnding } from './tell-ending.ts';

/**
 * Does the quarantined records of an output again, under this spec, some of them as a file mends them: a generation whose
 * inputs are quarantine objects. The same command goes on with one that was stopped.
 */
export async function redriveSpec(spec: Spec, edge: OperationsEdge, hooks: RedriveHooks): Promise<RunResult> {
  const startedAt = edge.now();
  assertSecretsPlaced(spec, edge.environment);
  hooks.onEvent({ kind: 'planning' });
  const output = await edge.openStorage(absoluteRoot(spec.output ?? '', hooks.cwd));
  const mended = hooks.mendedFile === undefined ? undefined : await openMended(hooks.mendedFile, hooks.cwd);
  const backend = await openBackend(spec, [output.uri], edge, hooks);
  const createdAt = startedAt.toISOString();
  const decision = await decideRedrive(output, {
    ...{ engine: ENGINE, createdAt, codec: zstdTextCodec },
    assertPossible: async (generation) => {
      assertAlike(await latestRun(output, generation), spec);
      if (mended) await assertQuarantined(output, generation, mended);
    },
  });
  if (decision.step === 'nothing') return { kind: 'nothing-to-do', runId: decision.runId, changed: [] };
  const run =
    decision.step === 'join'
      ? await joinSame(output, decision.runId, mended)
      : await plan(output, { ...decision, spec, mended, createdAt }, hooks.signal);
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

/** @throws ConfigurationError where the spec would write something else than the output holds */
function assertAlike({ frozen: { format, layout, al3 } }: RunFile, spec: Spec): void {
  if (al3 || spec.inputFormat === 'al3')
    throw new ConfigurationError('a redrive is for JSON, this one is AL3', {
      hint: 'mend the inputs: the same winnow run command replaces their outputs',
    });
  if (layout === 'mirror' || spec.layout === 'mirror')
    throw new ConfigurationError('a redrive is for the layout parts, this one is mirror', {
      hint: 'mend the inputs: the same winnow run command replaces their outputs; under another schema --resume=false replaces all',
    });
  if (format === spec.format) return;
  const rule = `a redrive must write what the output holds, ${format}`;
  throw new ConfigurationError(`${rule}, got ${spec.format}`, { hint: `give --format ${format}` });
}

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
  readonly mended: MendedFile | undefined;
  readonly createdAt: string;
}

async function plan(
  output: Storage,
  { runId, generation, spec, mended, createdAt }: RedriveToPlan,
  signal: AbortSignal,
): Promise<RunFile> {
  const { frozen } = await latestRun(output, generation);
  return planGeneration(
    output,
    {
      ...{ runId, generation, createdAt, spec },
      specHash: (await readGeneration(output, generation)).specHash,
      ...{ replaces: undefined, follows: undefined, takenNames: undefined },
      source: { root: output.uri, storage: output },
      redrives: mended === undefined ? {} : { mended: await keepMended(output, runId, mended) },
      inputs: quarantinedObjects(output, generation, zstdTextCodec),
      columns: spec.schema === undefined ? frozen.columns : undefined,
    },
    signal,
  );
}
