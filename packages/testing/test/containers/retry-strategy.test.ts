import { expect, test } from '@jest/globals';
import { RETRY_INTERRUPTED, retries, type AttemptEnding } from '../../src/containers/retry-strategy.ts';

const exited = (exitCode: number): AttemptEnding => ({
  exitCode,
  reason: undefined,
  statusReason: 'Essential container in task exited',
});
const reclaimed = (exitCode: number): AttemptEnding => ({
  ...exited(exitCode),
  statusReason: 'Your Spot Task was interrupted.',
});
const notPulled: AttemptEnding = {
  exitCode: undefined,
  reason: 'CannotPullContainerError: no such image',
  statusReason: 'Task failed to start',
};
const interrupted = { attempts: 3, evaluateOnExit: RETRY_INTERRUPTED };

test.each([
  ['no strategy, failed', {}, exited(1), 1, false],
  ['attempts only, failed', { attempts: 2 }, exited(1), 1, true],
  ['attempts only, used up', { attempts: 2 }, exited(1), 2, false],
  ['attempts only, succeeded', { attempts: 2 }, exited(0), 1, false],
  ['reclaimed', interrupted, reclaimed(143), 1, true],
  ['reclaimed, used up', interrupted, reclaimed(143), 3, false],
  ['reclaimed, yet exit code 0', interrupted, reclaimed(0), 1, false],
  ['exit code 75', interrupted, exited(75), 1, true],
  ['exit code 70', interrupted, exited(70), 1, false],
  ['exit code 7 is not 75', interrupted, exited(7), 1, false],
  ['killed', interrupted, exited(137), 1, false],
  ['cannot pull, no rule for it', interrupted, notPulled, 1, false],
])('%s', (_, strategy, ending, attempt, expected) => {
  expect(retries(strategy, ending, attempt)).toBe(expected);
});

const rule = (fields: object, action: string) => ({ ...fields, action });
test.each([
  ['no rule matches: retried', [rule({ onExitCode: '1' }, 'EXIT')], exited(2), true],
  [
    'the first match decides',
    [rule({ onExitCode: '2' }, 'EXIT'), rule({ onExitCode: '2' }, 'RETRY')],
    exited(2),
    false,
  ],
  ['the action in small letters', [rule({ onExitCode: '2' }, 'exit')], exited(2), false],
  ['the other action in small letters', [rule({ onExitCode: '2' }, 'retry')], exited(2), true],
  ['a star at the end', [rule({ onExitCode: '1*' }, 'EXIT')], exited(137), false],
  ['conditions are joined by and', [rule({ onExitCode: '1', onReason: 'x*' }, 'EXIT')], exited(1), true],
  ['a star alone matches no reason', [rule({ onReason: '*' }, 'EXIT')], exited(1), false],
  [
    "EC2's words are not Fargate's",
    [rule({ onStatusReason: 'Host EC2*' }, 'RETRY'), rule({ onReason: '*' }, 'EXIT')],
    reclaimed(143),
    false,
  ],
  [
    'an image that cannot be pulled',
    [rule({ onReason: 'CannotPullContainerError*' }, 'RETRY'), rule({ onReason: '*' }, 'EXIT')],
    notPulled,
    true,
  ],
  [
    'without a star all must be equal',
    [rule({ onStatusReason: 'Your Spot Task was interrupted' }, 'EXIT')],
    reclaimed(1),
    true,
  ],
])('rules: %s', (_, evaluateOnExit, ending, expected) => {
  expect(retries({ attempts: 10, evaluateOnExit }, ending, 1)).toBe(expected);
});
