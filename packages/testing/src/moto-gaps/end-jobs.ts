import type { CancelJobRequest, TerminateJobRequest } from '@aws-sdk/client-batch';
import type { BatchCall } from './batch-call.ts';
import { ClientException } from './client-exception.ts';
import { childIds } from './job-id.ts';
import { isFinished } from './job-status.ts';
import { motoRows, type MotoRow } from './job-summary.ts';

const MAX_BULK_IDS = 50;
const MAX_REASON_LENGTH = 1024;
const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:\d+)?$/;

type EndJob = (call: BatchCall, jobId: string, reason: string) => Promise<void>;

/**
 * On AWS ending an array job ends its children, and a job that has finished stays as it is. Moto gives the parent a
 * reason and lets the children run, and gives a finished job the reason, too.
 */
const terminate: EndJob = async (call, jobId, reason) => {
  const { memory, moto, containers } = call;
  const children = await motoRows(moto, { arrayJobId: jobId });
  const rows = children.length > 0 ? children : await rowOf(call, jobId);
  const unfinished = rows.filter(
    // Moto may not have seen yet that the container has ended.
    (row) => !isFinished(row.status) && containers.record(row.jobId)?.state !== 'ended',
  );
  if (unfinished.length === 0) return;
  for (const id of new Set([jobId, ...unfinished.map((row) => row.jobId)]))
    if (!memory.endings.has(id)) memory.endings.set(id, { how: 'terminated', reason });
  // Those that wait first: else one of them would start in the place of one that ends.
  for (const row of unfinished) containers.cancel(row.jobId);
  for (const row of unfinished) await moto.call('TerminateJob', { jobId: row.jobId, reason });
};

/**
 * On AWS only what has not started is canceled: of an array job those children. Moto takes every job for started, lets
 * one that was canceled start, and then kills it.
 */
const cancel: EndJob = (call, jobId, reason) => {
  const { memory, containers } = call;
  const size = memory.jobs.get(jobId)?.request.arrayProperties?.size;
  const ids = size === undefined ? [jobId] : childIds(jobId, size);
  const canceled = ids.filter((id) => containers.cancel(id));
  for (const id of canceled.length > 0 ? new Set([jobId, ...canceled]) : [])
    if (!memory.endings.has(id)) memory.endings.set(id, { how: 'canceled', reason });
  return Promise.resolve();
};

/** One row, in moto's form, of a job that is no array job; none where there is no such job. */
async function rowOf({ moto }: BatchCall, jobId: string): Promise<MotoRow[]> {
  const { jobs } = (await moto.call('DescribeJobs', { jobs: [jobId] })) as { jobs: MotoRow[] };
  return jobs;
}

export const terminateJob = (call: BatchCall): Promise<object> => endOne(call, terminate);
export const cancelJob = (call: BatchCall): Promise<object> => endOne(call, cancel);
export const terminateJobs = (call: BatchCall): Promise<object> => endMany(call, terminate);
export const cancelJobs = (call: BatchCall): Promise<object> => endMany(call, cancel);

/** A job that does not exist is no error. */
async function endOne(call: BatchCall, end: EndJob): Promise<object> {
  const { jobId = '', reason } = call.request as CancelJobRequest | TerminateJobRequest;
  if (jobId === '') throw new ClientException('jobId must be given');
  await end(call, jobId, checkedReason(reason));
  return {};
}

/** Moto does not have these. What fails for one job is told in the answer, which is 200 all the same. */
async function endMany(call: BatchCall, end: EndJob): Promise<object> {
  const { jobs = [], reason } = call.request as { jobs?: string[]; reason?: string };
  if (jobs.length === 0 || jobs.length > MAX_BULK_IDS)
    throw new ClientException(`jobs must name 1 to ${MAX_BULK_IDS} jobs, got ${jobs.length}`);
  const checked = checkedReason(reason);
  const successful = jobs.filter((job) => JOB_ID.test(job));
  const errors = jobs
    .filter((job) => !JOB_ID.test(job))
    .map((job) => ({ job, code: 'ClientException', message: `${job} is not a job id` }));
  for (const job of successful) await end(call, job, checked);
  return { successful, errors };
}

function checkedReason(reason = ''): string {
  if (reason === '' || reason.length > MAX_REASON_LENGTH)
    throw new ClientException(`reason must have 1 to ${MAX_REASON_LENGTH} characters`);
  return reason;
}
