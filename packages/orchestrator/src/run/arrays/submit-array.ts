import { createSubmission, runKeys, runUri, writeJob, writeShardList } from '@winnow/core';
import type { ArrayBackend, ArrayJob } from '../../backend/array-backend.ts';
import { namedShards } from '../named-shards.ts';
import type { RunPlace } from '../run-place.ts';
import { liveArray, type LiveArray } from './live-array.ts';
import type { NextArray } from './waiting.ts';

/**
 * Submits shards as one array: the intent first, so that whatever comes of the call can be found again; then the list of
 * the shards, where they do not follow each other; then the call; its answer last.
 */
export async function submitArray(
  place: RunPlace<ArrayBackend>,
  { shards, memoryMiB, fallback }: NextArray,
  signal: AbortSignal,
): Promise<LiveArray> {
  const { run, output, backend } = place;
  const { runId } = run;
  const keys = runKeys(runId);
  const uri = runUri(output.uri, runId);
  const intended = (submission: number) =>
    backend.intend({ runUri: uri, runId, submission, memoryMiB, fallback });
  const intent = await createSubmission(output, keys, (n) => ({
    n,
    backend: backend.name,
    createdAt: place.now().toISOString(),
    grouping: [...place.grouping],
    shards: namedShards(shards),
    memoryMiB,
    job: intended(n),
    settings: place.settings,
  }));
  const { n, job = intended(n) } = intent;
  if ('list' in intent.shards) await writeShardList(output, keys, n, intent.shards.list);
  const arrayJob: ArrayJob = {
    runId,
    submission: n,
    runUri: uri,
    shards:
      'list' in intent.shards
        ? { list: `${output.uri}/${keys.shardList(n)}`, count: shards.length }
        : intent.shards,
    intended: job,
  };
  const jobId = await backend.submit(arrayJob, signal);
  const submittedAt = place.now();
  await writeJob(output, keys, { n, jobId, queue: job.queue, submittedAt: submittedAt.toISOString() });
  place.log.info('submitted', {
    submission: n,
    jobId,
    name: job.name,
    queue: job.queue,
    shards: shards.length,
  });
  return liveArray({ ...intent, job }, jobId, submittedAt.getTime());
}
