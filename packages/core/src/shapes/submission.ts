import { z } from 'zod';
import { count } from './counts.ts';

/** `units` consecutive units from `firstUnit` on, `unitsPerShard` a shard; the shards are numbered from `firstShard`. */
export const shardSegment = z.object({
  firstShard: count,
  firstUnit: count,
  units: count,
  unitsPerShard: z.int().positive(),
});
export type ShardSegment = z.infer<typeof shardSegment>;

/** `--max-quarantined`: how many records may be quarantined, or which share of those read. */
export const quarantineLimit = z.union([
  z.object({ records: count }).readonly(),
  z.object({ share: z.number().min(0).max(1) }).readonly(),
]);
export type QuarantineLimit = z.infer<typeof quarantineLimit>;

/**
 * `submissions/<n>.intent.json`: written exclusively before anything of the submission starts. Tells a worker which
 * units its shard has, and holds everything about the spec that changes no cut and no byte.
 */
export const intent = z.object({
  n: count,
  backend: z.enum(['local']),
  createdAt: z.string(),
  grouping: z.array(shardSegment),
  /** Which shards of the grouping: consecutive ones, or those listed. */
  shards: z.union([z.object({ first: count, count }), z.object({ list: z.array(count) })]),
  memoryMiB: count,
  settings: z.object({
    concurrency: count,
    /** What `--memory` asked for: a process gets this or its class, whichever is more. */
    memoryMiB: count,
    maxQuarantined: quarantineLimit,
  }),
});
export type Intent = z.infer<typeof intent>;

export const shardOutcome = z.object({
  shard: count,
  /** As the attempt record or, without one, the backend tells. */
  cause: z.string(),
  exitCode: z.int().nullable(),
  message: z.string(),
});

/** `submissions/<n>.outcome.json`: how it ended; what failed, by shard. */
export const outcome = z.object({ n: count, endedAt: z.string(), failed: z.array(shardOutcome) });
export type Outcome = z.infer<typeof outcome>;

/** `stop/<n>.json`: ends the workers of submission `n` and older ones. */
export const stop = z.object({ n: count, createdAt: z.string() });
