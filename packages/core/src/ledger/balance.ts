import { plannedBytes } from '../shapes/unit.ts';
import type { Receipt } from '../shapes/receipt.ts';
import type { Unit } from '../shapes/unit.ts';

export const LEDGER_PROBLEMS = [
  'unreadable-receipt',
  'unknown-unit',
  'missing-sub-unit',
  'after-last',
  'records',
  'rows',
  'quarantine',
  'written-bytes',
  'refused-bytes',
  'planned-bytes',
] as const;

/** Something in the ledger that does not add up. A unit without its last receipt is none: it is not done yet. */
export interface LedgerProblem {
  readonly kind: (typeof LEDGER_PROBLEMS)[number];
  readonly unit: number;
  readonly sub: number | undefined;
  /** One line for people. */
  readonly message: string;
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** Rules within one receipt: promise 1 for its records, and every total equal to the list it is the total of. */
export function receiptProblems(receipt: Receipt): LedgerProblem[] {
  const { unit, sub, records, bytes, parts, quarantine, refused, last } = receipt;
  const problems: LedgerProblem[] = [];
  const expectEqual = (
    kind: LedgerProblem['kind'],
    what: string,
    value: number,
    of: string,
    other: number,
  ): void => {
    if (value === other) return;
    problems.push({ kind, unit, sub, message: `unit ${unit}-${sub}: ${what} ${value}, ${of} ${other}` });
  };
  const { read, written, filtered, quarantined } = records;
  const accounted = written + filtered + quarantined;
  expectEqual('records', 'records read', read, 'written + filtered + quarantined', accounted);
  expectEqual(
    'rows',
    'records written',
    written,
    'rows of its parts',
    sum(parts, (part) => part.rows),
  );
  const reasons = sum(quarantine?.reasons ?? [], (reason) => reason.records);
  expectEqual('quarantine', 'records quarantined', quarantined, 'listed by reason', reasons);
  expectEqual(
    'written-bytes',
    'bytes written',
    bytes.written,
    'bytes of its parts',
    sum(parts, (part) => part.bytes),
  );
  expectEqual('planned-bytes', 'bytes planned', bytes.planned, 'read + refused', bytes.read + bytes.refused);
  const refusedBytes = sum(refused, (refusal) => refusal.bytes);
  expectEqual('refused-bytes', 'bytes refused', bytes.refused, 'listed as refused', refusedBytes);
  if (!last)
    expectEqual('planned-bytes', 'bytes planned', bytes.planned, 'but more sub-units follow: expected', 0);
  return problems;
}

/** Rules within a unit's receipts (in rising order). */
export function groupProblems(unit: number, receipts: readonly Receipt[]): LedgerProblem[] {
  const problems = receipts.flatMap(receiptProblems);
  const add = (kind: LedgerProblem['kind'], sub: number, message: string): void => {
    problems.push({ kind, unit, sub, message: `unit ${unit}: ${message}` });
  };
  const last = receipts.findIndex((receipt) => receipt.last);
  receipts.forEach((receipt, index) => {
    const before = receipts[index - 1];
    const expected = before === undefined ? 0 : before.sub + 1;
    if (receipt.sub !== expected)
      add('missing-sub-unit', expected, `sub-unit ${expected} has no receipt, but ${receipt.sub} has`);
    if (last >= 0 && index > last)
      add(
        'after-last',
        receipt.sub,
        `sub-unit ${receipt.sub} has a receipt after the last one, ${receipts[last]?.sub ?? 0}`,
      );
  });
  return problems;
}

/** The same, and rules between them and the unit's plan. */
export function unitProblems(unit: Unit, receipts: readonly Receipt[]): LedgerProblem[] {
  const problems = groupProblems(unit.unit, receipts);
  const planned = sum(receipts, (receipt) => receipt.bytes.planned);
  const expected = plannedBytes(unit);
  if (receipts.some((receipt) => receipt.last) && planned !== expected) {
    const message = `unit ${unit.unit}: its receipts account for ${planned} bytes, its plan has ${expected}`;
    problems.push({ kind: 'planned-bytes', unit: unit.unit, sub: undefined, message });
  }
  return problems;
}
