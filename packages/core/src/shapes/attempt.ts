import { z } from 'zod';
import { count } from './counts.ts';

/** How an attempt ended, or `running`. A record that stays `running` belongs to a process that was killed. */
export const ATTEMPT_STATES = ['running', 'committed', 'interrupted', 'cancelled', 'failed'] as const;

/** `attempts/<shard>/<submission>-<attempt>.json`: everything that may differ between attempts. */
export const attempt = z.object({
  shard: count,
  submission: count,
  attempt: z.string(),
  state: z.enum(ATTEMPT_STATES),
  /** For what failed: `out-of-memory`, `transient`, `conflict`, `configuration`, `refused`, `bug`. */
  cause: z.string().optional(),
  message: z.string().optional(),
  /** After `out-of-memory`: the size to try next. */
  neededMiB: count.optional(),
  exitCode: z.int().optional(),
  host: z.string(),
  pid: count,
  /** Of a batch service. */
  jobId: z.string().optional(),
  /** Where the service keeps what the process printed: a shared group loses track of a job once the service forgets it. */
  logGroup: z.string().optional(),
  logStream: z.string().optional(),
  startedAt: z.string(),
  updatedAt: z.string(),
  cpuSeconds: z.number(),
  peakMemoryMiB: z.number(),
  memoryMiB: count,
  /** To S3, tries included: PUT, COPY, POST and LIST are `writes`, GET and HEAD `reads`. Absent in older records. */
  requests: z.object({ writes: count, reads: count }).optional(),
  /** Sub-units that this attempt committed, and the records and decoded bytes in them. */
  committed: z.object({ subUnits: count, records: count, decoded: count }),
});
export type Attempt = z.infer<typeof attempt>;
