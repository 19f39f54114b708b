import { z } from 'zod';
import { count } from './counts.ts';

/**
 * What a worker says on its standard output, a JSON object a line. Only for progress and logs: what counts is in
 * receipts and attempt records, and a backend that cannot read the output loses nothing.
 */
export const workerEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('shard-started'), shard: count }),
  /**
   * Cumulative over this attempt; open sub-units included. `memoryBytes`: resident now. At most one line each
   * `WINNOW_PROGRESS_MS`.
   */
  z.object({
    event: z.literal('progress'),
    shard: count,
    records: count,
    decoded: count,
    memoryBytes: count,
  }),
  /** The process came to `percent` of what it may use while it worked on the unit: once for 80 and once for 90. */
  z.object({
    event: z.literal('memory-high'),
    shard: count,
    unit: count,
    percent: count,
    memoryMiB: count,
    limitMiB: count,
  }),
  z.object({
    event: z.literal('committed'),
    shard: count,
    unit: count,
    sub: count,
    last: z.boolean(),
    records: count,
    quarantined: count,
    decoded: count,
    /** The key that drifted in the most of its records. */
    drift: z.object({ key: z.string(), records: count }).optional(),
  }),
  z.object({ event: z.literal('shard-ended'), shard: count, exitCode: count, message: z.string() }),
  z.object({ event: z.literal('log'), level: z.string(), message: z.string() }),
]);
export type WorkerEvent = z.infer<typeof workerEvent>;
