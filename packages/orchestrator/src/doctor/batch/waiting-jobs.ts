import type { JobDetail, JobSummary } from '@aws-sdk/client-batch';
import type { BatchApi } from '../../backend/aws-batch/batch-api.ts';
import { MAX_DESCRIBED } from '../../backend/aws-batch/limits.ts';

/** The jobs of a queue that want for a place, arrays' children included. */
export interface WaitingJobs {
  readonly runnable: number;
  /** Whether there may be more than were counted: no more than a page of each kind is looked at. */
  readonly more: boolean;
  /** Those that have a place. */
  readonly running: number;
  /** When the first of them was submitted; undefined where there is none. */
  readonly since: number | undefined;
  /** What AWS says of them, each text once. */
  readonly reasons: readonly string[];
}

/** Arrays whose children are asked for their reasons. */
const ARRAYS_LOOKED_INTO = 5;

type Asked = Pick<BatchApi, 'listJobs' | 'describeJobs'>;

/** A handful of calls, however many jobs there are. An array is PENDING while its children wait: its sums tell of them. */
export async function waitingJobs(api: Asked, jobQueue: string): Promise<WaitingJobs> {
  const page = (jobStatus: 'RUNNABLE' | 'PENDING' | 'STARTING' | 'RUNNING') =>
    api.listJobs({ jobQueue, jobStatus, maxResults: MAX_DESCRIBED });
  const [runnable, pending] = [await page('RUNNABLE'), await page('PENDING')];
  const [starting, running] = [await page('STARTING'), await page('RUNNING')];
  const arrays = [...runnable.jobs, ...pending.jobs].filter(isArray);
  const details = await describe(api, arrays);
  const waiting = details.filter((job) => sumOf(job, 'RUNNABLE') > 0);
  const plain = runnable.jobs.filter((job) => !isArray(job));
  const children: JobSummary[] = [];
  for (const { jobId } of waiting.slice(0, ARRAYS_LOOKED_INTO))
    if (jobId !== undefined)
      children.push(
        ...(await api.listJobs({ arrayJobId: jobId, jobStatus: 'RUNNABLE', maxResults: MAX_DESCRIBED })).jobs,
      );
  const times = [...plain, ...waiting].flatMap(({ createdAt }) => createdAt ?? []);
  const said = [...plain, ...children, ...waiting].flatMap(({ statusReason }) => statusReason ?? []);
  return {
    runnable: plain.length + sum(waiting, 'RUNNABLE'),
    more: runnable.next !== undefined || pending.next !== undefined,
    running:
      [...starting.jobs, ...running.jobs].filter((job) => !isArray(job)).length +
      sum(details, 'STARTING') +
      sum(details, 'RUNNING'),
    since: times.length === 0 ? undefined : Math.min(...times),
    reasons: [...new Set(said.filter((text) => text !== ''))],
  };
}

const isArray = ({ arrayProperties }: JobSummary): boolean => arrayProperties?.size !== undefined;

async function describe(api: Asked, jobs: readonly JobSummary[]): Promise<readonly JobDetail[]> {
  const ids = jobs.flatMap(({ jobId }) => jobId ?? []).slice(0, MAX_DESCRIBED);
  return ids.length === 0 ? [] : api.describeJobs(ids);
}

const sumOf = ({ arrayProperties }: JobDetail, status: string): number =>
  arrayProperties?.statusSummary?.[status] ?? 0;

const sum = (jobs: readonly JobDetail[], status: string): number =>
  jobs.reduce((total, job) => total + sumOf(job, status), 0);
