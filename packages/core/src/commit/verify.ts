import { WinnowError } from '../errors.ts';
import { ledgerEntries } from '../ledger/entries.ts';
import type { LedgerEntry } from '../ledger/entries.ts';
import { ledgerReceipts, storedReceipts } from '../ledger/receipts.ts';
import { Ledger, isBalanced, isComplete } from '../ledger/sums.ts';
import type { LedgerSums } from '../ledger/sums.ts';
import {
  SUCCESS_KEY,
  emptyPartKey,
  generationKey,
  isStaged,
  partPrefix,
  partsFolder,
  publishedKey,
  runIdOf,
  runKeys,
} from '../run-keys.ts';
import type { PartFact } from '../shapes/receipt.ts';
import { report as reportShape } from '../shapes/report.ts';
import type { Report } from '../shapes/report.ts';
import type { Clearing } from '../shapes/generation.ts';
import { runFile, type RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { readClearing } from './cleared.ts';
import { needsEmptyPart } from './close.ts';
import { readInputs } from './close-inputs.ts';
import { receiptText } from './compare-receipts.ts';
import { storedDigest } from './digest.ts';
import type { Finding } from './finding.ts';
import { highestGeneration, readGeneration, readSuccess } from './generations.ts';
import { LaterOutputs } from './later-outputs.ts';
import { leftOutputs } from './left-outputs.ts';
import { mirrorOrphans } from './mirror-orphans.ts';
import { isNotFound, readJson } from './objects.ts';
import { isPublishing } from './publish.ts';
import { inputFaults, ledgerFaults } from './report-faults.ts';
import { readRun, readUnits } from './run-file.ts';
import { orphans } from './sweep.ts';
import { verifyCleared } from './verify-cleared.ts';
import { verifyObjects } from './verify-objects.ts';
import type { ObjectCheck } from './verify-objects.ts';
import { verifyPlan } from './verify-plan.ts';

/**
 * Proves a run from the files alone: the plan is the one sealed and covers its inputs without gap or overlap, every
 * unit is committed, every object a receipt lists is there byte for byte, nothing else calls itself a part of the run,
 * the counts balance, and report, compacted ledger and `_SUCCESS` say the same. Yields what is wrong; nothing when all
 * is well. In the layout `mirror` parts that a later generation replaced are not looked for, and the latest run proves
 * what earlier ones left, too. Where `winnow gc` has removed plan and receipts, the compacted ledger stands for them.
 * Memory: one unit, one chunk of a part, one quarantine line.
 */
export async function* verifyRun(
  storage: Storage,
  runId: string,
  check: ObjectCheck,
): AsyncGenerator<Finding> {
  let run: RunFile;
  let clearing: Clearing | undefined;
  try {
    run = await readRun(storage, runId);
    yield* verifyGeneration(storage, run);
    const later = await replacedBy(storage, run);
    if (later !== undefined) {
      const message = `run ${later} took its place: there is nothing of it to prove`;
      yield { kind: 'run', key: runKeys(runId).run, message };
      return;
    }
    clearing = await readClearing(storage, runId);
    if (clearing === undefined) yield* verifyPlan(storage, run);
  } catch (error) {
    // Without a readable plan there is nothing to hold the rest against.
    if (!(error instanceof WinnowError) || error.retryable) throw error;
    yield { kind: 'run', key: runKeys(runId).run, message: error.message };
    return;
  }
  const later =
    run.frozen.layout === 'mirror' ? await LaterOutputs.after(storage, run, check.codec) : undefined;
  const isSuperseded = later && ((part: PartFact) => later.supersede(part));
  const keys = runKeys(runId);
  const isPublished = isStaged(run) && (await isPublishing(storage, runId));
  const placeOf = isPublished ? (key: string) => publishedKey(keys, key) : undefined;
  const objects = { ...check, isSuperseded, placeOf };
  const sums = clearing
    ? yield* verifyCleared(storage, run, clearing, objects)
    : yield* verifyLedger(storage, run, objects);
  await later?.close();
  if (sums === undefined) return;
  if (run.frozen.layout === 'mirror' && !later && isComplete(sums)) yield* verifyEarlier(storage, run, check);
  const isClosed = isBalanced(sums) && (await storage.stat(keys.inputs)) !== undefined;
  if (!later && isClosed) yield* verifyLeft(storage, run, check);
  const groups = () =>
    clearing ? ledgerReceipts(storage, keys, check.codec) : storedReceipts(storage, keys);
  const orphan = (key: string): Finding => ({ kind: 'orphan', key, message: `${key}: no receipt lists it` });
  for await (const { key } of orphans(storage, run, groups)) yield orphan(key);
  if (run.frozen.layout === 'mirror')
    for await (const key of mirrorOrphans(storage, run, groups())) yield orphan(key);
  if (isPublished) yield* verifyReplaced(storage, run);
  yield* verifyClose(storage, run, sums, clearing !== undefined);
}

/** The run that took the place of this one, if one has begun to. */
async function replacedBy(storage: Storage, run: RunFile): Promise<string | undefined> {
  const highest = (await highestGeneration(storage)) ?? 0;
  for (let n = run.generation + 1; n <= highest; n++) {
    const { specHash, replaces } = await readGeneration(storage, n);
    const runId = runIdOf(n, specHash);
    if (replaces === true && (await hasTakenPlace(storage, runId))) return runId;
  }
  return undefined;
}

async function hasTakenPlace(storage: Storage, runId: string): Promise<boolean> {
  if (await isPublishing(storage, runId)) return true;
  const run = await readJson(storage, runKeys(runId).run, runFile);
  return run?.frozen.layout === 'mirror' && (await storage.stat(runKeys(runId).inputs)) !== undefined;
}

/** Of outputs that a run has replaced in the layout `mirror` nothing stands that is no output of today. */
async function* verifyLeft(storage: Storage, run: RunFile, { codec }: ObjectCheck): AsyncGenerator<Finding> {
  const told = new Set<string>();
  for await (const { output, runId, unsettled } of leftOutputs(storage, run, codec)) {
    if (unsettled || told.has(output)) continue;
    told.add(output);
    const message = `${output}: is left of run ${runId}, whose place another run took`;
    yield { kind: 'orphan', key: output, message };
  }
}

/** What a published run took the place of is gone. */
async function* verifyReplaced(storage: Storage, run: RunFile): AsyncGenerator<Finding> {
  for (let n = 0; n < run.generation; n++) {
    const runId = runIdOf(n, (await readGeneration(storage, n)).specHash);
    for await (const { key } of storage.list('', { begins: partPrefix(runId) }))
      yield { kind: 'orphan', key, message: `${key}: run ${run.runId} took the place of its run` };
  }
}

/** The outputs of earlier generations that still stand, in the layout `mirror`, where a run's own are not all there is. */
async function* verifyEarlier(
  storage: Storage,
  run: RunFile,
  { codec }: ObjectCheck,
): AsyncGenerator<Finding> {
  try {
    for await (const { runId, outcome, output, sha256, unsettled } of readInputs(storage, run.runId, codec)) {
      if (runId === run.runId && outcome === 'done') continue;
      if (output === undefined || sha256 === undefined || unsettled === true) continue;
      const found = await storedDigest(storage, output).catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
      if (found?.sha256 === sha256) continue;
      const has = found === undefined ? 'is not there' : `has sha256 ${found.sha256}`;
      const message = `${output}: ${has}, run ${runId} lists ${sha256}`;
      yield { kind: 'part', key: output, message };
    }
  } catch (error) {
    if (!(error instanceof WinnowError) || error.retryable) throw error;
    yield { kind: 'run', key: runKeys(run.runId).inputs, message: error.message };
  }
}

async function* verifyGeneration(storage: Storage, run: RunFile): AsyncGenerator<Finding> {
  const { specHash } = await readGeneration(storage, run.generation);
  const expected = runIdOf(run.generation, specHash);
  if (run.runId === expected && run.specHash === specHash) return;
  const message = `generation ${run.generation} belongs to run ${expected}, not to ${run.runId}`;
  yield { kind: 'run', key: generationKey(run.generation), message };
}

async function* verifyLedger(
  storage: Storage,
  run: RunFile,
  check: ObjectCheck,
): AsyncGenerator<Finding, LedgerSums | undefined> {
  const keys = runKeys(run.runId);
  const ledger = new Ledger();
  const strays: Finding[] = [];
  const told = (message: string): Finding => ({ kind: 'ledger', key: keys.receipts, message });
  const entries = ledgerEntries(readUnits(storage, run), storedReceipts(storage, keys), (stray) => {
    ledger.addProblem(stray);
    strays.push(told(stray.message));
  });
  const compacted = new CompactedLedger(storage, keys.ledger, check);
  try {
    for await (const entry of entries) {
      const before = ledger.sums.problems.total;
      ledger.add(entry);
      if (ledger.sums.problems.total > before) yield* entry.problems.map(({ message }) => told(message));
      yield* verifyEntry(storage, keys.receipts, entry, check);
      for (const receipt of entry.receipts) await compacted.compare(receiptText(receipt));
    }
  } catch (error) {
    if (!(error instanceof WinnowError) || error.retryable) throw error;
    await compacted.end(false);
    yield { kind: 'run', key: keys.run, message: error.message };
    return undefined;
  }
  yield* strays;
  const before = ledger.sums.problems.total;
  const sums = ledger.end(run);
  if (sums.problems.total > before)
    yield* sums.problems.first.slice(before).map(({ message }) => told(message));
  const fault = await compacted.end(isComplete(sums));
  if (fault !== undefined)
    yield { kind: 'compacted-ledger', key: keys.ledger, message: `${keys.ledger}: ${fault}` };
  return sums;
}

async function* verifyEntry(
  storage: Storage,
  key: string,
  { unit, receipts, committed }: LedgerEntry,
  check: ObjectCheck,
): AsyncGenerator<Finding> {
  if (!committed) yield { kind: 'uncommitted', key, message: `unit ${unit.unit}: is not committed` };
  for (const receipt of receipts) yield* verifyObjects(storage, receipt, check);
}

/** Goes through the compacted ledger beside the receipts. */
class CompactedLedger {
  readonly #lines: AsyncIterator<string>;
  #fault: string | undefined;

  constructor(storage: Storage, key: string, { codec }: ObjectCheck) {
    this.#lines = codec.lines(storage.read(key))[Symbol.asyncIterator]();
  }

  async compare(expected: string): Promise<void> {
    if (this.#fault !== undefined) return;
    const line = await this.#next();
    if (line !== expected)
      this.#fault ??= line === undefined ? 'ends too early' : 'differs from the receipts';
  }

  /** What is wrong with it. There is none before a run is complete. */
  async end(complete: boolean): Promise<string | undefined> {
    if (this.#fault === undefined && (await this.#next()) !== undefined)
      this.#fault = 'has more than the receipts';
    await this.#lines.return?.();
    return complete ? this.#fault : undefined;
  }

  async #next(): Promise<string | undefined> {
    try {
      const next = await this.#lines.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      if (!(error instanceof WinnowError) || error.retryable) throw error;
      this.#fault = isNotFound(error) ? 'is not there: the run was not closed' : error.message;
      return undefined;
    }
  }
}

async function* verifyClose(
  storage: Storage,
  run: RunFile,
  sums: LedgerSums,
  cleared: boolean,
): AsyncGenerator<Finding> {
  const keys = runKeys(run.runId);
  const report = await readJson(storage, keys.report, reportShape);
  const wrong = (message: string): Finding => ({
    kind: 'report',
    key: keys.report,
    message: `${keys.report}: ${message}`,
  });
  if (report === undefined) yield wrong('is not there: the run was not closed');
  else {
    // What became of inputs only the plan tells.
    const faults = [...ledgerFaults(run, report, sums), ...(cleared ? [] : inputFaults(report, sums))];
    for (const message of faults) yield wrong(message);
  }
  if (isComplete(sums) && needsEmptyPart(run, sums)) yield* verifyEmptyPart(storage, run, report);
  if ((await readSuccess(storage)) === run.generation && !isBalanced(sums))
    yield {
      kind: 'success',
      key: SUCCESS_KEY,
      message: '_SUCCESS names a run that is not complete and balanced',
    };
}

async function* verifyEmptyPart(
  storage: Storage,
  run: RunFile,
  report: Report | undefined,
): AsyncGenerator<Finding> {
  const name = emptyPartKey(run.runId, run.frozen.format);
  const key = (await isPublishing(storage, run.runId)) ? name : partsFolder(run) + name;
  const listed = report?.parts[0];
  try {
    const found = await storedDigest(storage, key);
    if (found.sha256 === listed?.sha256 && found.bytes === listed.bytes) return;
    yield { kind: 'part', key, message: `${key}: is not what the report lists` };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    yield { kind: 'part', key, message: `${key}: a run without rows has one empty part, it is not there` };
  }
}
