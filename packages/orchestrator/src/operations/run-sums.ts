import {
  ledgerReceipts,
  readClearing,
  runKeys,
  sumCompacted,
  sumLedger,
  zstdTextCodec,
  type LedgerNow,
} from '@winnow/core';
import type { StoredRun } from './stored-run.ts';

export interface RunSums {
  readonly sums: LedgerNow['sums'];
  /** When `winnow gc` removed plan and receipts: the sums are those of the compacted ledger. */
  readonly clearedAt?: string;
}

/** What a run comes to, as it stands. */
export async function runSums({ output, run }: StoredRun): Promise<RunSums> {
  const clearing = await readClearing(output, run.runId);
  if (clearing === undefined) return { sums: (await sumLedger(output, run)).sums };
  const receipts = ledgerReceipts(output, runKeys(run.runId), zstdTextCodec);
  return { sums: await sumCompacted(run, receipts), clearedAt: clearing.clearedAt };
}
