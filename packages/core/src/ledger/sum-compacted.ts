import type { RunFile } from '../shapes/run.ts';
import { groupProblems, type LedgerProblem } from './balance.ts';
import { isCommitted } from './entries.ts';
import type { ReceiptGroup } from './receipts.ts';
import { addReceipt, emptySums, isComplete, keep, type LedgerSums } from './sums.ts';

/**
 * Adds up the compacted ledger of a run whose plan is not there any more (`winnow gc`), and holds it against what
 * `run.json` still tells of the plan: its units and its bytes. What became of each input no receipt tells: `inputs` stays 0.
 */
export async function sumCompacted(run: RunFile, groups: AsyncIterable<ReceiptGroup>): Promise<LedgerSums> {
  const sums = emptySums();
  const { units, bytes } = run.plan;
  sums.units.total = units;
  const add = (problem: LedgerProblem): void => keep(sums.problems, problem);
  let next = 0;
  for await (const { unit, found } of groups) {
    for (; next < Math.min(unit, units); next++) keep(sums.missing, next);
    if (unit !== next || unit >= units) {
      const message = `unit ${unit} stands in the ledger twice, out of order, or is not in the plan`;
      add({ kind: 'unknown-unit', unit, sub: undefined, message });
      continue;
    }
    next = unit + 1;
    const receipts = found.flatMap(({ receipt }) => receipt ?? []);
    if (isCommitted(receipts)) sums.units.committed++;
    else keep(sums.missing, unit);
    for (const receipt of receipts) addReceipt(sums, receipt);
    groupProblems(unit, receipts).forEach(add);
  }
  for (; next < units; next++) keep(sums.missing, next);
  if (isComplete(sums) && sums.bytes.planned !== bytes) {
    const message = `run ${run.runId}: bytes accounted for ${sums.bytes.planned}, planned in run.json ${bytes}`;
    add({ kind: 'planned-bytes', unit: 0, sub: undefined, message });
  }
  return sums;
}
