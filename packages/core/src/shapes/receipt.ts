import { z } from 'zod';
import { diagnosticFact } from './al3.ts';
import { byteCounts, count, recordCounts, sha256Hex, skippedCounts } from './counts.ts';
import { refusal } from './refusal.ts';

/** A part as its receipt lists it; `key` is relative to the output. */
export const partFact = z.object({
  key: z.string(),
  rows: count,
  bytes: count,
  sha256: sha256Hex,
  /** In the layout `mirror`: the input that it is the output of. */
  input: z.string().optional(),
});
export type PartFact = z.infer<typeof partFact>;

/** How often a key, or its value, did not fit the schema. */
export const driftFact = z.object({
  key: z.string(),
  /** JSON types seen: null, boolean, number, string, object, array. Sorted. */
  types: z.array(z.string()),
  records: count,
});
export type DriftFact = z.infer<typeof driftFact>;

/**
 * Commits a sub-unit. Holds nothing that differs between two attempts (no time, host, attempt, memory), so that two
 * receipts of the same sub-unit are equal byte for byte, or differ by refusals of inputs only.
 */
export const receipt = z.object({
  runId: z.string(),
  unit: count,
  sub: count,
  /** The last sub-unit of its unit: planned, read and refused bytes are credited here. */
  last: z.boolean(),
  records: recordCounts,
  skipped: skippedCounts,
  /** Lines of the decoded text, blank and bad ones included. */
  lines: count,
  bytes: byteCounts,
  /** Where this sub-unit ends in the decoded bytes of a unit that has sub-units: the next one starts there. */
  decodedEnd: count,
  parts: z.array(partFact),
  quarantine: z
    .object({
      key: z.string(),
      bytes: count,
      sha256: sha256Hex,
      reasons: z.array(z.object({ reason: z.string(), records: count })),
    })
    .optional(),
  drift: z.array(driftFact),
  /** Of documents: what was told of them, by code. Absent where nothing was. */
  diagnostics: z.array(diagnosticFact).optional(),
  refused: z.array(refusal),
});
export type Receipt = z.infer<typeof receipt>;
