/** An array is a part of what may run at once: so the next one can go before the last child of this one has ended. */
const ARRAYS_OF_THE_LIMIT = 4;

/**
 * How many shards the next array may have: all that fit into one where nothing limits what runs at once, else a quarter of
 * the limit, once there is room for that.
 *
 * @param open children that may still run
 */
export function roomFor(open: number, maxRunning: number | undefined, maxShards: number): number {
  if (maxRunning === undefined) return maxShards;
  const size = Math.min(maxShards, Math.ceil(maxRunning / ARRAYS_OF_THE_LIMIT));
  return open + size <= maxRunning ? size : 0;
}
