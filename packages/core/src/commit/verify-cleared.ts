import { WinnowError } from '../errors.ts';
import { ledgerReceipts } from '../ledger/receipts.ts';
import { sumCompacted } from '../ledger/sum-compacted.ts';
import type { LedgerSums } from '../ledger/sums.ts';
import { runKeys } from '../run-keys.ts';
import type { Clearing } from '../shapes/generation.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { keptObjects } from './cleared.ts';
import { storedDigest } from './digest.ts';
import type { Finding } from './finding.ts';
import { isNotFound } from './objects.ts';
import { verifyObjects, type ObjectCheck } from './verify-objects.ts';

/**
 * Proves a run whose plan and receipts `winnow gc` has removed: ledger, inputs and line bases are those that `gc.json` names, the ledger
 * has every unit of `run.json` and adds up, and every object that it lists is there byte for byte.
 *
 * @returns undefined where the ledger cannot be read: there is nothing then to hold the rest against
 */
export async function* verifyCleared(
  storage: Storage,
  run: RunFile,
  clearing: Clearing,
  check: ObjectCheck,
): AsyncGenerator<Finding, LedgerSums | undefined> {
  const keys = runKeys(run.runId);
  const wrong = (message: string, key = keys.ledger): Finding => ({ kind: 'compacted-ledger', key, message });
  let isLedgerWhole = true;
  for (const [key, sha256] of keptObjects(run.runId, clearing)) {
    const found = await digestIfThere(storage, key);
    if (found === sha256) continue;
    if (key === keys.ledger) isLedgerWhole = false;
    yield wrong(
      `${key}: ${found === undefined ? 'is not there' : `has sha256 ${found}`}, ${keys.clearing} names ${sha256}`,
      key,
    );
  }
  if (!isLedgerWhole) return undefined;
  try {
    for await (const { found } of ledgerReceipts(storage, keys, check.codec))
      for (const { receipt } of found)
        if (receipt !== undefined) yield* verifyObjects(storage, receipt, check);
    const sums = await sumCompacted(run, ledgerReceipts(storage, keys, check.codec));
    for (const { message } of sums.problems.first) yield { kind: 'ledger', key: keys.ledger, message };
    for (const unit of sums.missing.first)
      yield { kind: 'uncommitted', key: keys.ledger, message: `unit ${unit}: is not committed` };
    return sums;
  } catch (error) {
    if (!(error instanceof WinnowError) || error.retryable) throw error;
    yield wrong(error.message);
    return undefined;
  }
}

async function digestIfThere(storage: Storage, key: string): Promise<string | undefined> {
  try {
    return (await storedDigest(storage, key)).sha256;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
