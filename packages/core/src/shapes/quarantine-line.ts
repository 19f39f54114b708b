import { z } from 'zod';
import { count, sha256Hex } from './counts.ts';
import { REFUSAL_REASONS } from './refusal.ts';

/** A bad record, kept so that it can be mended and redriven. One line of `quarantine/<unit>-<sub>.ndjson.zst`. */
export const quarantineLine = z.object({
  input: z.string(),
  /** Of its first byte in the decoded input. */
  offset: count,
  unit: count,
  /**
   * From 1, in this sub-unit's share of the input; `winnow inspect quarantine` gives absolute ones. Where records are
   * elements of arrays, the number of the element; a fault between two elements counts as one.
   */
  lineInUnit: count,
  reason: z.string(),
  detail: z.string(),
  /** The first MiB of its bytes: as text where they are UTF-8, in base64 otherwise. */
  raw: z.string().optional(),
  rawBase64: z.string().optional(),
  rawLength: count,
  sha256: sha256Hex,
  /** Of a record that was redriven in vain: where it stood when it was found first. `unit` and `lineInUnit` are the redrive's. */
  first: z.object({ runId: z.string(), unit: count, sub: count, lineInUnit: count }).optional(),
  /**
   * Of a record of which not all bytes were kept: why the last redrive could not read them again from the input. `other-bytes`:
   * the input is the pinned version, but at the offset stands something else.
   */
  unread: z.enum([...REFUSAL_REASONS, 'other-bytes']).optional(),
});
export type QuarantineLine = z.infer<typeof quarantineLine>;
