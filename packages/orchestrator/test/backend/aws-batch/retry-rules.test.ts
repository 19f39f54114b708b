import { describe, expect, test } from '@jest/globals';
import { MAX_ATTEMPTS, MAX_RULES } from '../../../src/backend/aws-batch/limits.ts';
import { RETRY_STRATEGY } from '../../../src/backend/aws-batch/retry-rules.ts';

interface End {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly statusReason?: string;
}

/**
 * As the service documents it: the first rule all of whose patterns match decides; a pattern may end in `*`; what is not
 * there matches no pattern; without a matching rule the job is tried again.
 */
function actionOf({ exitCode, reason, statusReason }: End): string {
  const matches = (pattern: string | undefined, value: string | undefined): boolean => {
    if (pattern === undefined) return true;
    if (value === undefined) return false;
    return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
  };
  const rules: readonly {
    onReason?: string;
    onStatusReason?: string;
    onExitCode?: string;
    action: string;
  }[] = RETRY_STRATEGY.evaluateOnExit;
  return (
    rules.find(
      ({ onReason, onStatusReason, onExitCode }) =>
        matches(onReason, reason) &&
        matches(onStatusReason, statusReason) &&
        matches(onExitCode, exitCode === undefined ? undefined : String(exitCode)),
    )?.action ?? 'RETRY'
  );
}

const ENDED = 'Essential container in task exited';

describe('what Batch does with an attempt that ended', () => {
  test.each<[string, End, 'RETRY' | 'EXIT']>([
    [
      'reclaimed by Fargate Spot',
      { exitCode: 143, reason: '', statusReason: 'Your Spot Task was interrupted.' },
      'RETRY',
    ],
    [
      'reclaimed, exited with 75 in time',
      { exitCode: 75, reason: '', statusReason: 'Your Spot Task was interrupted.' },
      'RETRY',
    ],
    [
      'an EC2 host that went',
      { reason: '', statusReason: 'Host EC2 (instance i-0123) terminated.' },
      'RETRY',
    ],
    [
      'image not pulled',
      { reason: 'CannotPullContainerError: timeout', statusReason: 'Task failed to start' },
      'RETRY',
    ],
    ['interrupted, or may pass', { exitCode: 75, reason: '', statusReason: ENDED }, 'RETRY'],
    ['refused data', { exitCode: 65, reason: '', statusReason: ENDED }, 'EXIT'],
    ['a bug', { exitCode: 70, reason: '', statusReason: ENDED }, 'EXIT'],
    ['cancelled', { exitCode: 76, reason: '', statusReason: ENDED }, 'EXIT'],
    ['bad configuration', { exitCode: 78, reason: '', statusReason: ENDED }, 'EXIT'],
    [
      'out of memory',
      {
        exitCode: 137,
        reason: 'OutOfMemoryError: Container killed due to memory usage',
        statusReason: ENDED,
      },
      'EXIT',
    ],
    ['killed', { exitCode: 137, reason: '', statusReason: ENDED }, 'EXIT'],
    ['750: no prefix of 75', { exitCode: 750, reason: '', statusReason: ENDED }, 'EXIT'],
  ])('%s', (_, end, action) => {
    expect(actionOf(end)).toBe(action);
  });

  test('keeps to the limits', () => {
    expect(RETRY_STRATEGY.attempts).toBe(MAX_ATTEMPTS);
    expect(RETRY_STRATEGY.evaluateOnExit.length).toBeLessThanOrEqual(MAX_RULES);
  });
});
