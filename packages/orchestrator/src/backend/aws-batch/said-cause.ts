import type { FailureCause } from '../../failure-cause.ts';
import { EC2_RECLAIM, FARGATE_RECLAIM, IMAGE_ERROR } from './retry-rules.ts';

/** How our own calls name the reason that a job is ended for. */
export const WITHDRAWN = 'winnow: withdrawn';
export const CANCELLED = 'winnow: cancelled';

/** How AWS begins to say something, and what it means. The first that fits counts. */
const WORDS: readonly {
  readonly words: string;
  readonly means: FailureCause;
}[] = [
  { words: WITHDRAWN, means: 'withdrawn' },
  { words: CANCELLED, means: 'cancelled' },
  { words: FARGATE_RECLAIM, means: 'reclaimed' },
  { words: EC2_RECLAIM, means: 'reclaimed' },
  { words: 'OutOfMemoryError', means: 'out-of-memory' },
  { words: IMAGE_ERROR, means: 'image' },
  { words: 'Job attempt duration exceeded timeout', means: 'timed-out' },
  { words: 'ResourceInitializationError', means: 'not-started' },
  { words: 'Task failed to start', means: 'not-started' },
  { words: 'Timeout waiting for network interface', means: 'not-started' },
  { words: 'Container Overrides length must be', means: 'configuration' },
];

/** What the reason and the status reason of a child mean; undefined where they say no more than that it ended. */
export function saidCause(statusReason: string, reason: string): FailureCause | undefined {
  const said = [statusReason, reason];
  return WORDS.find(({ words }) => said.some((text) => text.startsWith(words)))?.means;
}
