import type { WorkerProcess } from './worker-process.ts';

/** Tells how far an attempt at a shard is. */
export interface ProgressTeller {
  /** What the open sub-unit has taken so far. */
  open(records: number, decoded: number): void;
  /** The open sub-unit is committed. */
  committed(records: number, decoded: number): void;
}

/** Tells at most once in so many milliseconds; 0 = never. */
export function progressTeller(
  shard: number,
  everyMs: number,
  { log, now, residentBytes }: Pick<WorkerProcess, 'log' | 'now' | 'residentBytes'>,
): ProgressTeller {
  const done = { records: 0, decoded: 0 };
  let toldAt = now();
  return {
    open: (records, decoded) => {
      if (everyMs === 0 || now() - toldAt < everyMs) return;
      toldAt = now();
      log({
        event: 'progress',
        shard,
        records: done.records + records,
        decoded: done.decoded + decoded,
        memoryBytes: residentBytes(),
      });
    },
    committed: (records, decoded) => {
      done.records += records;
      done.decoded += decoded;
    },
  };
}
