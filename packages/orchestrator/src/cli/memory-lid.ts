import { collectGarbage } from '@winnow/core';

const LOOK_MS = 200;
const MB = 1e6;
/** Below it there is nothing to save. */
const FREE_BYTES = 140 * MB;
/** Garbage worth a collection, which takes some 20 ms. */
const GARBAGE_BYTES = 15 * MB;

/**
 * Keeps the process near the size of what it holds: left alone, the engine of a large machine lets garbage pile up to
 * twice of that. Planning ten million inputs and accounting for a million shards are all garbage.
 *
 * @returns ends it
 */
export function keepMemorySmall(residentBytes: () => number = () => process.memoryUsage.rss()): () => void {
  let bound = FREE_BYTES;
  const timer = setInterval(() => {
    if (residentBytes() < bound) return;
    collectGarbage();
    bound = Math.max(FREE_BYTES, residentBytes() + GARBAGE_BYTES);
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
