import type {
  AttemptDetail,
  ContainerDetail,
  DescribeJobsRequest,
  EcsPropertiesDetail,
  JobDetail,
  KeyValuePair,
} from '@aws-sdk/client-batch';
import type { AttemptRecord } from '../containers/attempt.ts';
import { SETTINGS_VARIABLE } from '../containers/job-settings.ts';
import type { BatchCall } from './batch-call.ts';
import { ClientException } from './client-exception.ts';
import { overriddenResources } from './fargate-size.ts';
import { taskContainer } from './job-definitions.ts';
import { isFinished } from './job-status.ts';
import {
  arraySummary,
  hasTask,
  jobSummary,
  submittedJob,
  type MotoRow,
  type Summary,
} from './job-summary.ts';
import { childrenOf } from './list-jobs.ts';
import type { SubmittedJob } from './memory.ts';

const MAX_IDS = 100;

/** A job as moto describes it: a row of its list and more. */
type MotoDetail = MotoRow & JobDetail;

/**
 * AWS refuses none and more than 100 ids; moto takes none for all. What moto lacks or has wrong in each job comes from
 * the summary that ListJobs gives too, from the containers' attempts, and from what was submitted.
 */
export async function describeJobs(call: BatchCall): Promise<object> {
  const { jobs: ids = [] } = call.request as DescribeJobsRequest;
  if (ids.length === 0 || ids.length > MAX_IDS)
    throw new ClientException(`jobs must name 1 to ${MAX_IDS} jobs, got ${ids.length}`);
  const { jobs } = (await call.moto.call('DescribeJobs', { jobs: ids })) as { jobs: MotoDetail[] };
  const described: object[] = [];
  for (const detail of call.visibility.look(jobs)) {
    const job = submittedJob(call.memory, detail.jobId);
    if (job) described.push(describe(call, detail, job, await summaryOf(call, detail, job)));
  }
  return { jobs: described };
}

async function summaryOf(call: BatchCall, detail: MotoDetail, job: SubmittedJob): Promise<Summary> {
  const isParent = job.request.arrayProperties?.size !== undefined && call.memory.jobs.has(detail.jobId);
  return isParent
    ? arraySummary(detail, await childrenOf(call, detail.jobId), call.memory)
    : jobSummary(detail, call);
}

function describe(call: BatchCall, detail: MotoDetail, job: SubmittedJob, summary: Summary): object {
  const { jobQueue, dependsOn, parameters, tags, container: ofMoto } = detail;
  const { request, definition } = job;
  const environment = ownVariables(ofMoto?.environment);
  const attempts = call.containers.record(detail.jobId)?.attempts ?? [];
  const logStreamName = ofMoto?.logStreamName;
  const last = isFinished(summary.status) ? endingOf(attempts.at(-1), logStreamName) : {};
  const properties = hasTask(job)
    ? { container: {}, ecsProperties: taskDetail(job, environment, last) }
    : { container: containerDetail(job, ofMoto, environment, last) };
  return {
    ...summary,
    ...{ jobQueue, dependsOn, parameters, tags },
    attempts: attempts.map((attempt) => attemptDetail(attempt, job, logStreamName)),
    retryStrategy: request.retryStrategy ?? definition.request.retryStrategy,
    timeout: request.timeout ?? definition.request.timeout,
    propagateTags: request.propagateTags ?? definition.request.propagateTags,
    platformCapabilities: definition.request.platformCapabilities,
    ...properties,
  };
}

type ContainerEnding = { exitCode?: number; reason?: string; logStreamName?: string };

function endingOf(attempt: AttemptRecord | undefined, logStreamName: string | undefined): ContainerEnding {
  if (!attempt) return {};
  const { exitCode, reason } = attempt;
  return {
    ...(exitCode !== undefined && { exitCode }),
    ...(reason !== undefined && { reason }),
    ...(logStreamName !== undefined && { logStreamName }),
  };
}

/** AWS lists an attempt when it has ended, with its exit code; moto one, from its start, without. */
function attemptDetail(
  attempt: AttemptRecord,
  { definition }: SubmittedJob,
  logStreamName: string | undefined,
): AttemptDetail {
  const { startedAt, stoppedAt, statusReason } = attempt;
  const ending = endingOf(attempt, logStreamName);
  const task = definition.request.ecsProperties?.taskProperties?.[0];
  const properties = task
    ? { taskProperties: [{ containers: [{ name: taskContainer(task).name, ...ending }] }] }
    : { container: ending };
  return { startedAt, stoppedAt, statusReason, ...properties };
}

function containerDetail(
  { request, definition }: SubmittedJob,
  ofMoto: ContainerDetail | undefined,
  environment: KeyValuePair[],
  ending: ContainerEnding,
): ContainerDetail {
  const { image, jobRoleArn, executionRoleArn, resourceRequirements } =
    definition.request.containerProperties ?? {};
  const { vcpus: _, memory: __, ...rest } = ofMoto ?? {};
  return {
    ...rest,
    ...{ image, jobRoleArn, executionRoleArn, environment },
    // Moto shows those of the definition only, in fields that Fargate does not have.
    resourceRequirements: overriddenResources(
      resourceRequirements,
      request.containerOverrides?.resourceRequirements,
    ),
    ...ending,
  };
}

function taskDetail(
  { request, definition }: SubmittedJob,
  environment: KeyValuePair[],
  ending: ContainerEnding,
): EcsPropertiesDetail {
  const [task] = definition.request.ecsProperties?.taskProperties ?? [];
  if (!task) return {};
  const container = taskContainer(task);
  const overrides = request.ecsPropertiesOverride?.taskProperties?.[0]?.containers?.[0];
  const resourceRequirements = overriddenResources(
    container.resourceRequirements,
    overrides?.resourceRequirements,
  );
  const command = overrides?.command ?? container.command;
  return {
    taskProperties: [
      { ...task, containers: [{ ...container, command, environment, resourceRequirements, ...ending }] },
    ],
  };
}

/** Without what moto adds each time that it runs or describes the job or one of its siblings, and without our own. */
const ownVariables = (environment: readonly KeyValuePair[] = []): KeyValuePair[] =>
  environment.filter(({ name = '' }) => !name.startsWith('AWS_BATCH_') && name !== SETTINGS_VARIABLE);
