import type { MemoryClass } from '@winnow/core';

/** A shard is to run for minutes: about so many decoded bytes, at 50-100 MB a second. */
const SHARD_BYTES = 8 * 2 ** 30;
/** So many shards for each process at least, as far as there are units: the slots then finish at about the same time. */
const SHARDS_A_PROCESS = 4;

/** How many consecutive units make a shard, for a run of these sizes on so many processes. */
export function unitsPerShard(
  classes: readonly MemoryClass[],
  decodedBytes: number,
  processes: number,
): number {
  const units = classes.reduce((sum, { units: count }) => sum + count, 0);
  if (units === 0) return 1;
  const bySize = Math.floor(SHARD_BYTES / Math.max(1, decodedBytes / units));
  const byProcesses = Math.floor(units / (processes * SHARDS_A_PROCESS));
  return Math.max(1, Math.min(bySize, byProcesses));
}
