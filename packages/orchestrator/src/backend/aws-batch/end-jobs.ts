import type { BatchApi, EndFailure } from './batch-api.ts';
import { MAX_ENDED } from './limits.ts';

/** How children end: `withdraw` those that wait only, `terminate` all. */
export type Ending = 'withdraw' | 'terminate';

/**
 * Ends jobs: fifty a call, and one by one where the service (or the caller's role) has no such call, or for those that it
 * could not do together. Always the array's own id, which ends its children.
 */
export async function endJobs(
  api: BatchApi,
  jobIds: readonly string[],
  ending: Ending,
  reason: string,
): Promise<void> {
  const one = (jobId: string): Promise<void> =>
    ending === 'withdraw' ? api.cancelJob(jobId, reason) : api.terminateJob(jobId, reason);
  const together = (ids: readonly string[]): Promise<readonly EndFailure[] | undefined> =>
    ending === 'withdraw' ? api.cancelJobs(ids, reason) : api.terminateJobs(ids, reason);
  for (let at = 0; at < jobIds.length; at += MAX_ENDED) {
    const some = jobIds.slice(at, at + MAX_ENDED);
    const failures = some.length > 1 ? await together(some) : undefined;
    const left = failures === undefined ? some : failures.map(({ jobId }) => jobId);
    for (const jobId of left) await one(jobId);
  }
}
