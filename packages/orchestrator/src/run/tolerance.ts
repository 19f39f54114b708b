import type { ShardTolerance } from '@winnow/core';
import { countOf, countText } from '../report/figures.ts';

/** Shards that were given up, of all shards of the run. */
export interface GivenUp {
  readonly failed: number;
  readonly total: number;
}

/**
 * Whether so many shards given up are the end of the run.
 *
 * | tolerance | beyond when              |
 * |-----------|--------------------------|
 * | none      | never                    |
 * | count     | given up > count         |
 * | share     | given up > share × total |
 */
export function isBeyond(tolerance: ShardTolerance | undefined, { failed, total }: GivenUp): boolean {
  if (tolerance === undefined) return false;
  return failed > ('shards' in tolerance ? tolerance.shards : tolerance.share * total);
}

/** Why a run was given up, for its report. */
export function beyondText(tolerance: ShardTolerance, { failed, total }: GivenUp): string {
  const allowed = 'shards' in tolerance ? countText(tolerance.shards) : `${tolerance.share * 100}%`;
  return (
    `${countText(failed)} of ${countOf(total, 'shard')} given up, --tolerate allows ${allowed}: ` +
    `nothing more was submitted; the same command again goes on`
  );
}
