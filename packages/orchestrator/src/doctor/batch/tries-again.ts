import type { RetryStrategy } from '@aws-sdk/client-batch';

/** How an attempt ended, in the service's words. */
export interface AttemptEnd {
  readonly exitCode: string;
  readonly reason: string;
  readonly statusReason: string;
}

/**
 * Whether Batch tries again by these rules: the first one of which all patterns fit decides, and none that fits means
 * yes. https://docs.aws.amazon.com/batch/latest/APIReference/API_EvaluateOnExit.html
 */
export function triesAgain({ attempts = 1, evaluateOnExit = [] }: RetryStrategy, end: AttemptEnd): boolean {
  if (attempts < 2) return false;
  const rule = evaluateOnExit.find(
    ({ onExitCode, onReason, onStatusReason }) =>
      fits(onExitCode, end.exitCode) && fits(onReason, end.reason) && fits(onStatusReason, end.statusReason),
  );
  return rule === undefined || rule.action?.toUpperCase() === 'RETRY';
}

/** A pattern may end in `*`, and is not told apart by case. */
function fits(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const [wanted, given] = [pattern.toLowerCase(), text.toLowerCase()];
  return wanted.endsWith('*') ? given.startsWith(wanted.slice(0, -1)) : given === wanted;
}
