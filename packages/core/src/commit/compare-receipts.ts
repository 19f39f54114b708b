import { createHash } from 'node:crypto';
import { receipt } from '../shapes/receipt.ts';
import type { Receipt } from '../shapes/receipt.ts';
import type { Refusal, RefusalReason } from '../shapes/refusal.ts';
import { compareKeys } from '../key-order.ts';

/**
 * Refusals that depend on when an attempt looked, not on the pinned bytes: another attempt may have read the input.
 * A truncated, corrupt or unsupported input is so for every attempt.
 */
const BY_MOMENT: ReadonlySet<RefusalReason> = new Set(['vanished', 'changed', 'denied', 'unreadable']);

const runOf = ({ run = '' }: Refusal): string => run;

const byMoment = (refusals: readonly Refusal[]): Refusal[] =>
  refusals
    .filter((refusal) => BY_MOMENT.has(refusal.reason))
    .sort((a, b) => compareKeys(a.input, b.input) || a.offset - b.offset || compareKeys(runOf(a), runOf(b)));

/**
 * What an attempt adds to its names: nothing, or `-r` and 8 hex digits of the refusals that another attempt may not
 * have met. Over input (and its run, if it is none of the unit's), reason, offset and bytes, which decide the records read; not over `detail`, which is for people.
 */
export function refusalSuffix(refusals: readonly Refusal[]): string {
  const varying = byMoment(refusals);
  if (varying.length === 0) return '';
  const facts = varying.map(({ input, reason, offset, bytes, run }) => [
    ...[input, reason, offset, bytes],
    ...(run === undefined ? [] : [run]),
  ]);
  return `-r${createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 8)}`;
}

/** A receipt's bytes: keys in the shape's order, whoever built it. */
export const receiptText = (value: Receipt): string => JSON.stringify(receipt.parse(value));

export type ReceiptComparison = 'equal' | 'refusals' | 'conflict';

/**
 * Two receipts of one sub-unit:
 *
 * - `equal`: byte for byte. Two attempts that read the same inputs must come to this.
 * - `refusals`: the attempts met inputs in different states (vanished, changed, denied, unreadable), which explains
 *   any difference in counts and parts. Both are true; the first one stands.
 * - `conflict`: anything else. One of the two is wrong.
 *
 * What such refusals cannot explain stays a conflict beside them: another sub-unit, other planned bytes of the same
 * unit, another finding about the bytes of an input that both could read.
 */
export function compareReceipts(a: Receipt, b: Receipt): ReceiptComparison {
  if (receiptText(a) === receiptText(b)) return 'equal';
  if (a.runId !== b.runId || a.unit !== b.unit || a.sub !== b.sub) return 'conflict';
  if (JSON.stringify(byMoment(a.refused)) === JSON.stringify(byMoment(b.refused))) return 'conflict';
  if (a.last && b.last && a.bytes.planned !== b.bytes.planned) return 'conflict';
  const excused = new Set([...byMoment(a.refused), ...byMoment(b.refused)].map((refusal) => refusal.input));
  return sameFindings(a, b, excused) ? 'refusals' : 'conflict';
}

/** Whether both say the same about the bytes of the inputs that neither found vanished or changed. */
function sameFindings(a: Receipt, b: Receipt, excused: ReadonlySet<string>): boolean {
  // An open sub-unit says nothing yet about its input's end.
  if (!a.last || !b.last) return true;
  const findings = ({ refused }: Receipt): string =>
    JSON.stringify(
      refused
        .filter(({ input, reason }) => !BY_MOMENT.has(reason) && !excused.has(input))
        .sort((x, y) => compareKeys(x.input, y.input) || x.offset - y.offset),
    );
  return findings(a) === findings(b);
}
