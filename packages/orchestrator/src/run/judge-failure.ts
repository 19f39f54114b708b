import { runKeys, type Outcome } from '@winnow/core';
import { readAttempts } from './attempts.ts';
import type { RunEvent } from '../events.ts';
import type { FailureCause } from '../failure-cause.ts';
import { decideRetry, type RetryDecision } from './budget.ts';
import { classify, type AttemptEnd } from './classify.ts';
import type { RunPlace, WaitingShard } from './run-place.ts';

/** A shard whose units are not all committed although what did it has ended. */
export interface EndedShard {
  readonly shard: number;
  readonly submission: number;
  /** What the process or container had. */
  readonly memoryMiB: number;
  readonly end: AttemptEnd;
  /** Asks what it printed at last; undefined where that is not known. For what left no record of its own. */
  readonly lastWords?: () => Promise<string | undefined>;
}

export interface Verdict {
  readonly shard: number;
  readonly cause: FailureCause;
  readonly message: string;
  readonly decision: RetryDecision;
  /** For the submission's outcome. */
  readonly outcome: Outcome['failed'][number];
}

/** What a verdict is to those who watch. */
export const failureEvent = ({ shard, cause, message, decision }: Verdict): RunEvent => ({
  kind: 'shard-failed',
  ...{ shard, cause, message, again: decision.again },
});

/** The shard as it waits for its next try. */
export const waitingAgain = (
  shard: number,
  { memoryMiB, waitMs }: Extract<RetryDecision, { again: true }>,
  now: Date,
): WaitingShard => ({
  shard,
  memoryMiB,
  ...(waitMs > 0 ? { readyAtMs: now.getTime() + waitMs } : {}),
});

/** Finds out why it failed, adds that to the shard's history, and decides by all of it whether the shard is tried again. */
export async function judgeFailure(
  place: Pick<RunPlace, 'output' | 'run' | 'history' | 'random'>,
  ended: EndedShard,
): Promise<Verdict> {
  const { shard, submission, end, memoryMiB, lastWords } = ended;
  const { latest, total } = await readAttempts(place.output, runKeys(place.run.runId), shard, submission);
  const attempt = { ...classify(latest, end, memoryMiB), attempts: Math.max(1, total) };
  const attempts = [...(place.history.get(shard) ?? []), attempt];
  place.history.set(shard, attempts);
  const decision = decideRetry(attempts, place.random);
  const { cause } = attempt;
  const message = latest?.message ?? (latest ? undefined : await lastWords?.()) ?? end.message;
  return { shard, cause, message, decision, outcome: { shard, cause, exitCode: end.exitCode, message } };
}
