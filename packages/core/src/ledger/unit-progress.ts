import { readReceipt } from '../commit/commit-sub-unit.ts';
import type { RunKeys } from '../run-keys.ts';
import type { Storage } from '../storage/storage.ts';

/** How far a unit is: what a worker that takes it up again needs. */
export interface UnitProgress {
  /** Sub-units 0 to this one (excluded) have their receipts: the next one to do. */
  readonly subUnits: number;
  /** The last of them is the unit's last: nothing to do. */
  readonly committed: boolean;
  /** Where the next sub-unit begins in the decoded bytes. */
  readonly decodedEnd: number;
}

/** Looks at the receipts of one unit, one after the other: for a worker, which has few units. */
export async function unitProgress(storage: Storage, keys: RunKeys, unit: number): Promise<UnitProgress> {
  let subUnits = 0;
  while ((await storage.stat(keys.receipt(unit, subUnits))) !== undefined) subUnits++;
  const last = subUnits === 0 ? undefined : await readReceipt(storage, keys, unit, subUnits - 1);
  return { subUnits, committed: last?.last ?? false, decodedEnd: last?.decodedEnd ?? 0 };
}
