import type { Frozen } from '../shapes/run.ts';
import { MIB } from '../spec/size.ts';

/** Decoded bytes up to which the ratio is not judged: a small file of one line again and again is no bomb. */
const RATIO_FROM_BYTES = 64 * MIB;

/** What a run takes of a compressed input; see the fields of the spec. Absent = all of it. */
export type InputLimits = Pick<Frozen, 'maxInputRatio' | 'maxInputDecoded'>;

/**
 * Decoded bytes that are taken of a compressed input of so many stored bytes. The rest is refused as `over-limit`.
 * It follows from the pinned size alone, so that every attempt stops at the same byte.
 */
export function mostDecodedBytes(limits: InputLimits, storedBytes: number): number {
  const { maxInputRatio = Infinity, maxInputDecoded = Infinity } = limits;
  return Math.min(maxInputDecoded, Math.max(RATIO_FROM_BYTES, storedBytes * maxInputRatio));
}
