import { requestStop, runKeys } from '@winnow/core';
import { unjudgedArrays } from '../run/arrays/live-array.ts';
import type { OperationsEdge } from './edge.ts';
import type { Cancellation, Hooks, RunReference } from './operations.ts';
import { openStoredRun, readReport } from './stored-run.ts';
import { latestIntent } from './latest-intent.ts';

/**
 * Ends what works on a run. First the stop, which ends workers at their next border wherever they are and keeps
 * orchestrators from submitting more; then the jobs that a service would otherwise go on starting.
 */
export async function cancelRun(
  reference: RunReference,
  edge: OperationsEdge,
  { cwd }: Pick<Hooks, 'cwd'>,
): Promise<Cancellation> {
  const stored = await openStoredRun(reference, { cwd, openStorage: edge.openStorage });
  const { output, run } = stored;
  const { runId } = run;
  const report = await readReport(stored);
  if (report?.units.committed === run.plan.units)
    return { runId, submission: undefined, jobs: 0, complete: true };
  const submission = await requestStop(output, runKeys(runId), edge.now().toISOString());
  if (submission === undefined) return { runId, submission, jobs: 0, complete: false };
  const latest = await latestIntent(output, runId);
  if (latest?.job === undefined) return { runId, submission, jobs: 0, complete: false };
  const jobs = await edge.batchJobs();
  const arrays = await unjudgedArrays(output, run, jobs, edge.now);
  await jobs.terminate(arrays.map(({ jobId }) => jobId));
  return { runId, submission, jobs: arrays.length, complete: false };
}
