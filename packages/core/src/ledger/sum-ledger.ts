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
  /** Estimated decoded bytes of consecutive units, as planned. */
  readonly plannedDecoded: (firstUnit: number, units: number) => number;
}

/** Reads plan and receipts once. */
export async function sumLedger(storage: Storage, run: RunFile): Promise<LedgerNow> {
  const ledger = new Ledger();
  const bits = new Uint8Array(Math.ceil(run.plan.units / 8));
  // At unit n: of all units before it.
  const decoded = new Float64Array(run.plan.units + 1);
  const entries = ledgerEntries(
    readUnits(storage, run),
    storedReceipts(storage, runKeys(run.runId)),
    (problem) => ledger.addProblem(problem),
  );
  for await (const entry of entries) {
    ledger.add(entry);
    const { unit } = entry.unit;
    decoded[unit + 1] = (decoded[unit] ?? 0) + entry.unit.decoded;
    if (entry.committed) bits[unit >> 3] = (bits[unit >> 3] ?? 0) | (1 << (unit & 7));
  }
  return {
    sums: ledger.end(run),
    isCommitted: (unit) => ((bits[unit >> 3] ?? 0) & (1 << (unit & 7))) !== 0,
    plannedDecoded: (firstUnit, units) => (decoded[firstUnit + units] ?? 0) - (decoded[firstUnit] ?? 0),
  };
}
