import { createHash } from 'node:crypto';
import { ConfigurationError, StorageError, WinnowError } from '../errors.ts';
import { runKeys } from '../run-keys.ts';
import type { RunKeys } from '../run-keys.ts';
import { runFile } from '../shapes/run.ts';
import type { RunFile } from '../shapes/run.ts';
import { unit as unitShape } from '../shapes/unit.ts';
import type { Unit } from '../shapes/unit.ts';
import type { CreateOutcome, Storage } from '../storage/storage.ts';
import { cutText } from './cut-text.ts';
import { createExactlyFrom, createJson, parseJson, readJson } from './objects.ts';
import { writeSchema } from './schema-file.ts';
import { textLines } from './text-lines.ts';
import { parseUnitLine } from './unit-line.ts';

/**
 * A plan object ends with the line that makes it have so many lines, or bytes: who does one unit of small inputs, ten
 * thousand of them, is not to read a gigabyte of others. `run.json` says which unit each object begins with.
 */
const PLAN_OBJECT = { lines: 1000, bytes: 4 << 20 };
/** Of runs that were planned before `run.json` said so. */
const UNITS_PER_OLD_OBJECT = 1000;
/** Names have six digits, and listings come in the order of names: more units would be out of order. */
export const MAX_UNITS = 1_000_000;

/**
 * Writes `plan/<sha>/…` in the memory of one piece. The plan's text has a unit a line, each
 * with its line feed, and may be cut anywhere; a piece is let go before the next is asked for. Harmless when repeated:
 * the name holds the content's hash.
 *
 * @returns the first unit of each object, and how many units were written.
 * @throws WinnowError when the text does not have that `sha`: it changed since it was computed.
 */
export async function writePlan(
  storage: Storage,
  keys: RunKeys,
  sha: string,
  text: AsyncIterable<Uint8Array>,
): Promise<{ firstUnits: number[]; units: number }> {
  const hash = createHash('sha256');
  let units = 0;
  const firstUnits: number[] = [];
  for await (const object of cutText(text, PLAN_OBJECT)) {
    firstUnits.push(units);
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const { bytes, lines } of object) {
        hash.update(bytes);
        units += lines;
        yield bytes;
      }
    };
    await createExactlyFrom(storage, keys.planObject(sha, firstUnits.length - 1), counted());
  }
  if (units > MAX_UNITS)
    throw new ConfigurationError(`a run holds at most ${MAX_UNITS} units, this plan has ${units}`, {
      hint: 'raise the unit size, or split the source over several outputs',
    });
  const written = hash.digest('hex');
  if (written !== sha)
    throw new WinnowError(`plan of ${keys.runId}: its lines have sha256 ${written}, not ${sha}`);
  return { firstUnits, units };
}

/**
 * Seals a plan: creates `run.json` exclusively. To be called after {@link writePlan}, last of all that decides anything.
 * The loser of a double planning gets the winner's file and goes on with that; its own plan objects are swept by the
 * close. The schema is written beside it.
 */
export async function createRun(
  storage: Storage,
  run: RunFile,
): Promise<{ run: RunFile; outcome: CreateOutcome }> {
  const outcome = await createJson(storage, runKeys(run.runId).run, runFile.parse(run));
  const sealed = outcome === 'created' ? run : await readRun(storage, run.runId);
  await writeSchema(storage, sealed);
  return { run: sealed, outcome };
}

/** Reads a run that was planned before, to go on with it. Its planner may have been killed before it wrote the schema. */
export async function joinRun(storage: Storage, runId: string): Promise<RunFile> {
  const run = await readRun(storage, runId);
  await writeSchema(storage, run);
  return run;
}

/** @throws StorageError `not-found` where the run has no plan. */
export async function readRun(storage: Storage, runId: string): Promise<RunFile> {
  const key = runKeys(runId).run;
  const run = await readJson(storage, key, runFile);
  if (run === undefined) throw new StorageError('not-found', 'read', key, 'the run has no plan');
  return run;
}

/**
 * Units `[firstUnit, firstUnit + count)` of the plan, read from the objects that hold them and checked line by line.
 *
 * @throws StorageError `failed` where a line is damaged or missing, RangeError beyond the plan.
 */
export async function* readUnits(
  storage: Storage,
  run: RunFile,
  firstUnit = 0,
  count = run.plan.units - firstUnit,
): AsyncGenerator<Unit> {
  const end = firstUnit + count;
  if (firstUnit < 0 || count < 0 || end > run.plan.units)
    throw new RangeError(`units ${firstUnit} to ${end} of run ${run.runId}: its plan has ${run.plan.units}`);
  const keys = runKeys(run.runId);
  const begins = firstUnitsOf(run);
  for (let index = objectOf(begins, firstUnit), at = firstUnit; at < end; index++) {
    const key = keys.planObject(run.plan.sha, index);
    const until = Math.min(end, begins[index + 1] ?? end);
    yield* unitsOfObject(storage, key, begins[index] ?? 0, at, until);
    at = until;
  }
}

const firstUnitsOf = ({ plan }: RunFile): readonly number[] =>
  plan.firstUnits ?? Array.from({ length: plan.objects }, (_, index) => index * UNITS_PER_OLD_OBJECT);

/** The object that holds a unit: the last one that begins with it or before. */
function objectOf(begins: readonly number[], unit: number): number {
  let low = 0;
  for (let high = begins.length; high - low > 1;) {
    const middle = (low + high) >> 1;
    if ((begins[middle] ?? 0) <= unit) low = middle;
    else high = middle;
  }
  return low;
}

async function* unitsOfObject(
  storage: Storage,
  key: string,
  firstLine: number,
  from: number,
  until: number,
): AsyncGenerator<Unit> {
  let n = firstLine;
  for await (const line of textLines(storage.read(key))) {
    if (n >= until) return;
    if (n >= from) yield parseUnit(line, key, n);
    n++;
  }
  if (n < until) throw new StorageError('failed', 'read', key, `ends before unit ${n}, ${until} expected`);
}

function parseUnit(line: Uint8Array, key: string, n: number): Unit {
  const parsed = parseJson(line, key, unitShape, parseUnitLine);
  if (parsed.unit !== n)
    throw new StorageError('failed', 'read', key, `has unit ${parsed.unit} in the place of ${n}`);
  return parsed;
}
