import type {
  ContainerOverrides,
  DescribeJobQueuesResponse,
  SubmitJobRequest,
  SubmitJobResponse,
} from '@aws-sdk/client-batch';
import { SETTINGS_VARIABLE, settingsText, type JobSettings } from '../containers/job-settings.ts';
import type { RetryStrategy } from '../containers/retry-strategy.ts';
import type { BatchCall } from './batch-call.ts';
import { ClientException, refuse } from './client-exception.ts';
import { fargateProblem, overriddenResources } from './fargate-size.ts';
import { findDefinition, taskContainer } from './job-definitions.ts';
import { submissionProblem } from './limits.ts';
import type { JobDefinition } from './memory.ts';

/**
 * AWS refuses what is beyond its limits, and jobs for a disabled queue. It honours the submission's retry strategy and
 * time-out, and `ecsPropertiesOverride`. Moto drops all of these: they travel to the container as {@link JobSettings}.
 */
export async function submitJob(call: BatchCall): Promise<object> {
  const request = call.request as SubmitJobRequest;
  refuse(submissionProblem(request, call.bytes));
  const definition = findDefinition(call.memory, request.jobDefinition ?? '');
  if (!definition)
    throw new ClientException(
      `Job definition ${request.jobDefinition ?? ''} does not exist or is not active`,
    );
  const overrides = overridesOf(request, definition);
  refuse(sizeProblem(overrides, definition));
  const settings = { ...(await queueSettings(call, request.jobQueue)), ...jobSettings(request, definition) };
  const { ecsPropertiesOverride: _, retryStrategy: __, timeout: ___, ...passed } = request;
  const answer = (await call.moto.call('SubmitJob', {
    ...passed,
    jobDefinition: definition.arn,
    containerOverrides: withSettings(overrides, settings),
  })) as SubmitJobResponse;
  call.memory.jobs.set(answer.jobId ?? '', { request, definition });
  return answer;
}

async function queueSettings(
  { moto }: BatchCall,
  reference = '',
): Promise<Pick<JobSettings, 'jobQueue' | 'computeEnvironment'>> {
  const answer = await moto.call('DescribeJobQueues', { jobQueues: [reference] });
  const [queue] = (answer as DescribeJobQueuesResponse).jobQueues ?? [];
  if (!queue) throw new ClientException(`Job queue ${reference} does not exist`);
  if (queue.state === 'DISABLED') throw new ClientException(`Job queue ${reference} is disabled`);
  const environment = queue.computeEnvironmentOrder?.[0]?.computeEnvironment ?? '';
  return {
    jobQueue: queue.jobQueueName ?? '',
    computeEnvironment: environment.slice(environment.lastIndexOf('/') + 1),
  };
}

/** The submission's own beat the definition's. Without a strategy a job gets one attempt. */
function jobSettings(
  request: SubmitJobRequest,
  definition: JobDefinition,
): Pick<JobSettings, 'arraySize' | 'retryStrategy' | 'attemptSeconds'> {
  const strategy = request.retryStrategy ?? definition.request.retryStrategy ?? {};
  const seconds = (request.timeout ?? definition.request.timeout)?.attemptDurationSeconds;
  const size = request.arrayProperties?.size;
  return {
    retryStrategy: strategy as RetryStrategy,
    ...(size !== undefined && { arraySize: size }),
    ...(seconds !== undefined && { attemptSeconds: seconds }),
  };
}

/** AWS wants the kind of overrides that fits the kind of definition. */
function overridesOf(request: SubmitJobRequest, definition: JobDefinition): ContainerOverrides {
  const task = definition.request.ecsProperties?.taskProperties?.[0];
  if (!task) {
    if (request.ecsPropertiesOverride)
      throw new ClientException('ecsPropertiesOverride needs a job definition with ecsProperties');
    return request.containerOverrides ?? {};
  }
  if (request.containerOverrides)
    throw new ClientException('a job definition with ecsProperties takes no containerOverrides');
  const overrides = request.ecsPropertiesOverride?.taskProperties?.[0]?.containers?.[0] ?? {};
  const { name } = taskContainer(task);
  if (overrides.name !== undefined && overrides.name !== name)
    throw new ClientException(`the job definition has no container ${overrides.name}`);
  const { name: _, ...fields } = overrides;
  return fields;
}

/** The size that the job's task would have on Fargate. */
function sizeProblem(
  { resourceRequirements }: ContainerOverrides,
  { request }: JobDefinition,
): string | undefined {
  if (request.platformCapabilities?.includes('FARGATE') !== true) return undefined;
  const task = request.ecsProperties?.taskProperties?.[0];
  const container = task ? taskContainer(task) : request.containerProperties;
  return fargateProblem(overriddenResources(container?.resourceRequirements, resourceRequirements));
}

const withSettings = (overrides: ContainerOverrides, settings: JobSettings): ContainerOverrides => ({
  ...overrides,
  environment: [...(overrides.environment ?? []), { name: SETTINGS_VARIABLE, value: settingsText(settings) }],
});
