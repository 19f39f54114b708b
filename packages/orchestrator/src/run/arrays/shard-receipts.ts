import {
  isCommitted,
  mostDrifting,
  runKeys,
  shardUnits,
  storedReceipts,
  type Intent,
  type Receipt,
  type ShardSegment,
  type UnitRange,
} from '@winnow/core';
import { namedCount, shardAt } from '../named-shards.ts';
import type { RunPlace } from '../run-place.ts';
import { unitRanges } from './live-array.ts';
import type { ToldUnits } from './told-units.ts';

/** A listing has so many receipts a request: over a gap that is no longer it goes on rather than anew. */
const GAP_UNITS = 2000;

/** Units of a submission, and those between them that are read past. */
function joined(ranges: readonly UnitRange[]): UnitRange[] {
  const all: { firstUnit: number; units: number }[] = [];
  for (const range of [...ranges].sort((a, b) => a.firstUnit - b.firstUnit)) {
    const last = all.at(-1);
    const gap = last === undefined ? Infinity : range.firstUnit - (last.firstUnit + last.units);
    if (last !== undefined && gap <= GAP_UNITS) last.units = range.firstUnit + range.units - last.firstUnit;
    else all.push({ ...range });
  }
  return all;
}

/**
 * Reads the receipts of a submission's units and tells of those that were not told of before. Gives the indices of the
 * shards that have units without all of theirs.
 */
export async function unfinishedIndices(
  { run, output, tell }: Pick<RunPlace, 'run' | 'output' | 'tell'>,
  told: ToldUnits,
  intent: Pick<Intent, 'grouping' | 'shards'>,
): Promise<number[]> {
  const count = namedCount(intent.shards);
  const left = Int32Array.from(
    { length: count },
    (_, index) => shardUnits(intent.grouping, shardAt(intent.shards, index)).count,
  );
  const indexOf = indexOfUnit(intent);
  for (const range of joined(unitRanges(intent))) {
    for await (const { unit, found } of storedReceipts(output, runKeys(run.runId), range)) {
      const index = indexOf(unit);
      if (index === undefined) continue;
      const receipts = found.flatMap(({ receipt }) => receipt ?? []);
      if (!isCommitted(receipts)) continue;
      left[index] = (left[index] ?? 0) - 1;
      if (told.has(unit)) continue;
      told.add(unit);
      for (const receipt of receipts) tell(committedEvent(receipt, shardAt(intent.shards, index)));
    }
  }
  return [...left.keys()].filter((index) => (left[index] ?? 0) > 0);
}

/** The index of the shard that a unit belongs to; undefined for units of other submissions. */
function indexOfUnit({
  grouping,
  shards,
}: Pick<Intent, 'grouping' | 'shards'>): (unit: number) => number | undefined {
  const positions = 'list' in shards ? new Map(shards.list.map((shard, index) => [shard, index])) : undefined;
  return (unit) => {
    const shard = shardOfUnit(grouping, unit);
    if (shard === undefined) return undefined;
    if (positions !== undefined) return positions.get(shard);
    const index = 'list' in shards ? -1 : shard - shards.first;
    return index >= 0 && index < namedCount(shards) ? index : undefined;
  };
}

function shardOfUnit(grouping: readonly ShardSegment[], unit: number): number | undefined {
  const segment = grouping.find(({ firstUnit, units }) => unit >= firstUnit && unit < firstUnit + units);
  if (segment === undefined) return undefined;
  return segment.firstShard + Math.floor((unit - segment.firstUnit) / segment.unitsPerShard);
}

const committedEvent = (receipt: Receipt, shard: number) =>
  ({
    kind: 'committed',
    shard,
    unit: receipt.unit,
    sub: receipt.sub,
    last: receipt.last,
    records: receipt.records.read,
    quarantined: receipt.records.quarantined,
    decoded: receipt.bytes.decoded,
    drift: mostDrifting(receipt),
  }) as const;
