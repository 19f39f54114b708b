import { collectGarbage } from '@winnow/core';

const LOOK_MS = 100;
const MB = 1e6;
/** Below it there is nothing to save. */
const FREE_BYTES = 140 * MB;
/** Garbage worth a collection, which takes some 20 ms. */
const GARBAGE_BYTES = 25 * MB;

type Usage = Pick<NodeJS.MemoryUsage, 'rss' | 'heapUsed' | 'external'>;

/** What the engine has handed out, in its heap and for buffers outside of it: things in use, and garbage. */
const handedOut = ({ heapUsed, external }: Usage): number => heapUsed + external;

/**
 * Tells when a collection is worth it. The resident memory is no measure of garbage: what was once taken from the system
 * stays, and is used again.
 */
export class MemoryLid {
  #inUse = 0;

  isDue(now: Usage): boolean {
    return now.rss >= FREE_BYTES && handedOut(now) >= this.#inUse + GARBAGE_BYTES;
  }

  collected(after: Usage): void {
    this.#inUse = handedOut(after);
  }
}

/**
 * Keeps the process near the size of what it holds: left alone, the engine of a large machine lets garbage pile up to
 * twice of that. Planning ten million inputs and accounting for a million shards are all garbage.
 *
 * @returns ends it
 */
export function keepMemorySmall(): () => void {
  const lid = new MemoryLid();
  const timer = setInterval(() => {
    if (!lid.isDue(process.memoryUsage())) return;
    collectGarbage();
    lid.collected(process.memoryUsage());
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
