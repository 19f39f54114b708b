import { shardCount } from '@winnow/core';
import type { FailedShards } from './failed-shards.ts';
import type { RunPlace } from './run-place.ts';
import { beyondText, isBeyond } from './tolerance.ts';

type Place = Pick<RunPlace, 'tolerate' | 'grouping'>;

/** Whether more shards were given up than the run tolerates. */
export const isGivenUp = ({ tolerate, grouping }: Place, failed: FailedShards): boolean =>
  isBeyond(tolerate, { failed: failed.total, total: shardCount(grouping) });

/** Why the run was given up; undefined where it was not. */
export const whyGivenUp = (place: Place, failed: FailedShards): string | undefined =>
  place.tolerate !== undefined && isGivenUp(place, failed)
    ? beyondText(place.tolerate, { failed: failed.total, total: shardCount(place.grouping) })
    : undefined;
