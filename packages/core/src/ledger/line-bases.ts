import type { TextCodec } from '../commit/text-codec.ts';
import { readClearing } from '../commit/clearing.ts';
import { readUnits } from '../commit/run-file.ts';
import { runKeys } from '../run-keys.ts';
import type { Receipt } from '../shapes/receipt.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { ledgerEntries } from './entries.ts';
import { ledgerReceipts, storedReceipts, type ReceiptGroup } from './receipts.ts';

/** A receipt, and how many lines of its input stand before what it commits. */
export interface PlacedReceipt {
  readonly receipt: Receipt;
  /** Undefined where what is before it is not committed yet, was refused, or is known no more (`winnow gc`). */
  readonly linesBefore: number | undefined;
}

/**
 * Every receipt of a run in the order of the units. Lines are counted over what is cut: the ranges of an input, whose units
 * follow each other, and the sub-units of a stream. Of whole inputs nothing stands before.
 */
export async function* placedReceipts(
  storage: Storage,
  run: RunFile,
  codec: TextCodec,
): AsyncGenerator<PlacedReceipt> {
  if ((await readClearing(storage, run.runId)) !== undefined) {
    // What was cut into which unit went with the plan.
    for await (const { found } of await receiptsOf(storage, run, codec))
      for (const { receipt } of found) if (receipt) yield { receipt, linesBefore: undefined };
    return;
  }
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
    for (const [index, receipt] of receipts.entries()) {
      if (receipt.sub !== index) lines = undefined;
      yield { receipt, linesBefore: lines };
      const isWhole = receipt.refused.length === 0;
      lines = lines === undefined || !isWhole ? undefined : lines + receipt.lines;
    }
    if (!committed) lines = undefined;
  }
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
