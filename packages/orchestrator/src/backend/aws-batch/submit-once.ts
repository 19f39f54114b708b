import type { SubmitJobCommandInput } from '@aws-sdk/client-batch';
import { WinnowError, type Waiting } from '@winnow/core';
import type { BatchApi } from './batch-api.ts';
import { endJobs } from './end-jobs.ts';
import { findJobs, type Submission } from './find-job.ts';

/** A job may take so long to show up in a listing. */
const LOOKS = 4;
const LOOK_AFTER_MS = 3000;
/** Times that a request is made whose jobs do not show up. */
const SUBMITS = 5;

/**
 * Submits a job and gives its id, also where the reply is lost. SubmitJob knows no client token: what was lost may have
 * been carried out. So the job is looked for by its name, and submitted again only when it does not show up for some
 * seconds. Should it come to be twice, the first counts and the other is ended; what both do at once is harmless.
 */
export async function submitOnce(
  api: BatchApi,
  request: SubmitJobCommandInput,
  submission: Submission,
  sleep: Waiting['sleep'],
  signal: AbortSignal,
): Promise<string> {
  for (let failures = 0; ;) {
    try {
      return await api.submitJob(request);
    } catch (error) {
      if (!(error instanceof WinnowError) || !error.retryable) throw error;
      const found = await lookFor(api, submission, sleep, signal);
      if (found !== undefined) return found;
      if (++failures === SUBMITS) throw error;
    }
  }
}

async function lookFor(
  api: BatchApi,
  submission: Submission,
  sleep: Waiting['sleep'],
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    await sleep(LOOK_AFTER_MS, signal);
    const found = await adopt(api, submission);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The job of a submission, its twins ended. */
export async function adopt(api: BatchApi, submission: Submission): Promise<string | undefined> {
  const [first, ...twins] = await findJobs(api, submission);
  const ids = twins.map(({ jobId }) => jobId ?? '');
  if (ids.length > 0) await endJobs(api, ids, 'terminate', 'submitted twice: the other one goes on');
  return first?.jobId;
}
