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

/** Lines of one plan object: a unit's line is found by dividing. */
export const UNITS_PER_PLAN_OBJECT = 1000;
/** Names have six digits, and listings come in the order of names: more units would be out of order. */
export const MAX_UNITS = 1_000_000;

/**
 * Writes `plan/<sha>/…`, 1,000 lines an object, in the memory of one piece. The plan's text has a unit a line, each
 * with its line feed, and may be cut anywhere; a piece is let go before the next is asked for. Harmless when repeated:
 * the name holds the content's hash.
 *
 * @returns how many objects and units were written.
 * @throws WinnowError when the text does not have that `sha`: it changed since it was computed.
 */
export async function writePlan(
  storage: Storage,
  keys: RunKeys,
  sha: string,
  text: AsyncIterable<Uint8Array>,
): Promise<{ objects: number; units: number }> {
  const hash = createHash('sha256');
  let units = 0;
  let objects = 0;
  for await (const object of cutText(text, UNITS_PER_PLAN_OBJECT)) {
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const { bytes, lines } of object) {
        hash.update(bytes);
        units += lines;
        yield bytes;
      }
    };
    await createExactlyFrom(storage, keys.planObject(sha, objects), counted());
    objects++;
  }
  if (units > MAX_UNITS)
    throw new ConfigurationError(`a run holds at most ${MAX_UNITS} units, this plan has ${units}`, {
      hint: 'raise the unit size, or split the source over several outputs',
    });
  const written = hash.digest('hex');
  if (written !== sha)
    throw new WinnowError(`plan of ${keys.runId}: its lines have sha256 ${written}, not ${sha}`);
  return { objects, units };
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
  for (let at = firstUnit; at < end;) {
    const index = Math.floor(at / UNITS_PER_PLAN_OBJECT);
    const key = keys.planObject(run.plan.sha, index);
    const until = Math.min(end, (index + 1) * UNITS_PER_PLAN_OBJECT);
    yield* unitsOfObject(storage, key, index * UNITS_PER_PLAN_OBJECT, at, until);
    at = until;
  }
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
