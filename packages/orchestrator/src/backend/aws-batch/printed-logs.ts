import type { JobDetail } from '@aws-sdk/client-batch';
import type { ReadLogStream } from '../../cloudwatch/log-stream.ts';
import type { ArrayChild, PrintedLog } from '../array-backend.ts';
import type { BatchApi } from './batch-api.ts';
import { factsOfDefinition } from './job-definition.ts';

/**
 * What the attempts at a child printed, from where its job definition sends it. Attempts that came to no container have
 * none; nor has one whose stream is deleted, or not there yet.
 */
export async function printedLogs(
  api: Pick<BatchApi, 'describeJobs' | 'jobDefinition'>,
  logStreams: () => Promise<ReadLogStream>,
  { jobId, index, size }: ArrayChild,
): Promise<readonly PrintedLog[]> {
  const [job] = await api.describeJobs([size === 1 ? jobId : `${jobId}:${index}`]);
  const streams = job === undefined ? [] : streamsOf(job);
  if (job === undefined || streams.length === 0) return [];
  const definition = await api.jobDefinition(job.jobDefinition ?? '');
  const group = definition && factsOfDefinition(definition).logGroup;
  if (group === undefined) return [];
  const readStream = await logStreams();
  const logs: PrintedLog[] = [];
  for (const { attempt, stream } of streams) {
    const lines = await readStream(group, stream);
    if (lines !== undefined) logs.push({ attempt, lines });
  }
  return logs;
}

/** One an attempt; by `ecsProperties` that of the container that is to run. */
function streamsOf({ attempts = [] }: JobDetail): { attempt: string; stream: string }[] {
  return attempts.flatMap(({ container, taskProperties = [] }, n) => {
    const stream =
      container?.logStreamName ??
      taskProperties.flatMap(({ containers = [] }) => containers).find(({ logStreamName }) => logStreamName)
        ?.logStreamName;
    return stream === undefined ? [] : [{ attempt: String(n + 1), stream }];
  });
}
