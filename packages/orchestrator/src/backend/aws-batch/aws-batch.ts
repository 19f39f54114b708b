import type { JobQueueDetail } from '@aws-sdk/client-batch';
import { ConfigurationError, type Capacity, type IntendedJob, type Waiting } from '@winnow/core';
import type { ReadLogStream } from '../../cloudwatch/log-stream.ts';
import type { ArrayBackend, ArrayCounts, ArrayJobs, JobSize } from '../array-backend.ts';
import { countsOf } from './array-counts.ts';
import type { BatchApi } from './batch-api.ts';
import { endJobs } from './end-jobs.ts';
import { failedChildren } from './failed-children.ts';
import { fargateSize, FARGATE_SIZES } from './fargate-size.ts';
import { factsOfDefinition, usableDefinition, type DefinitionFacts } from './job-definition.ts';
import { jobName } from './job-name.ts';
import { usableQueue } from './job-queue.ts';
import { MAX_ARRAY_SIZE, MAX_DESCRIBED, problemsOfTags } from './limits.ts';
import { printedLogs } from './printed-logs.ts';
import { queueCapacity } from './queue-capacity.ts';
import { CANCELLED, WITHDRAWN } from './said-cause.ts';
import { adopt, submitOnce } from './submit-once.ts';
import { OWN_TAGS, submitRequest } from './submit-request.ts';

/** What a run asks of AWS Batch. */
export interface AwsBatchSettings {
  readonly queue: string;
  readonly jobDefinition: string;
  readonly fallbackQueue: string | undefined;
  readonly vcpus: number;
  /** Of an attempt. */
  readonly timeoutSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** What stands between a run and AWS Batch: its calls, its logs, and a clock to wait by. */
export interface BatchEdge {
  readonly api: BatchApi;
  /** Opened where logs are asked for. */
  readonly logStreams: () => Promise<ReadLogStream>;
  readonly sleep: Waiting['sleep'];
}

/**
 * Opens the queues and the job definition that a run names.
 *
 * @throws ConfigurationError where one of them is not there or takes no jobs: nothing was started
 */
export async function openAwsBatch(edge: BatchEdge, settings: AwsBatchSettings): Promise<ArrayBackend> {
  const { api } = edge;
  const definition = usableDefinition(
    settings.jobDefinition,
    await api.jobDefinition(settings.jobDefinition),
  );
  const queue = usableQueue('--queue', settings.queue, await api.jobQueue(settings.queue));
  const { fallbackQueue } = settings;
  const fallback =
    fallbackQueue === undefined
      ? undefined
      : usableQueue('--fallback-queue', fallbackQueue, await api.jobQueue(fallbackQueue));
  const facts = factsOfDefinition(definition);
  assertTags(settings.tags, facts);
  const capacityOf = (of: JobQueueDetail): Promise<Capacity | undefined> =>
    facts.fargate ? queueCapacity(api, of) : Promise.resolve('ec2');
  const capacity = await capacityOf(queue);
  return backendOf(edge, settings, facts, {
    queue: capacity,
    fallback: fallback === undefined ? capacity : await capacityOf(fallback),
  });
}

/** Those of every job are checked before it is submitted; these are known before anything is planned. */
function assertTags(tags: AwsBatchSettings['tags'], { tags: ofDefinition }: DefinitionFacts): void {
  const problems = problemsOfTags(tags, ofDefinition + OWN_TAGS);
  if (problems.length === 0) return;
  throw new ConfigurationError(`--tags: ${problems.join('; ')}`, { hint: 'these are limits of AWS' });
}

/** How the containers of each queue are billed; undefined = it is not to be seen. */
interface Capacities {
  readonly queue: Capacity | undefined;
  readonly fallback: Capacity | undefined;
}

function backendOf(
  edge: BatchEdge,
  settings: AwsBatchSettings,
  definition: DefinitionFacts,
  capacities: Capacities,
): ArrayBackend {
  const billed: ArrayBackend['billed'] = (fallback) => {
    const capacity = fallback ? capacities.fallback : capacities.queue;
    return { ...(capacity !== undefined && { capacity }), architecture: definition.architecture };
  };
  const sizeOf = (memoryMiB: number): JobSize => {
    if (!definition.fargate) return { vcpus: Math.ceil(settings.vcpus), memoryMiB };
    const size = fargateSize(memoryMiB, settings.vcpus);
    if (size !== undefined) return size;
    const most = FARGATE_SIZES.at(-1)?.memoryMiB.at(-1) ?? 0;
    throw new ConfigurationError(
      `Fargate has no size with ${memoryMiB} MiB and ${settings.vcpus} vCPU: its largest is 32 vCPU with ${most} MiB`,
      { hint: 'ask for less with --memory, or use a job definition and queue of EC2' },
    );
  };
  const intend: ArrayBackend['intend'] = ({
    runUri,
    runId,
    submission,
    memoryMiB,
    fallback,
  }): IntendedJob => ({
    name: jobName(runUri, runId, submission),
    queue: (fallback ? settings.fallbackQueue : undefined) ?? settings.queue,
    definition: definition.arn,
    ...sizeOf(memoryMiB),
    timeoutSeconds: settings.timeoutSeconds,
    ...billed(fallback),
  });
  return {
    kind: 'arrays',
    name: 'aws-batch',
    maxShards: MAX_ARRAY_SIZE,
    sizeOf,
    billed,
    intend,
    submit: (job, signal) =>
      submitOnce(edge.api, submitRequest(job, definition, settings.tags), job, edge.sleep, signal),
    ...batchJobs(edge),
  };
}

/** Jobs that are there already. */
export function batchJobs({ api, logStreams }: Pick<BatchEdge, 'api' | 'logStreams'>): ArrayJobs {
  return {
    find: (submission) => adopt(api, submission),
    poll: (jobIds) => poll(api, jobIds),
    failures: (jobId, counts) => failedChildren(api, jobId, counts),
    printed: (child) => printedLogs(api, logStreams, child),
    withdraw: (jobIds) => endJobs(api, jobIds, 'withdraw', WITHDRAWN),
    terminate: (jobIds) => endJobs(api, jobIds, 'terminate', CANCELLED),
  };
}

async function poll(api: BatchApi, jobIds: readonly string[]): Promise<Map<string, ArrayCounts>> {
  const counts = new Map<string, ArrayCounts>();
  for (let at = 0; at < jobIds.length; at += MAX_DESCRIBED) {
    for (const job of await api.describeJobs(jobIds.slice(at, at + MAX_DESCRIBED)))
      if (job.jobId !== undefined) counts.set(job.jobId, countsOf(job));
  }
  return counts;
}
