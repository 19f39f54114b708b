import { z } from 'zod';
import { diagnosticFact } from './al3.ts';
import { byteCounts, count, recordCounts, sha256Hex, skippedCounts } from './counts.ts';
import { driftFact } from './receipt.ts';
import { refusal } from './refusal.ts';

/**
 * - `succeeded`: every unit committed, nothing refused, quarantine within the limit
 * - `partial`: every unit committed, but something was refused or quarantined beyond the limit
 * - `failed`: units without receipt, or a ledger that does not balance
 * - `cancelled`: ended by `winnow cancel` before every unit was committed
 */
export const RUN_STATES = ['succeeded', 'partial', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** Lists hold this many entries at most; the rest stands in `<list>.ndjson.zst` beside the report. */
export const REPORT_LIST_ENTRIES = 1000;

/** Something that a run used. `usd` is null where its price is not known. */
const costItem = z.object({
  name: z.string(),
  quantity: z.number(),
  unit: z.string(),
  usd: z.number().nullable(),
});
export type CostItem = z.infer<typeof costItem>;

/** What a run was estimated to cost, and what its attempts came to; null where that is not known. */
const cost = z.object({
  estimated: z.number().nullable(),
  actual: z.number().nullable(),
  currency: z.string(),
  items: z.array(costItem),
  /** What `actual` would be in places that nobody takes back. */
  onDemand: z.number().optional(),
  /** Those that cost most, the dearest first. */
  shards: z.array(z.object({ shard: count, attempts: count, usd: z.number() })).optional(),
  /** Which prices these are. */
  prices: z.object({ date: z.string(), region: z.string(), source: z.string() }).optional(),
});
export type RunCost = z.infer<typeof cost>;

export const report = z.object({
  runId: z.string(),
  state: z.enum(RUN_STATES),
  balanced: z.boolean(),
  records: recordCounts,
  skipped: skippedCounts,
  inputs: z.object({ total: count, done: count, refused: z.array(refusal) }),
  bytes: byteCounts,
  units: z.object({ total: count, committed: count }),
  shards: z.object({ total: count, failed: count }),
  attempts: z.object({ total: count, interrupted: count, failed: count }),
  /** Of the attempt whose process was the largest: resident memory at most, and what it may have used. */
  memory: z.object({ peakMiB: count, limitMiB: count }).optional(),
  parts: z.array(
    z.object({ uri: z.string(), unit: count, sub: count, rows: count, bytes: count, sha256: sha256Hex }),
  ),
  drift: z.array(driftFact.extend({ policy: z.enum(['rest', 'fail', 'drop']) })),
  /** Of documents: what was told of them, the most frequent first. */
  diagnostics: z.array(diagnosticFact).optional(),
  quarantine: z.array(z.object({ reason: z.string(), records: count })),
  metrics: z.record(z.string(), z.unknown()),
  cost,
  time: z.object({ startedAt: z.string(), endedAt: z.string(), seconds: z.number() }),
  /** What went wrong, a line each, for people. */
  problems: z.array(z.string()),
});
export type Report = z.infer<typeof report>;
