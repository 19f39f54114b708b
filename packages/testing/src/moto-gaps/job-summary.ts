import type { JobSummary } from '@aws-sdk/client-batch';
import type { Containers } from '../containers/containers.ts';
import { arrayIndex, parentId } from './job-id.ts';
import { arrayStatus, isFinished, jobStatus, statusSummary, type JobStatus } from './job-status.ts';
import type { GapMemory, SubmittedJob } from './memory.ts';
import type { MotoBatch } from './moto-batch.ts';

/** A row of moto's ListJobs. */
export interface MotoRow {
  readonly jobId: string;
  readonly jobArn: string;
  readonly jobName: string;
  readonly createdAt: number;
  readonly jobDefinition: string;
  readonly status: JobStatus;
  readonly stoppedAt?: number;
}

/** What AWS lists of a job, and what is the same when it is described. */
export interface Summary extends JobSummary {
  readonly jobId: string;
  readonly jobName: string;
  readonly createdAt: number;
  readonly jobDefinition: string;
  readonly status: JobStatus;
}

export interface JobKnowledge {
  readonly memory: GapMemory;
  readonly containers: Pick<Containers, 'record'>;
}

/** All jobs of a queue, or the children of an array job, as moto lists them: whatever their status, in one page. */
export async function motoRows(
  moto: MotoBatch,
  scope: { jobQueue: string } | { arrayJobId: string },
): Promise<MotoRow[]> {
  const { jobSummaryList } = (await moto.call('ListJobs', scope)) as { jobSummaryList: MotoRow[] };
  return jobSummaryList;
}

/** The job that was submitted with this id, or with that of its array parent. */
export const submittedJob = (memory: GapMemory, jobId: string): SubmittedJob | undefined =>
  memory.jobs.get(parentId(jobId));

/** Of a job whose definition has `ecsProperties` AWS shows no `container`: that is for jobs of one container. */
export const hasTask = (job: SubmittedJob | undefined): boolean =>
  job?.definition.request.ecsProperties !== undefined;

/**
 * A plain job or child. AWS tells exit code, reason and status reason; moto tells an exit code only, and as status reason
 * only that of a termination, before it has happened.
 */
export function jobSummary(row: MotoRow, { memory, containers }: JobKnowledge): Summary {
  const { jobId, jobArn, jobName, createdAt, jobDefinition } = row;
  const record = containers.record(jobId);
  const status = jobStatus(row.status, record);
  const finished = isFinished(status);
  const last = record?.attempts.at(-1);
  const startedAt = record?.startedAt ?? (status === 'RUNNABLE' ? undefined : last?.startedAt);
  const ending = memory.endings.get(jobId);
  const index = arrayIndex(jobId);
  const ended = {
    statusReason: (status === 'FAILED' ? ending?.reason : undefined) ?? last?.statusReason,
    stoppedAt: last?.stoppedAt ?? row.stoppedAt,
  };
  return {
    ...{ jobId, jobArn, jobName, createdAt, jobDefinition, status },
    ...(startedAt !== undefined && { startedAt }),
    ...(finished && ended),
    container: finished && !hasTask(submittedJob(memory, jobId)) ? containerOf(last) : {},
    ...(index !== undefined && { arrayProperties: { index } }),
    ...requested(memory, jobId),
  };
}

/** An array job, from the summaries of its children. */
export function arraySummary(row: MotoRow, children: readonly Summary[], memory: GapMemory): Summary {
  const { jobId, jobArn, jobName, createdAt, jobDefinition } = row;
  const statuses = children.map(({ status }) => status);
  const status = arrayStatus(statuses);
  const reason = memory.endings.get(jobId)?.reason ?? 'Array Child Job failed';
  const stoppedAt = Math.max(...children.map((child) => child.stoppedAt ?? createdAt));
  return {
    ...{ jobId, jobArn, jobName, createdAt, jobDefinition, status },
    ...(isFinished(status) && { stoppedAt }),
    ...(status === 'FAILED' && { statusReason: reason }),
    arrayProperties: {
      size: children.length,
      statusSummary: statusSummary(statuses),
      statusSummaryLastUpdatedAt: Date.now(),
    },
    ...requested(memory, jobId),
  };
}

/** AWS leaves out what there is none of. */
function containerOf(last: { exitCode: number | undefined; reason: string | undefined } | undefined): {
  exitCode?: number;
  reason?: string;
} {
  return {
    ...(last?.exitCode !== undefined && { exitCode: last.exitCode }),
    ...(last?.reason !== undefined && { reason: last.reason }),
  };
}

/** Present only where it is true. */
function requested(memory: GapMemory, jobId: string): { isTerminated?: true; isCancelled?: true } {
  switch (memory.endings.get(jobId)?.how) {
    case 'terminated':
      return { isTerminated: true };
    case 'canceled':
      return { isCancelled: true };
    default:
      return {};
  }
}
