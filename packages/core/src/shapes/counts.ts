import { z } from 'zod';

/** A whole number that is never negative and exact in a double. */
export const count = z.int().nonnegative();

/** Promise 1: `read = written + filtered + quarantined`. */
export const recordCounts = z.object({ read: count, written: count, filtered: count, quarantined: count });
export type RecordCounts = z.infer<typeof recordCounts>;

/** What is no record: blank lines, byte order marks, header lines. */
export const skippedCounts = z.object({ blank: count, bom: count, header: count });
export type SkippedCounts = z.infer<typeof skippedCounts>;

/**
 * `planned`, `read` and `refused` are stored bytes of inputs (`planned = read + refused`);
 * `decoded` is what came out of their decompression, `written` what the parts hold.
 */
export const byteCounts = z.object({
  planned: count,
  read: count,
  refused: count,
  decoded: count,
  written: count,
});
export type ByteCounts = z.infer<typeof byteCounts>;

export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
