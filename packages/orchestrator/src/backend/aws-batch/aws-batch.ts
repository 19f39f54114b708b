import type { JobDefinition, JobQueueDetail } from '@aws-sdk/client-batch';
import { ConfigurationError, type IntendedJob, type Waiting } from '@winnow/core';
import type { ArrayBackend, ArrayCounts, ArrayJobs, JobSize } from '../array-backend.ts';
import { countsOf } from './array-counts.ts';
import type { BatchApi } from './batch-api.ts';
import { endJobs } from './end-jobs.ts';
import { failedChildren } from './failed-children.ts';
import { onDemandUsdPerSecond } from './fargate-price.ts';
import { fargateSize, FARGATE_SIZES } from './fargate-size.ts';
import { factsOfDefinition, type DefinitionFacts } from './job-definition.ts';
import { jobName } from './job-name.ts';
import { MAX_ARRAY_SIZE, MAX_DESCRIBED } from './limits.ts';
import { CANCELLED, WITHDRAWN } from './said-cause.ts';
import { adopt, submitOnce } from './submit-once.ts';
import { submitRequest } from './submit-request.ts';

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

/**
 * Opens the queues and the job definition that a run names.
 *
 * @throws ConfigurationError where one of them is not there or takes no jobs: nothing was started
 */
export async function openAwsBatch(
  api: BatchApi,
  settings: AwsBatchSettings,
  sleep: Waiting['sleep'],
): Promise<ArrayBackend> {
  const definition = await api.jobDefinition(settings.jobDefinition);
  if (definition === undefined) throw noDefinition(settings.jobDefinition);
  for (const queue of [settings.queue, settings.fallbackQueue])
    if (queue !== undefined) assertQueue(queue, await api.jobQueue(queue));
  return backendOf(api, settings, definitionFacts(definition), sleep);
}

function definitionFacts(definition: JobDefinition): DefinitionFacts {
  if (definition.status === 'INACTIVE')
    throw new ConfigurationError(`the job definition ${definition.jobDefinitionArn ?? ''} is deregistered`, {
      hint: 'name an active revision',
    });
  return factsOfDefinition(definition);
}

const noDefinition = (name: string): ConfigurationError =>
  new ConfigurationError(`--job-definition must name an active job definition, ${name} is none`, {
    hint: 'check the name, its revision and the region',
  });

function assertQueue(name: string, queue: JobQueueDetail | undefined): void {
  if (queue === undefined)
    throw new ConfigurationError(`--queue must name a job queue, ${name} is none`, {
      hint: 'check the name and the region',
    });
  if (queue.state === 'DISABLED')
    throw new ConfigurationError(`the job queue ${name} is disabled: it takes no jobs`, {
      hint: 'enable it',
    });
  if (queue.status === 'INVALID')
    throw new ConfigurationError(
      `the job queue ${name} is invalid: ${queue.statusReason ?? 'AWS says no more'}`,
      {
        hint: 'mend its compute environments',
      },
    );
}

function backendOf(
  api: BatchApi,
  settings: AwsBatchSettings,
  definition: DefinitionFacts,
  sleep: Waiting['sleep'],
): ArrayBackend {
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
  });
  return {
    kind: 'arrays',
    name: 'aws-batch',
    maxShards: MAX_ARRAY_SIZE,
    sizeOf,
    usdPerSecond: onDemandUsdPerSecond,
    intend,
    submit: (job, signal) =>
      submitOnce(api, submitRequest(job, definition, settings.tags), job, sleep, signal),
    ...batchJobs(api),
  };
}

/** Jobs that are there already. */
export function batchJobs(api: BatchApi): ArrayJobs {
  return {
    find: (submission) => adopt(api, submission),
    poll: (jobIds) => poll(api, jobIds),
    failures: (jobId, counts) => failedChildren(api, jobId, counts),
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
