import type { JobDetail } from '@aws-sdk/client-batch';
import type { ArrayJob } from '../array-backend.ts';
import type { BatchApi } from './batch-api.ts';
import { MAX_DESCRIBED } from './limits.ts';

/** What a submission is known by. */
export type Submission = Pick<ArrayJob, 'runUri' | 'submission' | 'intended'>;

/**
 * The jobs that a submission has become: none, one, or twins where a reply was lost and it was submitted again; the first
 * one first. A name is no proof: what the job tells its workers is compared.
 */
export async function findJobs(api: BatchApi, submission: Submission): Promise<JobDetail[]> {
  const { intended } = submission;
  const ids: string[] = [];
  let nextToken: string | undefined;
  do {
    // A filter by name gives jobs of all states; a job of the array's children has none of it.
    const page = await api.listJobs({
      jobQueue: intended.queue,
      filters: [{ name: 'JOB_NAME', values: [intended.name] }],
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    ids.push(...page.jobs.filter(({ jobName }) => jobName === intended.name).map(({ jobId }) => jobId ?? ''));
    nextToken = page.next;
  } while (nextToken !== undefined);
  const found: JobDetail[] = [];
  for (let at = 0; at < ids.length; at += MAX_DESCRIBED)
    found.push(...(await api.describeJobs(ids.slice(at, at + MAX_DESCRIBED))));
  return found.filter((job) => isOf(job, submission)).sort((a, b) => (a.createdAt ?? 0) - (b.createdAt ?? 0));
}

function isOf(job: JobDetail, { runUri, submission }: Submission): boolean {
  const variables = [
    ...(job.container?.environment ?? []),
    ...(job.ecsProperties?.taskProperties ?? []).flatMap(({ containers }) =>
      (containers ?? []).flatMap(({ environment }) => environment ?? []),
    ),
  ];
  const has = (name: string, value: string): boolean =>
    variables.some((variable) => variable.name === name && variable.value === value);
  return has('WINNOW_RUN', runUri) && has('WINNOW_SUBMISSION', String(submission));
}
