import type { JobDefinition } from '@aws-sdk/client-batch';
import { ConfigurationError, type Architecture } from '@winnow/core';

/** What matters of a job definition to those who submit. */
export interface DefinitionFacts {
  /** With its revision: retries must get the same one. */
  readonly arn: string;
  /** Where overrides go: a definition by `ecsProperties` has its containers by name. */
  readonly overrides: { readonly kind: 'container' } | { readonly kind: 'ecs'; readonly container: string };
  readonly fargate: boolean;
  readonly architecture: Architecture;
  /** Tags that come on top of a job's own. */
  readonly tags: number;
  /** Seconds from SIGTERM to SIGKILL. */
  readonly stopSeconds: number;
  /** Where its containers' output goes; undefined = not to CloudWatch. */
  readonly logGroup: string | undefined;
}

/** ECS's default; more needs `ecsProperties`. */
const DEFAULT_STOP_SECONDS = 30;
/** Batch's group where a definition says nothing. */
const DEFAULT_LOG_GROUP = '/aws/batch/job';

/**
 * The job definition that `--job-definition` names.
 *
 * @throws ConfigurationError where it is not there or not active
 */
export function usableDefinition(name: string, definition: JobDefinition | undefined): JobDefinition {
  if (definition === undefined)
    throw new ConfigurationError(`--job-definition must name an active job definition, ${name} is none`, {
      hint: 'check the name, its revision and the region',
    });
  if (definition.status === 'INACTIVE')
    throw new ConfigurationError(`the job definition ${definition.jobDefinitionArn ?? ''} is deregistered`, {
      hint: 'name an active revision',
    });
  return definition;
}

/** @throws ConfigurationError for a definition that shards cannot run by */
export function factsOfDefinition(definition: JobDefinition): DefinitionFacts {
  const {
    jobDefinitionArn = '',
    containerProperties,
    ecsProperties,
    platformCapabilities,
    tags,
  } = definition;
  const task = ecsProperties?.taskProperties?.[0];
  const container = task?.containers?.find(({ essential }) => essential !== false);
  if (definition.type !== undefined && definition.type !== 'container')
    throw refused(jobDefinitionArn, `is of the type ${definition.type}`);
  if (containerProperties === undefined && container === undefined)
    throw refused(jobDefinitionArn, 'has neither containerProperties nor ecsProperties');
  if (container !== undefined && container.name === undefined)
    throw refused(jobDefinitionArn, 'has a container without a name');
  const logs = (containerProperties ?? container)?.logConfiguration;
  const toCloudWatch = logs === undefined || logs.logDriver === 'awslogs';
  return {
    arn: jobDefinitionArn,
    overrides:
      container?.name === undefined ? { kind: 'container' } : { kind: 'ecs', container: container.name },
    fargate: platformCapabilities?.includes('FARGATE') ?? false,
    architecture:
      (containerProperties ?? task)?.runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'x86',
    tags: Object.keys(tags ?? {}).length,
    stopSeconds: container?.stopTimeout ?? DEFAULT_STOP_SECONDS,
    logGroup: toCloudWatch ? (logs?.options?.['awslogs-group'] ?? DEFAULT_LOG_GROUP) : undefined,
  };
}

const refused = (arn: string, what: string): ConfigurationError =>
  new ConfigurationError(`the job definition ${arn} ${what}`, {
    hint: 'register one of the type container, by containerProperties or by ecsProperties with a named container',
  });
