import type { JobQueueDetail } from '@aws-sdk/client-batch';
import { ConfigurationError } from '@winnow/core';

/**
 * The queue that a flag names.
 *
 * @throws ConfigurationError where it is not there or takes no jobs
 */
export function usableQueue(flag: string, name: string, queue: JobQueueDetail | undefined): JobQueueDetail {
  if (queue === undefined)
    throw new ConfigurationError(`${flag} must name a job queue, ${name} is none`, {
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
  return queue;
}
