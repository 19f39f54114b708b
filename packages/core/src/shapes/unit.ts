import { z } from 'zod';
import { count, sha256Hex } from './counts.ts';
import { REFUSAL_REASONS } from './refusal.ts';

/** One input as the plan pinned it. */
export const plannedInput = z.object({
  /** Relative to the source. */
  key: z.string(),
  size: count,
  pin: z.string(),
  /** Refused by the plan already: it is only accounted for. */
  refuse: z.enum(REFUSAL_REASONS).optional(),
  /** In the layout `mirror`: the key of its output. */
  output: z.string().optional(),
  /** What stands under that key from an earlier generation and is to be replaced. */
  replaces: sha256Hex.optional(),
  /** A run that was given up may have written there, or still write, what no receipt tells: all of it is to be replaced. */
  unsettled: z.literal(true).optional(),
});
export type PlannedInput = z.infer<typeof plannedInput>;

/**
 * A line of the plan: the smallest thing that is named and committed. One of
 *
 * - some whole inputs,
 * - a byte `range` of one plain input: the records whose first byte lies in it,
 * - one input that cannot be split but is larger than a unit: `subUnits` is true.
 */
export const unit = z.object({
  unit: count,
  inputs: z.array(plannedInput).min(1),
  range: z.object({ start: count, end: count }).optional(),
  /** Of a range: the input is a JSON array with an element a line. NDJSON where it is absent. */
  layout: z.literal('array-lines').optional(),
  subUnits: z.literal(true).optional(),
  /** Estimated decoded bytes. */
  decoded: count,
  /** Memory class: what a process needs at least. */
  memoryMiB: count,
});
export type Unit = z.infer<typeof unit>;

/**
 * Stored bytes that a unit's last receipt must account for: of a range its length, so that an input's ranges add up
 * to it.
 */
export const plannedBytes = ({ inputs, range }: Pick<Unit, 'inputs' | 'range'>): number =>
  range === undefined ? inputs.reduce((sum, input) => sum + input.size, 0) : range.end - range.start;
