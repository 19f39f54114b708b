/** A process is started for at most so many shards, so that a slow one holds few others back. */
const MAX_SHARDS_A_PROCESS = 32;

/**
 * Takes the next consecutive shards for one process off the front of `waiting`: many while much is left, one by one
 * towards the end, so that all slots finish at about the same time.
 */
export function takeShards(waiting: number[], slots: number): number[] {
  const wanted = Math.min(MAX_SHARDS_A_PROCESS, Math.max(1, Math.floor(waiting.length / (slots * 2))));
  const [first = 0] = waiting;
  let taken = 1;
  while (taken < wanted && waiting[taken] === first + taken) taken++;
  return waiting.splice(0, taken);
}
