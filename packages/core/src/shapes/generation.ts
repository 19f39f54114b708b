import { z } from 'zod';
import { count, sha256Hex } from './counts.ts';

/** `_winnow/generations/<n>.json`: takes the number `n` for a run of the spec, by exclusive create. */
export const generation = z.object({
  generation: count,
  specHash: sha256Hex,
  createdAt: z.string(),
  /** It does all inputs and takes the place of everything before it (`--resume=false`). */
  replaces: z.literal(true).optional(),
  /** Its inputs are the quarantined records of the runs before it; in the layout `mirror` the inputs that have some. */
  redrives: z.literal(true).optional(),
});
export type Generation = z.infer<typeof generation>;

/** A line of `inputs.ndjson.zst`: what became of an input, in this generation or one before. Sorted by key. */
export const inputOutcome = z.object({
  key: z.string(),
  size: count,
  pin: z.string(),
  /** `refused`: from some byte on. `unread`: before the first one, so a later generation may take it up. */
  outcome: z.enum(['done', 'refused', 'unread']),
  runId: z.string(),
  /** In the layout `mirror`: the key of its output, for all generations. */
  output: z.string().optional(),
  /** Of what a receipt lists under that key; absent where none does. */
  sha256: sha256Hex.optional(),
  /**
   * A generation was to write the output, but its input changed or vanished meanwhile: an attempt that was killed may
   * have written it all the same, so that what stands there may be none of a receipt's.
   */
  unsettled: z.literal(true).optional(),
});
export type InputOutcome = z.infer<typeof inputOutcome>;

/** `publish.json`: a run that replaces begins to take the place of these runs. */
export const publication = z.object({ replaces: z.array(z.string()) });

/** `_SUCCESS`: the output is complete up to this generation. */
export const success = z.object({ generation: count, runId: z.string() });

const digest = z.object({ bytes: count, sha256: sha256Hex });

/**
 * `gc.json`: the working objects of a finished run are removed from here on. What the run comes to stands in its compacted
 * ledger and its inputs alone, and where its quarantined records stand in their inputs in `line-bases.ndjson`, which have these
 * hashes.
 */
export const clearing = z.object({
  runId: z.string(),
  clearedAt: z.string(),
  ledger: digest,
  inputs: digest,
  /** Absent where nothing is in quarantine, or the plan did not tell any more. */
  lineBases: digest.optional(),
});
export type Clearing = z.infer<typeof clearing>;

/** A line of `line-bases.ndjson`: how many lines of its input stand before what a sub-unit holds. By rising unit and sub-unit. */
export const lineBase = z.object({ unit: count, sub: count, lines: count });
export type LineBase = z.infer<typeof lineBase>;
