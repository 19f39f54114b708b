import type { JobDefinition, ResourceRequirement } from '@aws-sdk/client-batch';
import { WORKER_EXIT } from '@winnow/core';
import { fargateSize, FARGATE_SIZES } from '../../backend/aws-batch/fargate-size.ts';
import { factsOfDefinition } from '../../backend/aws-batch/job-definition.ts';
import { MIN_TIMEOUT_SECONDS } from '../../backend/aws-batch/limits.ts';
import { FARGATE_RECLAIM } from '../../backend/aws-batch/retry-rules.ts';
import { finding, ok, type Finding } from '../finding.ts';
import { containerFacts, type ContainerFacts } from './container-facts.ts';
import { triesAgain, type AttemptEnd } from './tries-again.ts';

/** What a spec asks of the definition. */
export interface Wanted {
  readonly memory: number;
  readonly vcpus: number;
  readonly timeoutSeconds: number;
  /** Whether containers are to read from or write to S3. */
  readonly usesS3: boolean;
}

/** The longest that Fargate waits from SIGTERM to SIGKILL. */
const MOST_STOP_SECONDS = 120;

/** Ends that are nobody's fault. */
const HARMLESS_ENDS: readonly (readonly [string, AttemptEnd])[] = [
  [
    `exit code ${WORKER_EXIT.again}`,
    {
      exitCode: String(WORKER_EXIT.again),
      reason: '',
      statusReason: 'Essential container in task exited',
    },
  ],
  ['a Fargate Spot reclaim', { exitCode: '137', reason: '', statusReason: `${FARGATE_RECLAIM}.` }],
];

/**
 * A definition that is there and active, a line for each thing that a job needs of it.
 *
 * @throws ConfigurationError where shards cannot run by it at all
 */
export function definitionFindings(definition: JobDefinition, wanted: Wanted): Finding[] {
  const facts = factsOfDefinition(definition);
  const container = containerFacts(definition);
  return [
    imageFinding(definition, container),
    sizeFinding(container, facts.fargate, wanted),
    ...noRoleFindings(container, facts.fargate, wanted),
    retriesFinding(definition),
    timeoutFinding(definition, wanted),
    stopFinding(facts.stopSeconds, definition.ecsProperties !== undefined),
    logsFinding(facts.logGroup, container),
  ];
}

function imageFinding(
  { jobDefinitionName = '', revision = 0 }: JobDefinition,
  { image }: ContainerFacts,
): Finding {
  const name = `${jobDefinitionName}:${revision}`;
  return image === undefined || image === ''
    ? finding('job definition', 'failed', `${name} names no image`, "register it with the worker's image")
    : ok('job definition', `${name} is active; its image is ${image}`);
}

function sizeFinding({ resources }: ContainerFacts, fargate: boolean, wanted: Wanted): Finding {
  const { memory, vcpus } = wanted;
  if (!fargate) return ok('size', `jobs ask for ${Math.ceil(vcpus)} vCPU and ${memory} MiB`);
  const size = fargateSize(memory, vcpus);
  if (size === undefined)
    return finding(
      'size',
      'failed',
      `Fargate has no size with ${memory} MiB and ${vcpus} vCPU`,
      'ask for less with --memory or --vcpus',
    );
  const ownVcpus = Number(valueOf(resources, 'VCPU'));
  const ownMemory = Number(valueOf(resources, 'MEMORY'));
  const isValid = FARGATE_SIZES.some(
    (known) => known.vcpus === ownVcpus && known.memoryMiB.includes(ownMemory),
  );
  if (resources.length > 0 && !isValid)
    return finding(
      'size',
      'warning',
      `the definition's own size (${ownVcpus} vCPU, ${ownMemory} MiB) is none that Fargate has`,
      `register it with a valid one; jobs of a run ask for ${size.vcpus} vCPU and ${size.memoryMiB} MiB`,
    );
  return ok('size', `jobs get ${size.vcpus} vCPU and ${size.memoryMiB} MiB, more where a unit needs it`);
}

const valueOf = (resources: readonly ResourceRequirement[], wanted: string): string | undefined =>
  resources.find(({ type }) => type === wanted)?.value;

/** Roles that are not named. Those that are have lines of their own. */
function noRoleFindings(
  { executionRole, jobRole }: ContainerFacts,
  fargate: boolean,
  { usesS3 }: Wanted,
): Finding[] {
  const noExecution = finding(
    'execution role',
    'failed',
    'the definition has none: Fargate can neither pull the image from ECR nor write logs',
    'set executionRoleArn to a role with the policy AmazonECSTaskExecutionRolePolicy',
  );
  const noJob = finding(
    'job role',
    fargate && usesS3 ? 'failed' : 'warning',
    'the definition has none: containers have no credentials for S3 but what their machine may have',
    'set jobRoleArn (taskRoleArn with ecsProperties) to a role with the permissions of docs/s3.md',
  );
  return [
    ...(executionRole === undefined && fargate ? [noExecution] : []),
    ...(jobRole === undefined ? [noJob] : []),
  ];
}

function retriesFinding({ retryStrategy }: JobDefinition): Finding {
  const others = 'a job that you submit by it yourself';
  if (retryStrategy === undefined)
    return ok('retries', `each job of a run brings its rules; ${others} is tried once`);
  const missing = HARMLESS_ENDS.filter(([, end]) => !triesAgain(retryStrategy, end)).map(([what]) => what);
  if (missing.length === 0)
    return ok('retries', `each job of a run brings its rules; those of the definition suit the worker, too`);
  return finding(
    'retries',
    'warning',
    `each job of a run brings its rules, but ${others} is not tried again after ${missing.join(' and ')}`,
    `attempts: 10, and RETRY for onExitCode "${WORKER_EXIT.again}" and onStatusReason "${FARGATE_RECLAIM}*" before any EXIT`,
  );
}

function timeoutFinding({ timeout }: JobDefinition, { timeoutSeconds }: Wanted): Finding {
  const own = timeout?.attemptDurationSeconds;
  return own !== undefined && own < MIN_TIMEOUT_SECONDS
    ? finding(
        'timeout',
        'warning',
        `the definition's own is ${own} s, AWS has ${MIN_TIMEOUT_SECONDS} s at least`,
        'register it with a longer one, or none',
      )
    : ok('timeout', `${timeoutSeconds} s an attempt (--timeout-seconds)`);
}

function stopFinding(stopSeconds: number, isEcs: boolean): Finding {
  if (!isEcs)
    return ok(
      'stop time',
      `${stopSeconds} s for the last commit; only ecsProperties can have more (stopTimeout)`,
    );
  return stopSeconds < MOST_STOP_SECONDS
    ? finding(
        'stop time',
        'warning',
        `a worker that is reclaimed has ${stopSeconds} s for its last commit`,
        `set stopTimeout: ${MOST_STOP_SECONDS} in its container`,
      )
    : ok('stop time', `${stopSeconds} s for the last commit`);
}

function logsFinding(logGroup: string | undefined, { logDriver = '' }: ContainerFacts): Finding {
  return logGroup === undefined
    ? finding(
        'logs',
        'warning',
        `containers print to ${logDriver}: of one that never came to its record winnow logs has nothing`,
        'use the log driver awslogs',
      )
    : ok('logs', `CloudWatch, ${logGroup}`);
}
