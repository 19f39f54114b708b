import { WinnowError } from '../errors.ts';
import { isUnread } from '../ledger/input-outcomes.ts';
import { ledgerReceipts, type ReceiptGroup } from '../ledger/receipts.ts';
import { sumCompacted } from '../ledger/sum-compacted.ts';
import { isBalanced } from '../ledger/sums.ts';
import { runIdOf, runKeys } from '../run-keys.ts';
import { report as reportShape, type Report } from '../shapes/report.ts';
import { runFile, type RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { keptObjects, readClearing } from './cleared.ts';
import { readInputs } from './close-inputs.ts';
import { storedDigest } from './digest.ts';
import { highestGeneration, readGeneration, readSuccess } from './generations.ts';
import { readJson } from './objects.ts';
import { ledgerFaults } from './report-faults.ts';
import type { TextCodec } from './text-codec.ts';

/**
 * Whether a run can do without its working objects:
 *
 * - `clearable`: it is finished, and what stays is proven to be whole
 * - `young`: finished too, but not long enough ago
 * - `unfinished`: its report does not say that all is committed, or `_SUCCESS` names no generation from its own on
 * - `needed`: it refused inputs as vanished or changed in the layout `mirror`: to sweep what killed attempts left of their
 *   outputs takes the plan
 * - `damaged`: what would stay is not whole, so that plan and receipts may be the last that tell
 */
export interface Clearability {
  readonly runId: string;
  readonly state: 'clearable' | 'young' | 'unfinished' | 'needed' | 'damaged';
  /** More about it, for people. */
  readonly detail?: string;
}

export interface ClearableOptions {
  readonly codec: TextCodec;
  /** Runs that ended after that are young: milliseconds since 1970. */
  readonly endedByMs: number;
  /** The generation to begin with; 0 where it is absent. */
  readonly from?: number | undefined;
}

/** Judges every run of an output, by rising generation. */
export async function* clearability(
  storage: Storage,
  options: ClearableOptions,
): AsyncGenerator<Clearability> {
  const highest = (await highestGeneration(storage)) ?? -1;
  for (let n = options.from ?? 0; n <= highest; n++) {
    const runId = runIdOf(n, (await readGeneration(storage, n)).specHash);
    try {
      yield { runId, ...(await judgeRun(storage, n, runId, options)) };
    } catch (error) {
      if (!(error instanceof WinnowError) || error.retryable) throw error;
      yield { runId, state: 'damaged', detail: error.message };
    }
  }
}

/**
 * The latest generation whose working objects were begun to be removed; 0 where none was. Whoever always goes by rising
 * generation from there on leaves nothing behind: those before it were judged before it was.
 */
export async function latestCleared(storage: Storage): Promise<number> {
  for (let n = (await highestGeneration(storage)) ?? 0; n > 0; n--) {
    const { specHash } = await readGeneration(storage, n);
    if ((await readClearing(storage, runIdOf(n, specHash))) !== undefined) return n;
  }
  return 0;
}

type Judgement = Omit<Clearability, 'runId'>;

async function judgeRun(
  storage: Storage,
  generation: number,
  runId: string,
  { codec, endedByMs }: ClearableOptions,
): Promise<Judgement> {
  const keys = runKeys(runId);
  const run = await readJson(storage, keys.run, runFile);
  const report = await readJson(storage, keys.report, reportShape);
  if (run === undefined || report === undefined || !(await isFinished(storage, generation, report)))
    return { state: 'unfinished' };
  // Also where the time cannot be read.
  if (!(Date.parse(report.time.endedAt) <= endedByMs)) return { state: 'young', detail: report.time.endedAt };
  const fault = await keptFault(storage, run, report, codec);
  if (fault !== undefined) return { state: 'damaged', detail: fault };
  const isNeeded =
    run.frozen.layout === 'mirror' && (await refusesUnread(ledgerReceipts(storage, keys, codec)));
  return { state: isNeeded ? 'needed' : 'clearable' };
}

async function isFinished(storage: Storage, generation: number, { state }: Report): Promise<boolean> {
  if (state !== 'succeeded' && state !== 'partial') return false;
  return ((await readSuccess(storage)) ?? -1) >= generation;
}

async function refusesUnread(groups: AsyncIterable<ReceiptGroup>): Promise<boolean> {
  for await (const { found } of groups)
    if (found.some(({ receipt }) => receipt?.refused.some(isUnread))) return true;
  return false;
}

/** What is wrong with what would be left of a run: its compacted ledger, its inputs. */
async function keptFault(
  storage: Storage,
  run: RunFile,
  report: Report,
  codec: TextCodec,
): Promise<string | undefined> {
  const keys = runKeys(run.runId);
  const before = await readClearing(storage, run.runId);
  if (before !== undefined)
    for (const [key, sha256] of keptObjects(run.runId, before))
      if ((await storedDigest(storage, key)).sha256 !== sha256)
        return `${key}: is not what ${keys.clearing} names`;
  const sums = await sumCompacted(run, ledgerReceipts(storage, keys, codec));
  if (!isBalanced(sums))
    return `${keys.ledger}: ${sums.problems.first[0]?.message ?? 'does not have all units'}`;
  for (const fault of ledgerFaults(run, report, sums)) return `${keys.report}: ${fault}`;
  for await (const _ of readInputs(storage, run.runId, codec));
  return undefined;
}
