import { readUnits } from '../commit/run-file.ts';
import { runKeys } from '../run-keys.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { ledgerEntries } from './entries.ts';
import { storedReceipts } from './receipts.ts';
import { Ledger, type LedgerSums } from './sums.ts';

/** The receipts of a run as they stand now, added up, and which units they commit: one bit each. */
export interface LedgerNow {
  readonly sums: LedgerSums;
  readonly isCommitted: (unit: number) => boolean;
}

/** Reads plan and receipts once. */
export async function sumLedger(storage: Storage, run: RunFile): Promise<LedgerNow> {
  const ledger = new Ledger();
  const bits = new Uint8Array(Math.ceil(run.plan.units / 8));
  const entries = ledgerEntries(
    readUnits(storage, run),
    storedReceipts(storage, runKeys(run.runId)),
    (problem) => ledger.addProblem(problem),
  );
  for await (const entry of entries) {
    ledger.add(entry);
    const { unit } = entry.unit;
    if (entry.committed) bits[unit >> 3] = (bits[unit >> 3] ?? 0) | (1 << (unit & 7));
  }
  return { sums: ledger.end(run), isCommitted: (unit) => ((bits[unit >> 3] ?? 0) & (1 << (unit & 7))) !== 0 };
}
