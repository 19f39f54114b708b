import { parseJson, readAll } from '../commit/objects.ts';
import { readReceipt } from '../commit/commit-sub-unit.ts';
import { readUnits } from '../commit/run-file.ts';
import { runKeys } from '../run-keys.ts';
import type { RunKeys } from '../run-keys.ts';
import { receipt as receiptShape } from '../shapes/receipt.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Unit } from '../shapes/unit.ts';
import type { Storage } from '../storage/storage.ts';
import { receiptNames } from './receipts.ts';

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

/** Which units of a run are committed: one bit each. */
export interface CommittedUnits {
  readonly total: number;
  readonly committed: number;
  has(unit: number): boolean;
}

/**
 * Lists the receipts once, against the plan: for an orchestrator, which has all units. Reads only receipts of inputs
 * that are cut into sub-units; of any other unit the receipt's being there says enough.
 */
export async function committedUnits(storage: Storage, run: RunFile): Promise<CommittedUnits> {
  const total = run.plan.units;
  const bits = new Uint8Array(Math.ceil(total / 8));
  let committed = 0;
  const names = receiptNames(storage, runKeys(run.runId));
  let next = await names.next();
  for await (const unit of readUnits(storage, run)) {
    let latest: { key: string; sub: number } | undefined;
    for (; !next.done && next.value.unit <= unit.unit; next = await names.next())
      if (next.value.unit === unit.unit && next.value.sub >= (latest?.sub ?? 0)) latest = next.value;
    if (latest === undefined || !(await endsUnit(storage, unit, latest.key))) continue;
    bits[unit.unit >> 3] = (bits[unit.unit >> 3] ?? 0) | (1 << (unit.unit & 7));
    committed++;
  }
  return { total, committed, has: (unit) => ((bits[unit >> 3] ?? 0) & (1 << (unit & 7))) !== 0 };
}

async function endsUnit(storage: Storage, unit: Unit, key: string): Promise<boolean> {
  if (unit.subUnits !== true) return true;
  return parseJson(await readAll(storage, key), key, receiptShape).last;
}
