import { shardUnits, type LedgerNow, type ShardSegment } from '@winnow/core';
import type { RunEvent } from '../../events.ts';
import type { RunPlace } from '../run-place.ts';
import { unitRanges, type LiveArray } from './live-array.ts';

/** Estimated decoded bytes of a shard, as planned. */
export function decodedOfShard(
  grouping: readonly ShardSegment[],
  ledger: Pick<LedgerNow, 'plannedDecoded'>,
  shard: number,
): number {
  const { firstUnit, count } = shardUnits(grouping, shard);
  return ledger.plannedDecoded(firstUnit, count);
}

/**
 * How far the arrays are together. While one runs the service tells how many of its children have succeeded, not which:
 * their bytes are taken to be the planned ones' share of that many. Its receipts are read when it has ended.
 */
export function arraysEvent(
  { ledger }: Pick<RunPlace, 'ledger'>,
  live: readonly LiveArray[],
  unsubmitted: number,
): Extract<RunEvent, { kind: 'arrays' }> {
  const sum = (of: (array: LiveArray) => number): number =>
    live.reduce((total, array) => total + of(array), 0);
  return {
    kind: 'arrays',
    arrays: live.length,
    waiting:
      unsubmitted +
      sum(
        ({ counts, intent }) =>
          counts?.waiting ?? ('list' in intent.shards ? intent.shards.list.length : intent.shards.count),
      ),
    running: sum(({ counts }) => counts?.running ?? 0),
    succeeded: sum(({ counts }) => counts?.succeeded ?? 0),
    failed: sum(({ counts }) => counts?.failed ?? 0),
    decoded: Math.round(sum((array) => decodedBy(array, ledger))),
  };
}

/** Without what this command has counted as done before. */
function decodedBy(
  { counts, intent }: LiveArray,
  ledger: Pick<LedgerNow, 'plannedDecoded' | 'isCommitted'>,
): number {
  if (counts === undefined || counts.succeeded === 0) return 0;
  let planned = 0;
  let before = 0;
  for (const { firstUnit, units } of unitRanges(intent)) {
    planned += ledger.plannedDecoded(firstUnit, units);
    for (let unit = firstUnit; unit < firstUnit + units; unit++)
      if (ledger.isCommitted(unit)) before += ledger.plannedDecoded(unit, 1);
  }
  return Math.max(0, planned * (counts.succeeded / counts.size) - before);
}
