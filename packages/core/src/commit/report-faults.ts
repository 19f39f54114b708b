import { isBalanced, isComplete, type LedgerSums } from '../ledger/sums.ts';
import type { Report } from '../shapes/report.ts';
import type { RunFile } from '../shapes/run.ts';

type Pair = readonly [name: string, told: unknown, found: unknown];

/** Where a report does not say what the receipts say: the facts that need no plan. */
export function ledgerFaults(run: RunFile, report: Report, sums: LedgerSums): string[] {
  const complete = isComplete(sums);
  return differences([
    ['runId', report.runId, run.runId],
    ['balanced', report.balanced, isBalanced(sums)],
    ['records', report.records, sums.records],
    ['skipped', report.skipped, sums.skipped],
    ['bytes', report.bytes, complete ? sums.bytes : { ...sums.bytes, planned: run.plan.bytes }],
    ['units', report.units, sums.units],
    ['inputs.total', report.inputs.total, run.plan.inputs],
    ['state', report.state === 'succeeded' || report.state === 'partial', isBalanced(sums)],
  ]);
}

/** Where it does not say what became of the inputs of the plan. */
export const inputFaults = (report: Report, sums: LedgerSums): string[] =>
  differences([['inputs.done', report.inputs.done, sums.inputs.done]]);

const differences = (pairs: readonly Pair[]): string[] =>
  pairs.flatMap(([name, told, found]) => {
    const [a, b] = [JSON.stringify(told), JSON.stringify(found)];
    return a === b ? [] : [`${name} is ${a}, the receipts say ${b}`];
  });
