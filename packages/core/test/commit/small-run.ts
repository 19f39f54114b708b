import { createHash } from 'node:crypto';
import { makeMirrorUnit } from './mirror-run.ts';
import { digestOf } from '../../src/commit/digest.ts';
import { refusalSuffix } from '../../src/commit/compare-receipts.ts';
import type { SubUnitResult } from '../../src/commit/commit-sub-unit.ts';
import { isNotFound, readAll } from '../../src/commit/objects.ts';
import { plannedBytes } from '../../src/shapes/unit.ts';
import { partKey, partsFolder, runIdOf, runKeys } from '../../src/run-keys.ts';
import type { Receipt } from '../../src/shapes/receipt.ts';
import type { Refusal } from '../../src/shapes/refusal.ts';
import type { MemoryClass, RunFile } from '../../src/shapes/run.ts';
import type { PlannedInput, Unit } from '../../src/shapes/unit.ts';
import type { Storage } from '../../src/storage/storage.ts';

/**
 * A toy of the whole pipeline, deterministic and small: an input is words, a record is a word, one that begins with
 * `x` is bad, a part is the JSON of its words. Inputs called `big…` are cut into sub-units of two words.
 */
export const SOURCE = 'zsource/';
export const SPEC_HASH = 'ab'.repeat(32);
export const TOY_ENGINE = 1;
const WORDS_PER_SUB_UNIT = 2;

export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Two inputs a unit; big ones alone, in the second memory class. */
export function toyPlan(inputs: readonly PlannedInput[]): { units: Unit[]; classes: MemoryClass[] } {
  const isBig = ({ key }: PlannedInput): boolean => key.startsWith('big');
  const small = inputs.filter((input) => !isBig(input));
  const big = inputs.filter(isBig);
  const pairs = Array.from({ length: Math.ceil(small.length / 2) }, (_, n) => small.slice(2 * n, 2 * n + 2));
  const units = [
    ...pairs.map((pair, unit): Unit => ({ unit, inputs: pair, decoded: 0, memoryMiB: 256 })),
    ...big.map((input, n): Unit => ({
      unit: pairs.length + n,
      inputs: [input],
      subUnits: true,
      decoded: 0,
      memoryMiB: 512,
    })),
  ];
  const classes = [
    { memoryMiB: 256, firstUnit: 0, units: pairs.length },
    { memoryMiB: 512, firstUnit: pairs.length, units: big.length },
  ].filter((memory) => memory.units > 0);
  return { units, classes };
}

/** What a run is beside its units. */
export interface ToyRun {
  readonly generation?: number;
  readonly layout?: RunFile['frozen']['layout'];
  readonly specHash?: string;
  readonly replaces?: true | undefined;
}

export function toyRun(
  units: readonly Unit[],
  classes: readonly MemoryClass[],
  { generation = 0, layout = 'parts', specHash = SPEC_HASH, replaces }: ToyRun = {},
): RunFile {
  const lines = units.map((unit) => `${JSON.stringify(unit)}\n`).join('');
  return {
    runId: runIdOf(generation, specHash),
    generation,
    specHash,
    ...(replaces && { replaces, follows: null }),
    createdAt: '2026-01-01T00:00:00Z',
    source: 'memory:zsource',
    spec: {},
    frozen: {
      engine: TOY_ENGINE,
      zstd: '1.5.7',
      format: 'parquet',
      layout,
      // Of the inputs, as inferred ones are: planners that saw others are at odds about them.
      columns: [{ name: `c${units.flatMap(({ inputs }) => inputs).length}`, type: 'text' }],
      drift: 'rest',
      unitBytes: 1,
      rowGroupRows: 1,
      rowGroupBytes: 1,
      maxRecordBytes: 1,
      codec: 'zstd',
      level: 3,
    },
    plan: {
      sha: sha(lines),
      objects: Math.ceil(units.length / 1000),
      units: units.length,
      inputs: new Set(units.flatMap(({ inputs }) => inputs.map(({ key }) => key))).size,
      bytes: units.reduce((sum, unit) => sum + plannedBytes(unit), 0),
      decoded: 0,
      classes: [...classes],
    },
  };
}

/** What a sub-unit's words come to, without any storage: parts, quarantine and receipt, as bytes. */
export function toyResult(
  run: RunFile,
  unit: Unit,
  sub: number,
  words: readonly string[],
  refused: Refusal[],
  last: boolean,
) {
  const keys = runKeys(run.runId);
  const suffix = refusalSuffix(refused);
  const bad = words.filter((word) => word.startsWith('x'));
  const good = words.filter((word) => !word.startsWith('x'));
  const partBytes = Buffer.from(JSON.stringify(good));
  const part = {
    key: partsFolder(run) + partKey(run.runId, unit.unit, sub, 'parquet', suffix),
    rows: good.length,
    ...digestOf(partBytes),
  };
  const lines = bad.map((raw) => `${JSON.stringify(quarantineLine(unit, raw))}\n`).join('');
  const badBytes = Buffer.from(lines);
  const quarantine = {
    key: keys.quarantine(unit.unit, sub, suffix),
    ...digestOf(badBytes),
    reasons: [{ reason: 'bad-word', records: bad.length }],
  };
  const planned = last ? plannedBytes(unit) : 0;
  const refusedBytes = refused.reduce((sum, { bytes }) => sum + bytes, 0);
  const receipt: Receipt = {
    runId: run.runId,
    unit: unit.unit,
    sub,
    last,
    records: { read: words.length, written: good.length, filtered: 0, quarantined: bad.length },
    skipped: { blank: 0, bom: 0, header: 0 },
    lines: words.length,
    bytes: {
      planned,
      read: planned - refusedBytes,
      refused: refusedBytes,
      decoded: words.join('').length,
      written: good.length > 0 ? part.bytes : 0,
    },
    decodedEnd: unit.subUnits === true ? sub * WORDS_PER_SUB_UNIT + words.length : 0,
    parts: good.length > 0 ? [part] : [],
    ...(bad.length > 0 ? { quarantine } : {}),
    drift: [],
    refused,
  };
  return { receipt, partBytes, badBytes };
}

export const quarantineLine = (unit: Unit, raw: string) => ({
  input: unit.inputs[0]!.key,
  offset: 0,
  unit: unit.unit,
  lineInUnit: 1,
  reason: 'bad-word',
  detail: 'begins with x',
  raw,
  rawLength: raw.length,
  sha256: sha(raw),
});

/** The words of a sub-unit and whether it is the last. */
export function toyCut(unit: Unit, sub: number, text: string): { words: string[]; last: boolean } {
  const all = text.split(' ').filter((word) => word !== '');
  if (unit.subUnits !== true) return { words: all, last: true };
  const start = sub * WORDS_PER_SUB_UNIT;
  return {
    words: all.slice(start, start + WORDS_PER_SUB_UNIT),
    last: start + WORDS_PER_SUB_UNIT >= all.length,
  };
}

/** Reads a unit's inputs, as they are now, and makes the pending objects of one sub-unit. */
export async function makeSubUnit(
  storage: Storage,
  run: RunFile,
  unit: Unit,
  sub: number,
): Promise<SubUnitResult> {
  if (run.frozen.layout === 'mirror') return makeMirrorUnit(storage, run, unit);
  const texts: string[] = [];
  const refused: Refusal[] = [];
  for (const { key, size } of unit.inputs) {
    const text = await readInput(storage, key);
    if (text !== undefined) texts.push(text);
    else refused.push({ input: key, reason: 'vanished', offset: 0, bytes: size, detail: 'gone' });
  }
  const { words, last } = toyCut(unit, sub, texts.join(' '));
  const made = toyResult(run, unit, sub, words, refused, last);
  const pend = async (key: string, bytes: Uint8Array) => {
    const pending = await storage.create(key);
    await pending.write(bytes);
    return pending;
  };
  const { receipt } = made;
  return {
    receipt,
    parts: await Promise.all(receipt.parts.map(({ key }) => pend(key, made.partBytes))),
    quarantine: receipt.quarantine && (await pend(receipt.quarantine.key, made.badBytes)),
  };
}

export async function readInput(storage: Storage, key: string): Promise<string | undefined> {
  try {
    return Buffer.from(await readAll(storage, SOURCE + key)).toString();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
