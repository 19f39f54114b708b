import type { JobDetail } from '@aws-sdk/client-batch';
import type { ArrayCounts } from '../array-backend.ts';

/**
 * How far the children of a job are. An array's parent carries a summary of them, so that one call tells of 10,000; its
 * own status says PENDING as long as any of them runs.
 */
export function countsOf({ status, statusReason = '', arrayProperties }: JobDetail): ArrayCounts {
  const { size = 1, statusSummary } = arrayProperties ?? {};
  const summary = statusSummary ?? (status === undefined ? {} : { [status]: size });
  const of = (name: string): number => summary[name] ?? 0;
  const succeeded = of('SUCCEEDED');
  const failed = of('FAILED');
  const isOver = status === 'SUCCEEDED' || status === 'FAILED';
  return {
    size,
    waiting: of('SUBMITTED') + of('PENDING') + of('RUNNABLE'),
    runnable: of('RUNNABLE'),
    running: of('STARTING') + of('RUNNING'),
    succeeded,
    // A job that is refused as a whole has failed before it had children.
    failed: status === 'FAILED' && succeeded + failed < size ? size - succeeded : failed,
    ended: isOver || succeeded + failed >= size,
    reason: statusReason,
  };
}
