import type { TextCodec } from '../commit/text-codec.ts';
import { readClearing } from '../commit/cleared.ts';
import { isNotFound, parseJson } from '../commit/objects.ts';
import { readUnits } from '../commit/run-file.ts';
import { textLines } from '../commit/text-lines.ts';
import { runKeys } from '../run-keys.ts';
import { lineBase } from '../shapes/generation.ts';
import type { Receipt } from '../shapes/receipt.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { isCommitted, ledgerEntries } from './entries.ts';
import { ledgerReceipts, storedReceipts, type ReceiptGroup } from './receipts.ts';

/** A receipt, and how many lines of its input stand before what it commits. */
export interface PlacedReceipt {
  readonly receipt: Receipt;
  /**
   * Undefined where what is before it is not committed yet, was refused, or is known no more: `winnow gc` keeps it of what is
   * in quarantine only.
   */
  readonly linesBefore: number | undefined;
}

/** A unit with what is committed of it. */
export interface PlacedUnit {
  readonly receipts: readonly PlacedReceipt[];
  /** All of it. */
  readonly committed: boolean;
}

/**
 * Every unit of a run in order. Lines are counted over what is cut: the ranges of an input, whose units follow each other, and
 * the sub-units of a stream. Of whole inputs nothing stands before.
 */
export async function* placedUnits(
  storage: Storage,
  run: RunFile,
  codec: TextCodec,
): AsyncGenerator<PlacedUnit> {
  if ((await readClearing(storage, run.runId)) !== undefined) yield* clearedUnits(storage, run, codec);
  else yield* plannedUnits(storage, run, codec);
}

async function* plannedUnits(storage: Storage, run: RunFile, codec: TextCodec): AsyncGenerator<PlacedUnit> {
  let input: string | undefined;
  let lines: number | undefined = 0;
  const entries = ledgerEntries(
    readUnits(storage, run),
    await receiptsOf(storage, run, codec),
    () => undefined,
  );
  for await (const { unit, receipts, committed } of entries) {
    const ranged = unit.range && unit.inputs[0]?.key;
    if (ranged === undefined || ranged !== input) lines = (unit.range?.start ?? 0) === 0 ? 0 : undefined;
    input = ranged;
    const placed: PlacedReceipt[] = [];
    for (const [index, receipt] of receipts.entries()) {
      if (receipt.sub !== index) lines = undefined;
      placed.push({ receipt, linesBefore: lines });
      const isWhole = receipt.refused.length === 0;
      lines = lines === undefined || !isWhole ? undefined : lines + receipt.lines;
    }
    yield { receipts: placed, committed };
    if (!committed) lines = undefined;
  }
}

/** What was cut into which unit went with the plan: the lines stand where `winnow gc` wrote them down. */
async function* clearedUnits(storage: Storage, run: RunFile, codec: TextCodec): AsyncGenerator<PlacedUnit> {
  const known = await readLineBases(storage, run.runId);
  for await (const { found } of ledgerReceipts(storage, runKeys(run.runId), codec)) {
    const receipts = found.flatMap(({ receipt }) => receipt ?? []);
    const placed = receipts.map((receipt) => ({
      receipt,
      linesBefore: known.get(`${receipt.unit} ${receipt.sub}`),
    }));
    yield { receipts: placed, committed: isCommitted(receipts) };
  }
}

/** By unit and sub-unit. Empty where there are none: of runs that were cleared before Winnow kept them. */
async function readLineBases(storage: Storage, runId: string): Promise<Map<string, number>> {
  const key = runKeys(runId).lineBases;
  const known = new Map<string, number>();
  try {
    for await (const line of textLines(storage.read(key))) {
      const { unit, sub, lines } = parseJson(line, key, lineBase);
      known.set(`${unit} ${sub}`, lines);
    }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return known;
}

async function receiptsOf(
  storage: Storage,
  run: RunFile,
  codec: TextCodec,
): Promise<AsyncIterable<ReceiptGroup>> {
  const keys = runKeys(run.runId);
  const isClosed = (await storage.stat(keys.ledger)) !== undefined;
  return isClosed ? ledgerReceipts(storage, keys, codec) : storedReceipts(storage, keys);
}
