import type { Receipt } from '../shapes/receipt.ts';
import type { Unit } from '../shapes/unit.ts';
import { unitProblems } from './balance.ts';
import type { LedgerProblem } from './balance.ts';
import type { ReceiptGroup } from './receipts.ts';

/** A unit of the plan with what was committed of it. */
export interface LedgerEntry {
  readonly unit: Unit;
  /** By rising sub-unit. */
  readonly receipts: readonly Receipt[];
  /** Sub-units 0 to the last one all have their receipt. */
  readonly committed: boolean;
  readonly problems: readonly LedgerProblem[];
}

/**
 * Joins plan and receipts, both in rising order of units: one entry for each planned unit. Receipts of units that no
 * plan has are told to `onStray`.
 */
export async function* ledgerEntries(
  units: AsyncIterable<Unit>,
  groups: AsyncIterable<ReceiptGroup>,
  onStray: (problem: LedgerProblem) => void,
): AsyncGenerator<LedgerEntry> {
  const receipts = groups[Symbol.asyncIterator]();
  const stray = ({ unit }: ReceiptGroup): void =>
    onStray({
      kind: 'unknown-unit',
      unit,
      sub: undefined,
      message: `unit ${unit} has a receipt, but is not in the plan`,
    });
  try {
    let next = await receipts.next();
    for await (const unit of units) {
      for (; !next.done && next.value.unit < unit.unit; next = await receipts.next()) stray(next.value);
      if (next.done || next.value.unit > unit.unit) {
        yield { unit, receipts: [], committed: false, problems: [] };
        continue;
      }
      yield entryOf(unit, next.value);
      next = await receipts.next();
    }
    for (; !next.done; next = await receipts.next()) stray(next.value);
  } finally {
    await receipts.return?.();
  }
}

function entryOf(unit: Unit, { found }: ReceiptGroup): LedgerEntry {
  const receipts: Receipt[] = [];
  const problems: LedgerProblem[] = [];
  for (const { sub, receipt, fault } of found) {
    if (receipt !== undefined) receipts.push(receipt);
    else problems.push({ kind: 'unreadable-receipt', unit: unit.unit, sub, message: fault ?? 'unreadable' });
  }
  problems.push(...unitProblems(unit, receipts));
  return { unit, receipts, committed: isCommitted(receipts), problems };
}

/** Whether receipts in rising order are the sub-units 0 to the last one. */
export function isCommitted(receipts: readonly Receipt[]): boolean {
  const last = receipts.findIndex((receipt) => receipt.last);
  return last >= 0 && receipts.slice(0, last + 1).every((receipt, index) => receipt.sub === index);
}
