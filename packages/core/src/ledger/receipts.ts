import { WinnowError } from '../errors.ts';
import { parseReceiptKey } from '../commit/object-names.ts';
import type { SubUnitName } from '../commit/object-names.ts';
import { parseJson, readAll } from '../commit/objects.ts';
import type { TextCodec } from '../commit/text-codec.ts';
import { UNIT_DIGITS, type RunKeys } from '../run-keys.ts';
import { receipt as receiptShape } from '../shapes/receipt.ts';
import type { Receipt } from '../shapes/receipt.ts';
import type { ListOptions, Storage } from '../storage/storage.ts';
import { orderedAhead } from './ordered-ahead.ts';

/** Receipts read at once: enough to hide the latency of object storage, few enough for memory. */
const READ_AHEAD = 64;

/** A receipt as found; `fault` says why there is none in its place. */
export interface FoundReceipt extends SubUnitName {
  readonly receipt: Receipt | undefined;
  readonly fault: string | undefined;
}

/** All receipts of one unit, by rising sub-unit. */
export interface ReceiptGroup {
  readonly unit: number;
  readonly found: readonly FoundReceipt[];
}

/** Consecutive units. */
export interface UnitRange {
  readonly firstUnit: number;
  readonly units: number;
}

/** The receipts in the run directory, unit by unit in rising order. Memory: one unit's receipts and those read ahead. */
export async function* storedReceipts(
  storage: Storage,
  keys: RunKeys,
  range?: UnitRange,
): AsyncGenerator<ReceiptGroup> {
  const read = async (name: SubUnitName & { key: string }): Promise<FoundReceipt> => {
    const { key, unit, sub } = name;
    try {
      const found = parseJson(await readAll(storage, key), key, receiptShape);
      if (found.runId === keys.runId && found.unit === unit && found.sub === sub)
        return { unit, sub, receipt: found, fault: undefined };
      const fault = `${key} is of run ${found.runId}, unit ${found.unit}, sub-unit ${found.sub}`;
      return { unit, sub, receipt: undefined, fault };
    } catch (error) {
      if (!(error instanceof WinnowError) || error.retryable) throw error;
      return { unit, sub, receipt: undefined, fault: error.message };
    }
  };
  yield* byUnit(orderedAhead(receiptNames(storage, keys, range), READ_AHEAD, read));
}

/** The sub-units that have a receipt, in the order of its key: of all units, or of a range. */
export async function* receiptNames(
  storage: Storage,
  keys: RunKeys,
  range?: UnitRange,
): AsyncGenerator<SubUnitName & { key: string }> {
  for await (const { key } of storage.list(keys.receipts, range && keysOf(keys, range))) {
    const name = parseReceiptKey(keys, key);
    if (name !== undefined) yield { ...name, key };
  }
}

function keysOf(keys: RunKeys, { firstUnit, units }: UnitRange): ListOptions {
  const end = firstUnit + units;
  const after = keys.receiptsFrom(firstUnit);
  // One more digit would stand before all others.
  return String(end).length > UNIT_DIGITS ? { after } : { after, until: keys.receiptsFrom(end) };
}

/** The receipts of a closed run, from its compacted ledger: those of units `[firstUnit, endUnit)`. */
export async function* ledgerReceipts(
  storage: Storage,
  keys: RunKeys,
  codec: TextCodec,
  firstUnit = 0,
  endUnit = Infinity,
): AsyncGenerator<ReceiptGroup> {
  async function* found(): AsyncGenerator<FoundReceipt> {
    for await (const line of codec.lines(storage.read(keys.ledger))) {
      const receipt = parseJson(Buffer.from(line), keys.ledger, receiptShape);
      if (receipt.unit >= endUnit) return;
      if (receipt.unit >= firstUnit)
        yield { unit: receipt.unit, sub: receipt.sub, receipt, fault: undefined };
    }
  }
  yield* byUnit(found());
}

async function* byUnit(all: AsyncIterable<FoundReceipt>): AsyncGenerator<ReceiptGroup> {
  let group: FoundReceipt[] = [];
  for await (const found of all) {
    if (group[0] !== undefined && group[0].unit !== found.unit) {
      yield groupOf(group);
      group = [];
    }
    group.push(found);
  }
  if (group.length > 0) yield groupOf(group);
}

/** Names of sub-units past 9,999 are longer and come out of order. */
const groupOf = (found: FoundReceipt[]): ReceiptGroup => ({
  unit: found[0]?.unit ?? 0,
  found: found.sort((a, b) => a.sub - b.sub),
});
