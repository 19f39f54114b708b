import type { ListJobsRequest } from '@aws-sdk/client-batch';
import type { BatchCall } from './batch-call.ts';
import { ClientException } from './client-exception.ts';
import { selectsJob } from './job-filters.ts';
import { arrayIndex, parentId } from './job-id.ts';
import { jobPage } from './job-page.ts';
import {
  arraySummary,
  jobSummary,
  motoRows,
  submittedJob,
  type MotoRow,
  type Summary,
} from './job-summary.ts';

/** AWS lists by queue only parents and plain jobs, and pages; moto lists the children among them, all at once. */
export async function listJobs(call: BatchCall): Promise<object> {
  const request = call.request as ListJobsRequest;
  const { jobQueue, arrayJobId, filters = [] } = request;
  if ((jobQueue === undefined) === (arrayJobId === undefined))
    throw new ClientException('either jobQueue or arrayJobId must be given');
  if (arrayJobId !== undefined && filters.length > 0)
    throw new ClientException('filters cannot be applied to the children of an array job');
  const selects = selectsJob(request);
  const summaries =
    jobQueue !== undefined ? await jobsOfQueue(call, jobQueue) : await childrenOf(call, arrayJobId ?? '');
  const selected = call.visibility.look(summaries).filter((summary) => {
    const job = submittedJob(call.memory, summary.jobId);
    return selects({ summary, shareIdentifier: job?.request.shareIdentifier });
  });
  const { page, ...next } = jobPage(selected, request);
  return { jobSummaryList: page, ...next };
}

/** Children of an array job, none for any other job. */
export async function childrenOf(call: BatchCall, arrayJobId: string): Promise<Summary[]> {
  const rows = await motoRows(call.moto, { arrayJobId });
  return rows.map((row) => jobSummary(row, call));
}

async function jobsOfQueue(call: BatchCall, jobQueue: string): Promise<Summary[]> {
  const rows = await motoRows(call.moto, { jobQueue });
  const children = Map.groupBy(
    rows.filter(({ jobId }) => arrayIndex(jobId) !== undefined),
    ({ jobId }) => parentId(jobId),
  );
  // Moto lists a job while it is still making its children; AWS shows it whole or not at all.
  const jobs = rows.filter(({ jobId }) => call.memory.jobs.has(jobId));
  return jobs.map((row) => queueSummary(call, row, children.get(row.jobId)));
}

const queueSummary = (call: BatchCall, row: MotoRow, children: readonly MotoRow[] | undefined): Summary =>
  children
    ? arraySummary(
        row,
        children.map((child) => jobSummary(child, call)),
        call.memory,
      )
    : jobSummary(row, call);
