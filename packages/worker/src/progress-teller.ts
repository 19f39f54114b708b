import type { WorkerProcess } from './run-shards.ts';

/** Tells how far a shard is, at most once in so many milliseconds; 0 = never. */
export function progressTeller(
  shard: number,
  everyMs: number,
  { log, now }: Pick<WorkerProcess, 'log' | 'now'>,
): (records: number, decoded: number) => void {
  let done = { records: 0, decoded: 0 };
  let open = { records: 0, decoded: 0 };
  let toldAt = now();
  return (records, decoded) => {
    // Smaller than before: the next sub-unit has begun.
    if (decoded < open.decoded)
      done = { records: done.records + open.records, decoded: done.decoded + open.decoded };
    open = { records, decoded };
    if (everyMs === 0 || now() - toldAt < everyMs) return;
    toldAt = now();
    log({ event: 'progress', shard, records: done.records + records, decoded: done.decoded + decoded });
  };
}
