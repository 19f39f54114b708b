import type { RetryStrategy } from './retry-strategy.ts';

/**
 * What Batch knows of a job and moto does not pass on to its container. It travels in an environment variable of the
 * job, because the container is created before SubmitJob is answered with the job's id.
 */
export interface JobSettings {
  readonly jobQueue: string;
  readonly computeEnvironment: string;
  /** Of array jobs only. */
  readonly arraySize?: number;
  readonly retryStrategy: RetryStrategy;
  /** Time-out of an attempt. */
  readonly attemptSeconds?: number;
}

/** Never seen by the process, nor by who describes the job. */
export const SETTINGS_VARIABLE = 'WINNOW_TESTING_JOB_SETTINGS';

export const settingsText = (settings: JobSettings): string => JSON.stringify(settings);

export function parseSettings(text: string | undefined): JobSettings | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as JobSettings);
}
