import { highestStop, isStopped, runKeys, submissionNumbers } from '@winnow/core';
import type { Opening } from '../run/place.ts';
import type { RunReference, RunStatus } from '../operations/operations.ts';
import { runSums } from './run-sums.ts';
import { openStoredRun, readReport } from './stored-run.ts';

/** Where a run stands, from its receipts; the state from its report where that is not overtaken. */
export async function runStatus(reference: RunReference, opening: Opening): Promise<RunStatus> {
  const stored = await openStoredRun(reference, opening);
  const { output, run } = stored;
  const { sums, clearedAt } = await runSums(stored);
  const { planned: _credited, ...bytes } = sums.bytes;
  const keys = runKeys(run.runId);
  const submissions = await submissionNumbers(output, keys);
  const latest = submissions.at(-1);
  const isCancelled = latest !== undefined && isStopped(latest, await highestStop(output, keys));
  const state = latest === undefined ? 'planned' : isCancelled ? 'cancelled' : 'unfinished';
  const reported = await readReport(stored);
  const upToDate = reported?.units.committed === sums.units.committed;
  return {
    runId: run.runId,
    state: reported && upToDate ? reported.state : state,
    units: sums.units,
    records: sums.records,
    bytes: { planned: run.plan.bytes, read: bytes.read, refused: bytes.refused, written: bytes.written },
    submissions: submissions.length,
    ...(clearedAt !== undefined && { clearedAt }),
  };
}
