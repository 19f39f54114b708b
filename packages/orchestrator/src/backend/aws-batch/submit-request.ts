import type { ContainerOverrides, SubmitJobCommandInput } from '@aws-sdk/client-batch';
import { ConfigurationError } from '@winnow/core';
import type { ArrayJob } from '../array-backend.ts';
import type { DefinitionFacts } from './job-definition.ts';
import { problemsOfRequest } from './limits.ts';
import { processShareMiB } from './process-share.ts';
import { RETRY_STRATEGY } from './retry-rules.ts';

/** How many tags a job gets beside the ones that are asked for. */
export const OWN_TAGS = 2;

/** Tags of every job: by them costs and jobs are found in the account. */
const tagsOf = ({ runId, submission }: ArrayJob, given: Readonly<Record<string, string>>) => ({
  ...given,
  'winnow:run': runId,
  'winnow:submission': String(submission),
});

/** What a worker is told. Only a pointer travels: the shards of an array stand in its intent or list. */
function environmentOf({ runUri, submission, shards, intended }: ArrayJob, { stopSeconds }: DefinitionFacts) {
  const variables: Record<string, string> = {
    WINNOW_RUN: runUri,
    WINNOW_SUBMISSION: String(submission),
    ...('list' in shards ? { WINNOW_SHARD_LIST: shards.list } : { WINNOW_SHARD_BASE: String(shards.first) }),
    WINNOW_MEMORY: `${processShareMiB(intended.memoryMiB)}MiB`,
    WINNOW_STOP_SECONDS: String(stopSeconds),
  };
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}

/**
 * The request for one submission: an array of its shards, or a plain job for a single one (no array has one child; its
 * worker finds no index and takes 0).
 *
 * @throws ConfigurationError naming everything that AWS would refuse
 */
export function submitRequest(
  job: ArrayJob,
  definition: DefinitionFacts,
  tags: Readonly<Record<string, string>>,
): SubmitJobCommandInput {
  const { intended, shards } = job;
  const overrides: ContainerOverrides = {
    environment: environmentOf(job, definition),
    resourceRequirements: [
      { type: 'VCPU', value: String(intended.vcpus) },
      { type: 'MEMORY', value: String(intended.memoryMiB) },
    ],
  };
  const request: SubmitJobCommandInput = {
    jobName: intended.name,
    jobQueue: intended.queue,
    jobDefinition: intended.definition,
    ...(shards.count > 1 ? { arrayProperties: { size: shards.count } } : {}),
    ...(definition.overrides.kind === 'container'
      ? { containerOverrides: overrides }
      : {
          ecsPropertiesOverride: {
            taskProperties: [{ containers: [{ name: definition.overrides.container, ...overrides }] }],
          },
        }),
    retryStrategy: { ...RETRY_STRATEGY, evaluateOnExit: [...RETRY_STRATEGY.evaluateOnExit] },
    timeout: { attemptDurationSeconds: intended.timeoutSeconds },
    tags: tagsOf(job, tags),
    propagateTags: true,
  };
  const problems = problemsOfRequest(request, definition.tags);
  if (problems.length === 0) return request;
  throw new ConfigurationError(`AWS Batch would refuse the job ${intended.name}: ${problems.join('; ')}`, {
    hint: 'these are limits of AWS: change the setting that is named',
  });
}
