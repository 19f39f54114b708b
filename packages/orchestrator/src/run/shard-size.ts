import type { MemoryClass, RunFile } from '@winnow/core';
import { INPUT_BYTES } from '../cost/expected-seconds.ts';

/** A shard is to run for minutes: about so many decoded bytes, at 50-100 MB a second. */
const SHARD_BYTES = 8 * 2 ** 30;
/** So many shards for each process at least, as far as there are units: the slots then finish at about the same time. */
const SHARDS_A_PROCESS = 4;

/** Of a shard that a container is started for: below it, more of its time would go into the start than is worth it. */
const MIN_ARRAY_SHARD_BYTES = 2 ** 30;
/** So many shards are wanted of an archive that is not small, so that it is done in minutes. */
const ARRAY_SHARDS = 100;

/**
 * How many consecutive units make a shard of an array: a hundredth of the run, but at least 1 GiB of work (some twenty
 * seconds, where a container takes a minute to start) and at most {@link SHARD_BYTES}.
 */
export function unitsPerArrayShard({
  classes,
  decoded,
  inputs,
}: Pick<RunFile['plan'], 'decoded' | 'inputs'> & { classes: readonly MemoryClass[] }): number {
  const units = classes.reduce((sum, { units: count }) => sum + count, 0);
  if (units === 0) return 1;
  const work = decoded + inputs * INPUT_BYTES;
  const wanted = Math.min(SHARD_BYTES, Math.max(MIN_ARRAY_SHARD_BYTES, work / ARRAY_SHARDS));
  return Math.max(1, Math.floor(wanted / Math.max(1, work / units)));
}

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
