/** A job's retry strategy, in Batch's own words. */
export interface RetryStrategy {
  readonly attempts?: number;
  readonly evaluateOnExit?: readonly EvaluateOnExit[];
}

export interface EvaluateOnExit {
  readonly onStatusReason?: string;
  readonly onReason?: string;
  readonly onExitCode?: string;
  readonly action: string;
}

/** How an attempt ended, as Batch's rules see it. */
export interface AttemptEnding {
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
  readonly statusReason: string;
}

/** Reclaimed by Spot, or exit code 75: once more. Everything else is final. */
export const RETRY_INTERRUPTED = [
  { onStatusReason: 'Your Spot Task was interrupted*', action: 'RETRY' },
  { onExitCode: '75', action: 'RETRY' },
  { onReason: '*', action: 'EXIT' },
] as const satisfies readonly EvaluateOnExit[];

/**
 * Whether Batch attempts again after the `attempt`th ended so. The first rule of which every condition matches decides;
 * where none matches the job is retried (https://docs.aws.amazon.com/batch/latest/APIReference/API_RetryStrategy.html).
 */
export function retries(strategy: RetryStrategy, ending: AttemptEnding, attempt: number): boolean {
  if (ending.exitCode === 0 || attempt >= (strategy.attempts ?? 1)) return false;
  const rule = strategy.evaluateOnExit?.find((candidate) => matchesRule(candidate, ending));
  return rule === undefined || rule.action.toUpperCase() === 'RETRY';
}

const matchesRule = (rule: EvaluateOnExit, { statusReason, reason, exitCode }: AttemptEnding): boolean =>
  matches(rule.onStatusReason, statusReason) &&
  matches(rule.onReason, reason ?? '') &&
  matches(rule.onExitCode, exitCode === undefined ? '' : String(exitCode));

/** Only a `*` at the end is a wildcard. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
