import type { ContainerName } from './container-name.ts';
import { SETTINGS_VARIABLE, type JobSettings } from './job-settings.ts';

/** What moto adds of its own, and what we send along. */
const NOT_OF_BATCH = ['MOTO_HOST', 'MOTO_PORT', 'MOTO_HTTP_ENDPOINT', SETTINGS_VARIABLE];

export type Variables = Readonly<Record<string, string>>;

interface ChildFacts {
  readonly name: ContainerName;
  readonly settings: Pick<JobSettings, 'jobQueue' | 'computeEnvironment' | 'arraySize'>;
  /** From 1. */
  readonly attempt: number;
  /** Weakest first: a later layer overrides an earlier one, and Batch's own variables override all. */
  readonly layers: readonly Variables[];
}

/** The whole environment of a container's process: what Batch gives a job on Fargate over what image and job set. */
export function childEnvironment(facts: ChildFacts): Record<string, string> {
  const layers = [...facts.layers, batchVariables(facts)];
  const variables = layers.flatMap((layer) => Object.entries(layer));
  return Object.fromEntries(variables.filter(([variable]) => !NOT_OF_BATCH.includes(variable)));
}

function batchVariables({ name, settings, attempt }: ChildFacts): Variables {
  return {
    AWS_BATCH_JOB_ID: name.jobId,
    AWS_BATCH_JOB_ATTEMPT: String(attempt),
    AWS_BATCH_JQ_NAME: settings.jobQueue,
    AWS_BATCH_CE_NAME: settings.computeEnvironment,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    ...(name.index !== undefined && { AWS_BATCH_JOB_ARRAY_INDEX: String(name.index) }),
    ...(settings.arraySize !== undefined && { AWS_BATCH_JOB_ARRAY_SIZE: String(settings.arraySize) }),
  };
}

/** Docker's form, `NAME=value` each. */
export function parseVariables(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => {
      const equals = entry.indexOf('=');
      return [entry.slice(0, equals), entry.slice(equals + 1)];
    }),
  );
}
