import { z } from 'zod';
import { count } from './counts.ts';
import { ARCHITECTURES, CAPACITIES, prices } from './prices.ts';

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

/** `--tolerate`: how many shards, or which share of them, may be given up before a run is. */
export const shardTolerance = z.union([
  z.object({ shards: count }).readonly(),
  z.object({ share: z.number().min(0).max(1) }).readonly(),
]);
export type ShardTolerance = z.infer<typeof shardTolerance>;

/** Where shards run. `pull`: wherever somebody takes them. */
export const BACKENDS = ['local', 'aws-batch', 'pull'] as const;

/** What a job of a batch service is to be: decided before the call, so that a lost reply can be looked for. */
export const intendedJob = z.object({
  /** Deterministic: the service is asked for it by name. */
  name: z.string(),
  queue: z.string(),
  /** With its revision. */
  definition: z.string(),
  vcpus: z.number().positive(),
  /** Of the container; its process gets somewhat less. */
  memoryMiB: count,
  /** Of an attempt. */
  timeoutSeconds: count,
  /** How its containers are billed, as the queue and the definition told. Absent = they did not: as `fargate` on `x86`. */
  capacity: z.enum(CAPACITIES).optional(),
  architecture: z.enum(ARCHITECTURES).optional(),
});
export type IntendedJob = z.infer<typeof intendedJob>;

/**
 * `submissions/<n>.intent.json`: written exclusively before anything of the submission starts. Tells a worker which
 * units its shard has, and holds everything about the spec that changes no cut and no byte.
 */
export const intent = z.object({
  n: count,
  backend: z.enum(BACKENDS),
  createdAt: z.string(),
  grouping: z.array(shardSegment),
  /** Which shards of the grouping: consecutive ones, or those listed. */
  shards: z.union([z.object({ first: count, count }), z.object({ list: z.array(count) })]),
  memoryMiB: count,
  /** Where the backend is `pull`: the job whose container opened it, so that none of its others opens another. */
  opener: z.string().optional(),
  /** Absent where processes of the orchestrator's own machine do the shards. */
  job: intendedJob.optional(),
  settings: z.object({
    concurrency: count,
    /** What `--memory` asked for: a process gets this or its class, whichever is more. */
    memoryMiB: count,
    maxQuarantined: quarantineLimit,
    /** Where the backend is `pull`: how many shards may be given up before the run is. */
    tolerate: shardTolerance.optional(),
    /** What the run bills with where the spec gave prices of its own. */
    prices: prices.optional(),
    /** What the whole run was estimated to cost before it began, in US dollars. */
    estimatedUsd: z.number().optional(),
  }),
});
export type Intent = z.infer<typeof intent>;

/** `submissions/<n>.job.json`: the job that the service made of an intent. */
export const submittedJob = z.object({
  n: count,
  jobId: z.string(),
  queue: z.string(),
  submittedAt: z.string(),
});
export type SubmittedJob = z.infer<typeof submittedJob>;

/** `submissions/<n>.shards.json`: the shards of an intent that are not consecutive; `WINNOW_SHARD_LIST` leads a worker here. */
export const shardList = z.array(count);

export const shardOutcome = z.object({
  shard: count,
  /** As the attempt record or, without one, the backend tells. */
  cause: z.string(),
  exitCode: z.int().nullable(),
  message: z.string(),
});

export type ShardOutcome = z.infer<typeof shardOutcome>;

/** How long a service says that each of its attempts at a shard ran, in their order; 0 where it does not say. */
const shardSeconds = z.object({ shard: count, seconds: z.array(z.number().min(0)) });
export type ShardSeconds = z.infer<typeof shardSeconds>;

/** `submissions/<n>.outcome.json`: how it ended; what failed, by shard. */
export const outcome = z.object({
  n: count,
  endedAt: z.string(),
  failed: z.array(shardOutcome),
  /** Of the shards whose job failed for good: their attempts may have come to no record. */
  told: z.array(shardSeconds).optional(),
});
export type Outcome = z.infer<typeof outcome>;

/** `stop/<n>.json`: ends the workers of submission `n` and older ones. */
export const stop = z.object({ n: count, createdAt: z.string() });
