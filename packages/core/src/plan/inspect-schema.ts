import { Kernel, NdjsonReader, REST_COLUMN, type Column, type DriftCount } from '@winnow/kernel';
import { parseRecordsPath } from '../input/records-path.ts';
import { SchemaInference } from '../schema/infer.ts';
import { placeFacts, type PlaceFacts } from '../schema/place-facts.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { Storage } from '../storage/storage.ts';
import { SampleChoice } from './sample-choice.ts';
import { sampleInput } from './sample-input.ts';

export interface InspectOptions {
  /** Where inputs are read from. */
  readonly storage: Storage;
  readonly inputs: AsyncIterable<PlannedInput>;
  /** How many inputs are sampled at most. */
  readonly sampledInputs: number;
  /** Where documents have their records; inputs tell their layout where it is left out. */
  readonly recordsPath?: string | undefined;
  /** The columns to hold the sample against; inferred from it where they are left out. */
  readonly columns?: readonly Column[] | undefined;
  readonly maxRecordBytes: number;
  readonly signal: AbortSignal;
}

/** What a sample of a source says about its schema. */
export interface SchemaInspection {
  readonly inputs: {
    readonly total: number;
    readonly sampled: number;
    /** Those of the sample that could not be read. */
    readonly unreadable: readonly string[];
  };
  /** Sampled lines that hold a JSON object. */
  readonly records: number;
  readonly inferred: boolean;
  readonly columns: readonly Column[];
  readonly places: readonly PlaceFacts[];
  /** What a run would find not to fit the columns: unknown keys, and places whose values they cannot hold. */
  readonly drift: readonly DriftCount[];
  /** Sampled lines that a run would quarantine. */
  readonly quarantined: readonly { readonly reason: string; readonly records: number }[];
}

/**
 * Samples a source as a plan does and tells what it found, place by place. Twice: the second time the reader itself
 * holds the sample against the columns, so that what is told not to fit is what a run would put aside.
 */
export async function inspectSchema(options: InspectOptions): Promise<SchemaInspection> {
  const { total, chosen, refused } = await choose(options);
  const inference = new SchemaInference();
  const unreadable: string[] = [...refused];
  const readable: PlannedInput[] = [];
  for (const input of chosen) {
    const lines = await linesOf(input, options);
    if (lines === undefined) unreadable.push(input.key);
    else readable.push(input);
    lines?.forEach((line) => inference.addLine(line));
  }
  const columns = options.columns ?? inference.columns();
  return {
    inputs: { total, sampled: readable.length, unreadable },
    records: inference.records,
    inferred: options.columns === undefined,
    columns,
    places: placeFacts(columns, inference.seen),
    ...(await holdAgainst(columns, readable, options)),
  };
}

async function choose({ inputs, sampledInputs, signal }: InspectOptions): Promise<{
  total: number;
  chosen: readonly PlannedInput[];
  refused: string[];
}> {
  const choice = new SampleChoice<PlannedInput>(sampledInputs);
  const refused: string[] = [];
  let total = 0;
  for await (const input of inputs) {
    signal.throwIfAborted();
    total++;
    if (input.refuse === undefined) choice.offer(input.key, input);
    else if (refused.length < sampledInputs) refused.push(input.key);
  }
  return { total, chosen: choice.items, refused };
}

async function linesOf(
  input: PlannedInput,
  { storage, recordsPath, signal }: InspectOptions,
): Promise<readonly string[] | undefined> {
  signal.throwIfAborted();
  const path = recordsPath === undefined ? undefined : parseRecordsPath(recordsPath);
  return (await sampleInput(storage, input, path))?.lines;
}

async function holdAgainst(
  columns: readonly Column[],
  inputs: readonly PlannedInput[],
  options: InspectOptions,
): Promise<Pick<SchemaInspection, 'drift' | 'quarantined'>> {
  const reader = new NdjsonReader(new Kernel(), {
    columns: [...columns, { name: REST_COLUMN, type: 'text' }],
    drift: 'rest',
    maxRecordBytes: options.maxRecordBytes,
  });
  const quarantined = new Map<string, number>();
  try {
    for (const input of inputs) {
      const lines = (await linesOf(input, options)) ?? [];
      reader.startInput(0);
      reader.push(Buffer.from(lines.join('\n')));
      reader.endInput();
      while (reader.next() !== undefined);
      for (const { reason } of reader.takeBad()) quarantined.set(reason, (quarantined.get(reason) ?? 0) + 1);
    }
    return {
      drift: reader.takeDrift(),
      quarantined: [...quarantined].sort().map(([reason, records]) => ({ reason, records })),
    };
  } finally {
    reader.dispose();
  }
}
