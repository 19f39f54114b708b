import type {
  EvaluateOnExit,
  JobTimeout,
  KeyValuePair,
  RegisterJobDefinitionRequest,
  RetryStrategy,
  SubmitJobRequest,
} from '@aws-sdk/client-batch';
import { fargateProblem } from './fargate-size.ts';

// Moto takes all of these. The numbers: https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html and the
// documentation of the fields in https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
const MAX_SUBMIT_BYTES = 30 * 1024;
const MAX_DEFINITION_BYTES = 24 * 1024;
const MAX_OVERRIDES_LENGTH = 8192;
const MIN_ARRAY_SIZE = 2;
const MAX_ARRAY_SIZE = 10_000;
const MAX_ATTEMPTS = 10;
const MAX_RULES = 5;
const MIN_TIMEOUT_SECONDS = 60;
const MAX_DEPENDENCIES = 20;
const MAX_TAGS = 50;
const JOB_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;
const RESERVED = 'AWS_BATCH';

type Problem = string | undefined;

/** Why Batch refuses the submission by itself, whatever exists; undefined where it does not. */
export function submissionProblem(request: SubmitJobRequest, bytes: number): Problem {
  const { jobName = '', arrayProperties, containerOverrides, ecsPropertiesOverride } = request;
  return firstOf(
    () => tooMuch('request payload', bytes, MAX_SUBMIT_BYTES, 'bytes'),
    () => (JOB_NAME.test(jobName) ? undefined : `Job name should match valid pattern: ${JOB_NAME.source}`),
    () => arrayProblem(arrayProperties?.size),
    () => overridesProblem(containerOverrides, containerOverrides?.environment),
    () =>
      overridesProblem(
        ecsPropertiesOverride,
        ecsPropertiesOverride?.taskProperties?.flatMap(({ containers = [] }) =>
          containers.flatMap(({ environment = [] }) => environment),
        ),
      ),
    () => retryProblem(request.retryStrategy),
    () => timeoutProblem(request.timeout),
    () => tooMuch('number of dependencies', request.dependsOn?.length ?? 0, MAX_DEPENDENCIES),
    () => tooMuch('number of tags', Object.keys(request.tags ?? {}).length, MAX_TAGS),
  );
}

/** Why Batch refuses the job definition. */
export function definitionProblem(request: RegisterJobDefinitionRequest, bytes: number): Problem {
  const containers = request.ecsProperties?.taskProperties?.flatMap((task) => task.containers ?? []) ?? [];
  return firstOf(
    () => tooMuch('job definition', bytes, MAX_DEFINITION_BYTES, 'bytes'),
    () => reservedProblem(request.containerProperties?.environment),
    ...containers.map(
      ({ environment }) =>
        () =>
          reservedProblem(environment),
    ),
    () => retryProblem(request.retryStrategy),
    () => timeoutProblem(request.timeout),
    () => platformProblem(request),
  );
}

/** On Fargate a task has one of a few sizes, and a role to fetch its image with. */
function platformProblem({
  platformCapabilities = [],
  containerProperties,
  ecsProperties,
}: RegisterJobDefinitionRequest): Problem {
  if (!platformCapabilities.includes('FARGATE')) return undefined;
  const task = ecsProperties?.taskProperties?.[0];
  const role = task?.executionRoleArn ?? containerProperties?.executionRoleArn;
  if (role === undefined) return 'executionRoleArn is required for Fargate';
  return fargateProblem((task?.containers?.[0] ?? containerProperties)?.resourceRequirements);
}

function firstOf(...checks: readonly (() => Problem)[]): Problem {
  for (const check of checks) {
    const problem = check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const tooMuch = (what: string, count: number, limit: number, unit = ''): Problem =>
  count > limit ? `${what} must be at most ${limit} ${unit}`.trimEnd() : undefined;

function arrayProblem(size: number | undefined): Problem {
  if (size === undefined || (size >= MIN_ARRAY_SIZE && size <= MAX_ARRAY_SIZE)) return undefined;
  return `Array size ${size} must be between ${MIN_ARRAY_SIZE} and ${MAX_ARRAY_SIZE}`;
}

function overridesProblem(
  overrides: object | undefined,
  environment: readonly KeyValuePair[] | undefined,
): Problem {
  if (overrides === undefined) return undefined;
  return (
    tooMuch('Container Overrides length', JSON.stringify(overrides).length, MAX_OVERRIDES_LENGTH) ??
    reservedProblem(environment)
  );
}

function reservedProblem(environment: readonly KeyValuePair[] = []): Problem {
  const reserved = environment.find(({ name }) => name?.startsWith(RESERVED));
  return reserved && `Environment variable ${reserved.name ?? ''} must not start with ${RESERVED}`;
}

function retryProblem(strategy: RetryStrategy | undefined): Problem {
  if (!strategy) return undefined;
  const { attempts, evaluateOnExit = [] } = strategy;
  if (attempts === undefined)
    return evaluateOnExit.length > 0 ? 'attempts must be specified with evaluateOnExit' : undefined;
  if (attempts < 1 || attempts > MAX_ATTEMPTS) return `attempts must be between 1 and ${MAX_ATTEMPTS}`;
  return (
    tooMuch('number of evaluateOnExit rules', evaluateOnExit.length, MAX_RULES) ??
    rulesProblem(evaluateOnExit)
  );
}

const TEXT_PATTERN = /^[A-Za-z0-9.:\s]{0,511}[A-Za-z0-9.:\s*]$/;
const CODE_PATTERN = /^[0-9]{0,511}[0-9*]$/;

function rulesProblem(rules: readonly EvaluateOnExit[]): Problem {
  for (const { onStatusReason, onReason, onExitCode, action } of rules) {
    for (const pattern of [onStatusReason, onReason])
      if (pattern !== undefined && !TEXT_PATTERN.test(pattern)) return `not a valid pattern: ${pattern}`;
    if (onExitCode !== undefined && !CODE_PATTERN.test(onExitCode))
      return `not a valid pattern: ${onExitCode}`;
    if (!/^(retry|exit)$/i.test(action ?? '')) return 'action must be RETRY or EXIT';
  }
  return undefined;
}

function timeoutProblem(timeout: JobTimeout | undefined): Problem {
  const seconds = timeout?.attemptDurationSeconds;
  if (seconds === undefined || seconds >= MIN_TIMEOUT_SECONDS) return undefined;
  return `attemptDurationSeconds must be at least ${MIN_TIMEOUT_SECONDS}`;
}
