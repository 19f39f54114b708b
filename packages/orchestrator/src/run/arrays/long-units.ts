import { shardUnits, type LedgerNow, type ShardSegment } from '@winnow/core';
import { BYTES_PER_SECOND } from '../../cost/expected-seconds.ts';

/**
 * So long a unit may take where a place may be taken back at any time. Only an input that cannot be cut makes a longer
 * one: an attempt at it decodes again what the one before had done.
 */
const LONG_SECONDS = 30 * 60;

/** Whether a unit of the shard is expected to take too long for a place that may be taken back. */
export function hasLongUnit(
  grouping: readonly ShardSegment[],
  ledger: Pick<LedgerNow, 'plannedDecoded'>,
  shard: number,
): boolean {
  const { firstUnit, count } = shardUnits(grouping, shard);
  const longBytes = LONG_SECONDS * BYTES_PER_SECOND;
  if (ledger.plannedDecoded(firstUnit, count) < longBytes) return false;
  for (let unit = firstUnit; unit < firstUnit + count; unit++)
    if (ledger.plannedDecoded(unit, 1) >= longBytes) return true;
  return false;
}
