import { countOf } from '../../report/figures.ts';
import type { LiveArray } from './live-array.ts';

/**
 * The arrays whose children want for a place in vain: some are runnable, none of any array runs, and none has begun for so
 * long. As long as one runs the others wait for their turn, and nothing is wrong.
 */
export function stuckArrays(live: readonly LiveArray[], runnableMs: number, nowMs: number): LiveArray[] {
  if (live.some(({ counts }) => (counts?.running ?? 0) > 0)) return [];
  const movedAt = Math.max(...live.map((array) => array.movedAt));
  if (nowMs - movedAt < runnableMs) return [];
  return live.filter(({ counts, withdrawn }) => (counts?.runnable ?? 0) > 0 && !withdrawn);
}

/** What to know of arrays that cannot be moved. */
export function stuckText(stuck: readonly LiveArray[], runnableMs: number, isSpent: boolean): string {
  const runnable = stuck.reduce((sum, { counts }) => sum + (counts?.runnable ?? 0), 0);
  const queues = [...new Set(stuck.map(({ intent }) => intent.job.queue))].join(', ');
  const what = `${countOf(runnable, 'shard')} of ${queues} ${runnable === 1 ? 'is' : 'are'} runnable, but none has begun for ${Math.round(runnableMs / 60_000)} minutes`;
  return isSpent
    ? `${what}, and --fallback-max-cost allows no more on the other queue`
    : `${what}: look at the queue's compute environments (state, maxvCpus, Spot capacity, subnets), or name a --fallback-queue`;
}
