import type { KeyValuesPair, ListJobsRequest } from '@aws-sdk/client-batch';
import { ClientException } from './client-exception.ts';
import { JOB_STATUSES } from './job-status.ts';
import type { Summary } from './job-summary.ts';

interface Listed {
  readonly summary: Summary;
  readonly shareIdentifier: string | undefined;
}

/**
 * Which jobs ListJobs gives. Moto: without a status all of them, several filters as one, and all but JOB_NAME let
 * everything through (https://docs.aws.amazon.com/batch/latest/APIReference/API_ListJobs.html).
 */
export function selectsJob({ filters = [], jobStatus }: ListJobsRequest): (job: Listed) => boolean {
  const [filter, ...others] = filters;
  if (others.length > 0) throw new ClientException('only one filter can be used at a time');
  if (jobStatus !== undefined && !JOB_STATUSES.includes(jobStatus))
    throw new ClientException(`${jobStatus as string} is not a job status`);
  const hasStatus = ({ summary }: Listed): boolean => summary.status === (jobStatus ?? 'RUNNING');
  if (!filter) return hasStatus;
  const passes = filterTest(filter);
  // The one filter that goes together with a status.
  return filter.name === 'SHARE_IDENTIFIER' && jobStatus !== undefined
    ? (job) => passes(job) && hasStatus(job)
    : passes;
}

function filterTest({ name, values = [] }: KeyValuesPair): (job: Listed) => boolean {
  const some = (test: (value: string) => boolean): boolean => values.some(test);
  switch (name) {
    case 'JOB_NAME':
      return ({ summary }) =>
        some((value) => matchesName(value.toLowerCase(), summary.jobName.toLowerCase()));
    case 'JOB_DEFINITION':
      return ({ summary: { jobDefinition } }) =>
        some((value) =>
          value.startsWith('arn:')
            ? value === jobDefinition
            : matchesName(value, definitionName(jobDefinition)),
        );
    case 'BEFORE_CREATED_AT':
      return ({ summary }) => some((value) => summary.createdAt < Number(value));
    case 'AFTER_CREATED_AT':
      return ({ summary }) => some((value) => summary.createdAt > Number(value));
    case 'SHARE_IDENTIFIER':
      return ({ shareIdentifier }) => some((value) => value === shareIdentifier);
    default:
      throw new ClientException(`${name ?? 'undefined'} is not a filter`);
  }
}

const matchesName = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

const definitionName = (arn: string): string => arn.replace(/^.*\//, '').replace(/:\d+$/, '');
