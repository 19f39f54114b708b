import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Column } from '@winnow/kernel';
import { WinnowError } from '../errors.ts';
import type { Compression } from '../input/compression.ts';
import { SchemaInference } from '../schema/infer.ts';
import type { MemoryClass } from '../shapes/run.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { Storage } from '../storage/storage.ts';
import { UnitCutter, type UnnumberedUnit } from './cut.ts';
import { SizeEstimate, type SurveyedInput } from './estimate.ts';
import { SampleChoice } from './sample-choice.ts';
import { readCompression, sampleInput, type InputSample } from './sample-input.ts';
import { Spool } from './spool.ts';
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
  /** The columns; inferred from samples where they are left out. */
  readonly columns?: readonly Column[] | undefined;
  readonly signal?: AbortSignal | undefined;
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
  /** SHA-256 of all lines, each with its line feed. */
  readonly sha: string;
  lines(): AsyncIterable<string>;
  /** Removes the temporary files. */
  dispose(): Promise<void>;
}

/**
 * Lists, samples, infers and cuts, in memory that does not grow with the number of inputs: what is listed and cut
 * goes through files. Units are numbered memory class by memory class, within a class in the order of the inputs.
 */
export async function draftPlan(options: DraftOptions): Promise<PlanDraft> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-plan-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const survey = await surveyInputs(options, folder);
    const samples = await takeSamples(options, survey);
    const sampled = inferColumns(samples);
    const estimate = new SizeEstimate(samples);
    const decoded = await sumDecoded(survey.inputs, estimate);
    const unitBytes = options.unitBytes ?? chooseUnitBytes(decoded);
    const cut = await cutIntoClasses(survey.inputs, estimate, unitBytes, folder, options.signal);
    const numbered = await numberUnits(cut, folder);
    return {
      unitBytes,
      columns: options.columns ?? sampled.columns(),
      sampledRecords: options.columns ? 0 : sampled.records,
      units: numbered.spool.lines,
      inputs: survey.inputs.lines,
      bytes: survey.bytes,
      decoded,
      classes: numbered.classes,
      sha: numbered.sha,
      lines: () => numbered.spool.read(),
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
}

async function surveyInputs(options: DraftOptions, folder: string): Promise<Survey> {
  const inputs = await Spool.create(join(folder, 'inputs.ndjson'));
  const choice = new SampleChoice<PlannedInput>();
  const headsOver = Math.min(READ_HEADS_OVER_BYTES, options.unitBytes ?? READ_HEADS_OVER_BYTES);
  let bytes = 0;
  for await (const { key, size, pin, refuse } of options.inputs) {
    options.signal?.throwIfAborted();
    bytes += size;
    if (refuse !== undefined) {
      await inputs.append(JSON.stringify({ key, size, pin, refuse }));
      continue;
    }
    const input = { key, size, pin };
    choice.offer(key, input);
    const compression = size > headsOver ? await readHead(options.storage, input) : undefined;
    await inputs.append(JSON.stringify({ ...input, compression }));
  }
  await inputs.end();
  return { inputs, bytes, chosen: choice.items };
}

/** An input that vanished meanwhile is left to the worker, who refuses it. */
async function readHead(storage: Storage, input: PlannedInput): Promise<Compression | undefined> {
  try {
    return await readCompression(storage, input);
  } catch (error) {
    if (error instanceof WinnowError) return undefined;
    throw error;
  }
}

async function takeSamples(options: DraftOptions, survey: Survey): Promise<InputSample[]> {
  const samples: InputSample[] = [];
  for (const input of survey.chosen) {
    options.signal?.throwIfAborted();
    const sample = await sampleInput(options.storage, input);
    if (sample) samples.push(sample);
  }
  return samples;
}

function inferColumns(samples: readonly InputSample[]): SchemaInference {
  const inference = new SchemaInference();
  for (const sample of samples) for (const line of sample.lines) inference.addLine(line);
  return inference;
}

async function* readInputs(spool: Spool): AsyncGenerator<SurveyedInput> {
  for await (const line of spool.read()) yield JSON.parse(line) as SurveyedInput;
}

async function sumDecoded(inputs: Spool, estimate: SizeEstimate): Promise<number> {
  let sum = 0;
  for await (const input of readInputs(inputs)) sum += estimate.size(input).decoded;
  return sum;
}

/** One file of units for each memory class. */
async function cutIntoClasses(
  inputs: Spool,
  estimate: SizeEstimate,
  unitBytes: number,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<Map<number, Spool>> {
  const classes = new Map<number, Spool>();
  const keep = async (units: Iterable<UnnumberedUnit>): Promise<void> => {
    for (const unit of units) {
      const { memoryMiB } = unit;
      const spool = classes.get(memoryMiB) ?? (await Spool.create(join(folder, `class-${memoryMiB}.ndjson`)));
      classes.set(memoryMiB, spool);
      await spool.append(JSON.stringify(unit));
    }
  };
  const cutter = new UnitCutter(unitBytes);
  for await (const input of readInputs(inputs)) {
    signal?.throwIfAborted();
    await keep(cutter.add(estimate.size(input)));
  }
  await keep(cutter.end());
  return classes;
}

async function numberUnits(
  cut: ReadonlyMap<number, Spool>,
  folder: string,
): Promise<{ spool: Spool; sha: string; classes: MemoryClass[] }> {
  const spool = await Spool.create(join(folder, 'units.ndjson'));
  const hash = createHash('sha256');
  const classes: MemoryClass[] = [];
  for (const [memoryMiB, units] of [...cut].sort(([a], [b]) => a - b)) {
    await units.end();
    classes.push({ memoryMiB, firstUnit: spool.lines, units: units.lines });
    for await (const line of units.read()) {
      // The number comes first in a unit: it is put into the text, for reading and writing 10,000 inputs takes long.
      const numbered = `{"unit":${spool.lines},${line.slice(1)}`;
      hash.update(numbered).update('\n');
      await spool.append(numbered);
    }
  }
  await spool.end();
  return { spool, sha: hash.digest('hex'), classes };
}
