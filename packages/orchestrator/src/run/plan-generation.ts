import { REST_COLUMN, type Column } from '@winnow/kernel';
import {
  codecOf,
  createRun,
  previousRunId,
  draftPlan,
  givenUp,
  ENGINE,
  runKeys,
  STARTER_DICTIONARY,
  writePlan,
  objectsInTheWay,
  readJson,
  runFile,
  type DraftOptions,
  type EarlierVersion,
  ConfigurationError,
  type PlanDraft,
  type PlannedInput,
  type RunFile,
  type Source,
  type Spec,
  type Storage,
} from '@winnow/core';

/** A generation that was taken, and what it is to do. */
export interface GenerationToPlan {
  readonly runId: string;
  readonly generation: number;
  readonly specHash: string;
  /** It takes the place of everything before it. */
  readonly replaces: true | undefined;
  /** The run whose inputs are not done again. */
  readonly follows: string | undefined;
  readonly spec: Spec;
  readonly source: Pick<Source, 'root' | 'storage'>;
  /** Its inputs are quarantine objects. */
  readonly redrives?: RunFile['redrives'];
  /** All inputs, or those that no generation before this one wrote. */
  readonly inputs: AsyncIterable<PlannedInput>;
  /** In the layout `mirror`: names of outputs that no new input may have. None for the first generation. */
  readonly takenNames: AsyncIterable<string> | undefined;
  /** The same: what stands there and is to be replaced, where the run takes the place of everything. */
  readonly replaced?: AsyncIterable<EarlierVersion> | undefined;
  /** Of the generation before: its columns stay. */
  readonly columns: readonly Column[] | undefined;
  readonly createdAt: string;
}

/** Plans the generation and seals the plan. Where another planner was first, its plan is the run's. */
export async function planGeneration(
  output: Storage,
  toPlan: GenerationToPlan,
  signal: AbortSignal,
): Promise<RunFile> {
  const { spec, source, inputs } = toPlan;
  const draft = await draftPlan({
    storage: source.storage,
    inputs,
    ...draftOptions(spec, toPlan),
    signal,
  });
  try {
    const written = await writePlan(output, runKeys(toPlan.runId), draft.sha, draft.text());
    if (spec.layout === 'mirror') await assertFree(output, toPlan.runId, draft);
    const follows = await followsOf(output, toPlan);
    const end = await givenUp(output, toPlan.runId);
    if (end) throw end;
    const { run } = await createRun(output, runFileOf({ ...toPlan, ...follows }, draft, written.firstUnits));
    return run;
  } finally {
    await draft.dispose();
  }
}

/** As `run.json` has it: nothing where it is the run of the generation before. */
async function followsOf(
  output: Storage,
  { runId, generation, follows }: GenerationToPlan,
): Promise<Pick<RunFile, 'follows'>> {
  const before = await previousRunId(output, { runId, generation });
  return { follows: follows === before ? undefined : (follows ?? null) };
}

/** What the spec asks of a plan; columns are those of the generation before. */
export const draftOptions = (
  spec: Spec,
  toPlan: Partial<Pick<GenerationToPlan, 'columns' | 'takenNames' | 'replaced'>> = {},
): Pick<DraftOptions, 'unitBytes' | 'recordsPath' | 'columns' | 'documents' | 'mirror'> => {
  const { columns, takenNames: taken, replaced } = toPlan;
  return {
    unitBytes: spec.unitBytes,
    recordsPath: spec.recordsPath,
    // The elements of groups are no columns.
    columns: spec.inputFormat === 'al3' ? [] : (columns ?? spec.schema?.columns),
    documents: spec.inputFormat === 'al3',
    mirror: spec.layout === 'mirror' ? { extension: spec.format, taken, replaced } : undefined,
  };
};

/**
 * Outputs have the names of their inputs, which a stranger's objects may have too.
 *
 * @throws ConfigurationError where such objects stand in the output
 */
async function assertFree(output: Storage, runId: string, draft: PlanDraft): Promise<void> {
  const { total, first } = await objectsInTheWay(output, () => draft.shares());
  // Where another planner was first, its workers may have begun: what stands there is theirs.
  if (total === 0 || (await readJson(output, runKeys(runId).run, runFile)) !== undefined) return;
  const named = total > first.length ? `${first.join(', ')}, …` : first.join(', ');
  throw new ConfigurationError(
    `${output.uri} holds ${total} ${total === 1 ? 'object' : 'objects'} that no run in it wrote, where outputs are to be: ${named}`,
    { hint: 'move them away, or choose another --output' },
  );
}

function runFileOf(
  toPlan: Omit<GenerationToPlan, 'follows'> & Pick<RunFile, 'follows'>,
  draft: PlanDraft,
  firstUnits: number[],
): RunFile {
  const { spec, source, runId, generation, specHash, createdAt, replaces, follows, redrives } = toPlan;
  const { unitBytes, sha, units, inputs, bytes, decoded, classes } = draft;
  return {
    runId,
    generation,
    specHash,
    ...(replaces && { replaces }),
    ...(follows === undefined ? {} : { follows }),
    ...(redrives === undefined ? {} : { redrives }),
    createdAt,
    source: source.root,
    spec: { ...spec },
    frozen: {
      engine: ENGINE,
      zstd: process.versions['zstd'] ?? '',
      format: spec.format,
      ...(spec.csvSafe ? { csvSafe: true } : {}),
      layout: spec.layout,
      columns: columnsOf(draft.columns, spec),
      drift: spec.drift,
      unitBytes,
      rowGroupRows: spec.rowGroupRows,
      rowGroupBytes: spec.rowGroupBytes,
      maxRecordBytes: spec.maxRecordBytes,
      maxInputRatio: spec.maxInputRatio,
      ...(spec.maxInputDecoded === undefined ? {} : { maxInputDecoded: spec.maxInputDecoded }),
      ...(spec.recordsPath === undefined ? {} : { recordsPath: spec.recordsPath }),
      ...(spec.inputFormat === 'al3' ? { al3: al3ReadingOf(spec) } : {}),
      codec: codecOf(spec),
      level: spec.level,
      parquetProfile: spec.parquetProfile,
    },
    plan: {
      ...{ sha, objects: firstUnits.length, firstUnits },
      ...{ units, inputs, bytes, decoded, classes: [...classes] },
    },
  };
}

function al3ReadingOf(spec: Spec): NonNullable<RunFile['frozen']['al3']> {
  const { decimals, raw, strict, centuryPivot: pivot, jsonShape: shape } = spec;
  const layouts = spec.dictionary ?? [...STARTER_DICTIONARY.values()];
  const dictionary = layouts.map((layout) => ({ ...layout, elements: [...layout.elements] }));
  return { dictionary, pivot, decimals, raw, shape, strict };
}

/** Under the policy `rest` the last column keeps what fits no other. */
export function columnsOf(columns: readonly Column[], spec: Spec): Column[] {
  if (spec.inputFormat === 'al3') return [];
  const named = columns.filter(({ name }) => name !== REST_COLUMN);
  return spec.drift === 'rest' ? [...named, { name: REST_COLUMN, type: 'text' }] : named;
}
