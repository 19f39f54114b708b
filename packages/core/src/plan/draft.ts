import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Column } from '@winnow/kernel';
import { ConfigurationError } from '../errors.ts';
import { parseRecordsPath } from '../input/records-path.ts';
import { SchemaInference } from '../schema/infer.ts';
import type { MemoryClass } from '../shapes/run.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { Storage } from '../storage/storage.ts';
import type { SizedInput } from './cut.ts';
import { cutIntoClasses, planShares, planText } from './cut-classes.ts';
import { SizeEstimate, type SurveyedInput } from './estimate.ts';
import { EarlierVersions, type EarlierVersion } from './earlier-versions.ts';
import { OutputNaming } from './output-names.ts';
import { SampleChoice } from './sample-choice.ts';
import { isFinding, readCompression, readLayout, sampleInput, type InputSample } from './sample-input.ts';
import { Spool } from './spool.ts';
import type { UnitShare } from './unit-spool.ts';
import { chooseUnitBytes } from './unit-size.ts';

/** The beginning of inputs larger than this is read when planning; smaller ones are told by the worker. */
const READ_HEADS_OVER_BYTES = 8 * 2 ** 20;

export interface DraftOptions {
  /** Where inputs are read from. */
  readonly storage: Storage;
  /** What there is to do, in key order. */
  readonly inputs: AsyncIterable<PlannedInput>;
  /** Decoded bytes of a unit; chosen from the total where it is left out. */
  readonly unitBytes?: number | undefined;
  /** Where documents have their records; inputs tell their layout where it is left out. */
  readonly recordsPath?: string | undefined;
  /** The columns; inferred from samples where they are left out. */
  readonly columns?: readonly Column[] | undefined;
  /** Inputs are documents of a format that only its reader can split: each is read by one unit. */
  readonly documents?: boolean | undefined;
  /** Plans for the layout `mirror`: inputs are never split, and each has the name of its output. */
  readonly mirror?: MirrorOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MirrorOptions {
  /** Of the outputs' names, without its dot. */
  readonly extension: string;
  /** Names that no new input may have: those of all outputs before, for one. */
  readonly taken?: AsyncIterable<string> | undefined;
  /** All outputs before, where the run takes their place. */
  readonly replaced?: AsyncIterable<EarlierVersion> | undefined;
}

/** A plan that is nowhere but on this machine yet: the units wait in a temporary file. */
export interface PlanDraft {
  readonly unitBytes: number;
  readonly columns: readonly Column[];
  /** Records that the columns were inferred from; 0 where they were given. */
  readonly sampledRecords: number;
  readonly units: number;
  readonly inputs: number;
  /** Stored bytes. */
  readonly bytes: number;
  /** Estimated decoded bytes. */
  readonly decoded: number;
  readonly classes: readonly MemoryClass[];
  /** SHA-256 of the plan's text. */
  readonly sha: string;
  /** A unit a line, each with its line feed; cut anywhere, and a piece is good until the next is asked for. */
  text(): AsyncIterable<Uint8Array>;
  /** The same, input by input: the ranges of one input follow each other. */
  shares(): AsyncIterable<UnitShare>;
  /** Removes the temporary files. */
  dispose(): Promise<void>;
}

/** @throws ConfigurationError where nothing can be written for a while */
async function makeTemporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), 'winnow-plan-'));
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(`a plan is sorted in ${tmpdir()}, which cannot be written to (${code})`, {
      cause,
      hint: 'name another folder in TMPDIR, or mount one there',
    });
  }
}

/**
 * Lists, samples, infers and cuts, in memory that does not grow with the number of inputs: what is listed and cut
 * goes through files. Units are numbered memory class by memory class, within a class in the order of the inputs.
 */
export async function draftPlan(options: DraftOptions): Promise<PlanDraft> {
  const folder = await makeTemporaryFolder();
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const survey = await surveyInputs(options, folder);
    const samples = await takeSamples(options, survey);
    if (options.documents !== true) assertNoAl3(samples);
    const sampled = inferColumns(samples);
    const columns = options.columns ?? sampled.columns();
    const estimate = new SizeEstimate(samples);
    const sized = (): AsyncIterable<SizedInput> => sizedInputs(survey, estimate, options.signal);
    const decoded = await sumDecoded(sized());
    const unitBytes = options.unitBytes ?? chooseUnitBytes(decoded);
    const layout = options.mirror ? 'mirror' : 'parts';
    const run = { columns, layout, documents: options.documents === true } as const;
    const classes = await cutIntoClasses(sized(), unitBytes, folder, run);
    return {
      unitBytes,
      columns,
      sampledRecords: options.columns ? 0 : sampled.records,
      units: classes.reduce((sum, { units }) => sum + units, 0),
      inputs: survey.inputs.lines,
      bytes: survey.bytes,
      decoded,
      classes: classes.map(({ memoryMiB, firstUnit, units }) => ({ memoryMiB, firstUnit, units })),
      sha: await shaOf(planText(classes)),
      text: () => planText(classes),
      shares: () => planShares(classes),
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface Survey {
  /** A {@link SurveyedInput} a line. */
  readonly inputs: Spool;
  readonly bytes: number;
  readonly chosen: readonly PlannedInput[];
  /** In the layout `mirror`. */
  readonly names: Names | undefined;
}

interface Names {
  readonly naming: OutputNaming;
  readonly earlier: EarlierVersions;
}

async function surveyInputs(options: DraftOptions, folder: string): Promise<Survey> {
  const inputs = await Spool.create(join(folder, 'inputs.ndjson'));
  const choice = new SampleChoice<PlannedInput>();
  const headsOver = Math.min(READ_HEADS_OVER_BYTES, options.unitBytes ?? READ_HEADS_OVER_BYTES);
  const names = await startNaming(options.mirror);
  let bytes = 0;
  try {
    for await (const { key, size, pin, refuse, output, replaces, unsettled } of options.inputs) {
      options.signal?.throwIfAborted();
      bytes += size;
      if (refuse !== undefined) {
        await inputs.append(JSON.stringify({ key, size, pin, refuse }));
        continue;
      }
      if (output === undefined) names?.naming.want(key);
      const input = { key, size, pin, output, replaces, unsettled };
      choice.offer(key, input);
      const told = size > headsOver ? await readHead(options, input) : undefined;
      await inputs.append(JSON.stringify({ ...input, ...told }));
    }
  } finally {
    await inputs.end();
  }
  return { inputs, bytes, chosen: choice.items, names };
}

async function startNaming(mirror: MirrorOptions | undefined): Promise<Names | undefined> {
  if (!mirror) return undefined;
  const naming = new OutputNaming(mirror.extension);
  const earlier = new EarlierVersions();
  for await (const output of mirror.taken ?? []) naming.keep(output);
  for await (const version of mirror.replaced ?? []) {
    naming.replace(version.output);
    earlier.add(version);
  }
  return { naming, earlier };
}

type Told = Pick<SurveyedInput, 'compression' | 'layout'>;

/** An input that vanished meanwhile is left to the worker, who refuses it. */
async function readHead({ storage, recordsPath }: DraftOptions, input: PlannedInput): Promise<Told> {
  try {
    const compression = await readCompression(storage, input);
    if (compression.kind !== 'none') return { compression };
    const layout = recordsPath === undefined ? await readLayout(storage, input) : 'documents';
    return layout === 'ndjson' ? { compression } : { compression, layout };
  } catch (error) {
    if (isFinding(error)) return {};
    throw error;
  }
}

async function takeSamples(options: DraftOptions, survey: Survey): Promise<InputSample[]> {
  const samples: InputSample[] = [];
  const path = options.recordsPath === undefined ? undefined : parseRecordsPath(options.recordsPath);
  for (const input of survey.chosen) {
    options.signal?.throwIfAborted();
    const sample = await sampleInput(options.storage, input, path);
    if (sample) samples.push(sample);
  }
  return samples;
}

/** How a message of AL3 begins. */
const AL3_START = /^1MHG\d{3}/;

/**
 * Read as JSON, every line of AL3 would end in quarantine.
 *
 * @throws ConfigurationError where all that was sampled is AL3
 */
function assertNoAl3(samples: readonly InputSample[]): void {
  const [first] = samples;
  if (!first || !samples.every(({ lines: [line = ''] }) => AL3_START.test(line))) return;
  throw new ConfigurationError(`the inputs look like AL3: ${first.input.key} begins with 1MHG`, {
    hint: 'give --input-format al3',
  });
}

function inferColumns(samples: readonly InputSample[]): SchemaInference {
  const inference = new SchemaInference();
  for (const sample of samples) for (const line of sample.lines) inference.addLine(line);
  return inference;
}

/** The inputs of the survey. In the layout `mirror` each has its output's name now, or is refused for want of one. */
async function* readInputs({ inputs, names }: Survey): AsyncGenerator<SurveyedInput> {
  for await (const line of inputs.read()) {
    const input = JSON.parse(line.toString()) as SurveyedInput;
    const isNamed = !names || input.refuse !== undefined || input.output !== undefined;
    yield isNamed ? input : { ...input, ...nameOf(input.key, names) };
  }
}

function nameOf(key: string, { naming, earlier }: Names): Partial<PlannedInput> {
  const name = naming.name(key);
  return 'output' in name ? { ...name, ...earlier.of(name.output) } : name;
}

async function* sizedInputs(
  survey: Survey,
  estimate: SizeEstimate,
  signal: AbortSignal | undefined,
): AsyncGenerator<SizedInput> {
  for await (const input of readInputs(survey)) {
    signal?.throwIfAborted();
    yield estimate.size(input);
  }
}

async function sumDecoded(inputs: AsyncIterable<SizedInput>): Promise<number> {
  let sum = 0;
  for await (const { decoded } of inputs) sum += decoded;
  return sum;
}

async function shaOf(text: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of text) hash.update(piece);
  return hash.digest('hex');
}
