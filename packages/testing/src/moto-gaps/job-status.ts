import type { ContainerRecord } from '../containers/containers.ts';

export const JOB_STATUSES = [
  'SUBMITTED',
  'PENDING',
  'RUNNABLE',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
] as const;

export type JobStatus = (typeof JOB_STATUSES)[number];

export const isFinished = (status: JobStatus): boolean => status === 'SUCCEEDED' || status === 'FAILED';

/**
 * Of a plain job or a child. Moto says RUNNING from the submission on, because it starts every job at once; on AWS a job
 * is RUNNABLE as long as it waits for a place, also between two attempts. One that has ended counts as RUNNING until moto
 * has seen it, at most a second later: then its log is there.
 */
export function jobStatus(ofMoto: JobStatus, record: ContainerRecord | undefined): JobStatus {
  if (isFinished(ofMoto)) return ofMoto;
  return record === undefined || record.state === 'waiting' ? 'RUNNABLE' : 'RUNNING';
}

/**
 * Of an array job. On AWS it is PENDING until all children have finished, then FAILED if one of them failed; with moto
 * it stays RUNNING, becomes SUCCEEDED when somebody describes it, and never FAILED.
 */
export function arrayStatus(children: readonly JobStatus[]): JobStatus {
  if (!children.every(isFinished)) return 'PENDING';
  return children.includes('FAILED') ? 'FAILED' : 'SUCCEEDED';
}

/** How many children are in each status. */
export function statusSummary(children: readonly JobStatus[]): Record<JobStatus, number> {
  const counts = JOB_STATUSES.map(
    (status) => [status, children.filter((child) => child === status).length] as const,
  );
  return Object.fromEntries(counts) as Record<JobStatus, number>;
}
