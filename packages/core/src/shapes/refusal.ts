import { z } from 'zod';
import { count } from './counts.ts';

/**
 * Why an input, or the rest of it, was not read.
 *
 * - `vanished`, `changed`: its pin no longer holds
 * - `denied`, `unreadable`: the storage gives it not
 * - `truncated`: its compressed stream ends too early; what came before is kept
 * - `corrupt`: its compressed stream is damaged or fails its checksum; everything since the frame or member began is refused
 * - `over-limit`: it decodes to more than the run takes of an input; what came before is kept
 * - `unsupported`: nothing Winnow reads
 * - `name-unsupported`: its key in the bucket has an empty name, `.` or `..` in it, which no file could have
 * - `name-too-long`: in the layout `mirror` its output would have a name that not every storage can hold
 * - `name-taken`: that name belongs to another output, or to Winnow itself
 */
export const REFUSAL_REASONS = [
  'vanished',
  'changed',
  'denied',
  'unreadable',
  'truncated',
  'corrupt',
  'over-limit',
  'unsupported',
  'name-unsupported',
  'name-too-long',
  'name-taken',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** An input that could not be read, wholly or from an offset on. */
export const refusal = z.object({
  input: z.string(),
  reason: z.enum(REFUSAL_REASONS),
  /** Stored bytes before this one were read; the rest is refused. */
  offset: count,
  /** Stored bytes that are refused. */
  bytes: count,
  detail: z.string(),
  /** Of an input of an earlier run, which a redrive reads again and has not planned: that run. */
  run: z.string().optional(),
  /** Sub-units committed before a checksum failed over bytes of theirs: look at them with care. */
  suspect: z.array(z.object({ unit: count, sub: count })).optional(),
});
export type Refusal = z.infer<typeof refusal>;
