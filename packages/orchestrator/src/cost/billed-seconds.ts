import type { Attempt } from '@winnow/core';

/** What a container is billed for at least: https://aws.amazon.com/fargate/pricing/ */
const MIN_SECONDS = 60;

/** Whole seconds, a minute at least; of what nobody knows, and by a clock that was set back, a minute. */
const wholeSeconds = (seconds: number): number =>
  Number.isFinite(seconds) ? Math.max(MIN_SECONDS, Math.ceil(seconds)) : MIN_SECONDS;

/**
 * What an attempt is billed for: from its start to the last that is known of it, by its record or, where that is more, by
 * what the service told.
 */
export const billedSeconds = (
  { startedAt, updatedAt }: Pick<Attempt, 'startedAt' | 'updatedAt'>,
  told = 0,
): number =>
  Math.max(wholeSeconds((Date.parse(updatedAt) - Date.parse(startedAt)) / 1000), wholeSeconds(told));

/**
 * What the attempts of a job that left no record are billed for: those that the service told of, and those that come before
 * one that did leave one.
 *
 * @param told how long each attempt ran, in their order; 0 where that is not known
 * @param recorded the numbers, from 1 on, of those that left a record
 */
export function lostSeconds(told: readonly number[], recorded: ReadonlySet<number>): number[] {
  const last = Math.max(told.length, ...[...recorded].filter(Number.isInteger));
  const lost: number[] = [];
  for (let number = 1; number <= last; number++)
    if (!recorded.has(number)) lost.push(wholeSeconds(told[number - 1] ?? 0));
  return lost;
}
