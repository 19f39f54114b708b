import { expect, test } from '@jest/globals';
import { saidCause } from '../../../src/backend/aws-batch/said-cause.ts';

const ENDED = 'Essential container in task exited';

test.each<[string, string, string | undefined]>([
  ['Your Spot Task was interrupted.', '', 'reclaimed'],
  ['Host EC2 (instance i-0abc) terminated.', '', 'reclaimed'],
  [ENDED, 'OutOfMemoryError: Container killed due to memory usage', 'out-of-memory'],
  [
    'Task failed to start',
    'CannotPullContainerError: pull image manifest has been retried 5 time(s)',
    'image',
  ],
  ['Job attempt duration exceeded timeout', '', 'timed-out'],
  ['Task failed to start', 'ResourceInitializationError: unable to pull secrets', 'not-started'],
  ['Timeout waiting for network interface provisioning to complete.', '', 'not-started'],
  ['winnow: withdrawn', '', 'withdrawn'],
  ['winnow: cancelled', '', 'cancelled'],
  ['Container Overrides length must be at most 8192', '', 'configuration'],
  [ENDED, '', undefined],
  ['', '', undefined],
  ['The user said: Your Spot Task was interrupted', '', undefined],
])('%s / %s means %s', (statusReason, reason, cause) => {
  expect(saidCause(statusReason, reason)).toBe(cause);
});
