import type { AttemptDetail, JobDetail, JobSummary } from '@aws-sdk/client-batch';
import type { ArrayCounts, FailedChild } from '../array-backend.ts';
import type { BatchApi } from './batch-api.ts';
import { MAX_DESCRIBED } from './limits.ts';
import { saidCause } from './said-cause.ts';

/** Children of an array in a page. */
const PAGE = 1000;

/**
 * The children of a job that failed for good: pages of a listing, and described a hundred a call, since only that tells how
 * long their attempts ran and, of jobs by `ecsProperties`, their exit codes.
 */
export async function* failedChildren(
  api: BatchApi,
  jobId: string,
  { size }: Pick<ArrayCounts, 'size'>,
): AsyncGenerator<FailedChild> {
  if (size === 1) {
    for (const job of await api.describeJobs([jobId])) if (job.status === 'FAILED') yield childOf(job);
    return;
  }
  let nextToken: string | undefined;
  do {
    const page = await api.listJobs({
      ...{ arrayJobId: jobId, jobStatus: 'FAILED', maxResults: PAGE },
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    for (let at = 0; at < page.jobs.length; at += MAX_DESCRIBED) {
      const some = page.jobs.slice(at, at + MAX_DESCRIBED);
      const described = new Map(
        (await api.describeJobs(some.map((job) => job.jobId ?? ''))).map((job) => [job.jobId, job] as const),
      );
      for (const job of some) {
        const detail = described.get(job.jobId);
        yield detail === undefined ? summarized(job) : childOf(detail);
      }
    }
    nextToken = page.next;
  } while (nextToken !== undefined);
}

/** `parent:index` is a child's id; a plain job has its own. */
function indexOf(jobId = ''): number {
  const [, index = '0'] = /:(\d+)$/.exec(jobId) ?? [];
  return Number(index);
}

const summarized = ({ jobId, statusReason, container }: JobSummary): FailedChild => ({
  ...failedChild(jobId, container?.exitCode, statusReason, container?.reason),
  attemptSeconds: [],
});

/** What AWS says of every container that ended by itself: less than its exit code. */
const NOTHING_SAID = 'Essential container in task exited';

function failedChild(
  jobId = '',
  exitCode: number | undefined,
  statusReason = '',
  reason = '',
): Omit<FailedChild, 'attemptSeconds'> {
  return {
    index: indexOf(jobId),
    exitCode: exitCode ?? null,
    message:
      [statusReason, reason].filter((text) => text !== '' && text !== NOTHING_SAID).join(': ') ||
      `exit code ${exitCode ?? 'unknown'}`,
    said: saidCause(statusReason, reason),
  };
}

/** Of the last attempt; with `ecsProperties` a job's own `container` is empty, and the attempt tells by its task. */
function childOf({ jobId, statusReason, container, attempts = [] }: JobDetail): FailedChild {
  const last = attempts.at(-1);
  const told =
    last?.container ??
    last?.taskProperties
      ?.flatMap(({ containers }) => containers ?? [])
      .find(({ exitCode }) => exitCode !== undefined);
  return {
    ...failedChild(
      jobId,
      told?.exitCode ?? container?.exitCode,
      statusReason ?? last?.statusReason,
      told?.reason ?? container?.reason,
    ),
    attemptSeconds: attempts.map(secondsOf),
  };
}

/** An attempt that never came to run has no times. */
const secondsOf = ({ startedAt = 0, stoppedAt = 0 }: AttemptDetail): number =>
  startedAt === 0 ? 0 : Math.max(0, stoppedAt - startedAt) / 1000;
