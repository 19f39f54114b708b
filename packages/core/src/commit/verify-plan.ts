import { createHash } from 'node:crypto';
import { counted } from '../counted.ts';
import { compareKeys } from '../key-order.ts';
import { runKeys } from '../run-keys.ts';
import type { MemoryClass, RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { mergeSorted } from './close-inputs.ts';
import type { Finding } from './finding.ts';
import { readUnits } from './run-file.ts';

/** Proves that the plan's objects are those that `run.json` names, and that its units cover each input exactly once. */
export async function* verifyPlan(storage: Storage, run: RunFile): AsyncGenerator<Finding> {
  yield* verifyPlanSha(storage, run);
  yield* verifyClasses(run);
  yield* verifyCoverage(storage, run);
}

async function* verifyPlanSha(storage: Storage, run: RunFile): AsyncGenerator<Finding> {
  const keys = runKeys(run.runId);
  const hash = createHash('sha256');
  for (let index = 0; index < run.plan.objects; index++)
    for await (const chunk of storage.read(keys.planObject(run.plan.sha, index))) hash.update(chunk);
  const found = hash.digest('hex');
  if (found === run.plan.sha) return;
  const message = `the plan's objects have sha256 ${found}, run.json names ${run.plan.sha}`;
  yield { kind: 'plan', key: `${keys.planFolder}${run.plan.sha}`, message };
}

function* verifyClasses(run: RunFile): Generator<Finding> {
  let next = 0;
  for (const { firstUnit, units } of run.plan.classes) {
    if (firstUnit !== next)
      yield planFinding(run, `a memory class begins at unit ${firstUnit}, expected ${next}`);
    next = firstUnit + units;
  }
  if (next !== run.plan.units)
    yield planFinding(run, `the memory classes hold ${counted(next, 'unit')}, the plan ${run.plan.units}`);
}

/** What one unit has of one input. */
interface Piece {
  readonly key: string;
  readonly size: number;
  readonly start: number;
  readonly end: number;
  readonly unit: number;
}

async function* verifyCoverage(storage: Storage, run: RunFile): AsyncGenerator<Finding> {
  const streams = run.plan.classes.map((memory) => pieces(storage, run, memory));
  const order = (a: Piece, b: Piece): number => compareKeys(a.key, b.key) || a.start - b.start;
  let inputs = 0;
  let bytes = 0;
  let previous: Piece | undefined;
  for await (const piece of mergeSorted(streams, order)) {
    const continues = previous?.key === piece.key;
    if (!continues) inputs++;
    bytes += piece.end - piece.start;
    yield* verifyStep(run, previous, piece, continues);
    previous = piece;
  }
  if (previous !== undefined) yield* verifyEnd(run, previous);
  if (inputs !== run.plan.inputs)
    yield planFinding(run, `its units hold ${counted(inputs, 'input')}, run.json says ${run.plan.inputs}`);
  if (bytes !== run.plan.bytes)
    yield planFinding(run, `its units hold ${counted(bytes, 'byte')}, run.json says ${run.plan.bytes}`);
}

function* verifyStep(
  run: RunFile,
  previous: Piece | undefined,
  piece: Piece,
  continues: boolean,
): Generator<Finding> {
  const expected = continues ? (previous?.end ?? 0) : 0;
  if (piece.start !== expected) {
    const what = piece.start < expected ? 'has twice' : 'misses';
    const [from, to] = [Math.min(piece.start, expected), Math.max(piece.start, expected)];
    yield planFinding(
      run,
      `unit ${piece.unit} ${what} the bytes ${from} to ${to} of input ${piece.key}`,
      'coverage',
    );
  } else if (continues && piece.end === piece.start)
    yield planFinding(run, `unit ${piece.unit} has input ${piece.key} a second time`, 'coverage');
  if (continues || previous === undefined) return;
  if (compareKeys(previous.key, piece.key) > 0)
    yield planFinding(run, `unit ${piece.unit} has input ${piece.key} after ${previous.key}`, 'coverage');
  yield* verifyEnd(run, previous);
}

function* verifyEnd(run: RunFile, { key, end, size }: Piece): Generator<Finding> {
  if (end !== size)
    yield planFinding(run, `no unit has the bytes ${end} to ${size} of input ${key}`, 'coverage');
}

async function* pieces(
  storage: Storage,
  run: RunFile,
  { firstUnit, units }: MemoryClass,
): AsyncGenerator<Piece> {
  for await (const { unit, inputs, range } of readUnits(storage, run, firstUnit, units))
    for (const { key, size } of inputs)
      yield { key, size, start: range?.start ?? 0, end: range?.end ?? size, unit };
}

const planFinding = (run: RunFile, message: string, kind: 'plan' | 'coverage' = 'plan'): Finding => ({
  kind,
  key: runKeys(run.runId).run,
  message: `plan: ${message}`,
});
