import { createHash } from 'node:crypto';
import { type BadRecord, KEPT_BYTES } from './bad-records.ts';
import type { QuarantineReason } from './reasons.ts';

/**
 * What the text of an input was before it was made lines of the same length. White space around a record is then no
 * part of it, and a bad record is kept with the bytes that it had.
 */
export interface RecordOrigin {
  /** Puts back what was taken of these bytes, which begin at this decoded offset. */
  restore(offset: number, bytes: Uint8Array): void;
  /** What is wrong with the record that begins at this offset, where its place in the text is. */
  faultAt(offset: number): RecordFault | undefined;
  /** Nothing before this offset will be asked for. */
  release(offset: number): void;
}

export interface RecordFault {
  readonly reason: QuarantineReason;
  readonly detail: string;
}

/** Something that stands, or is missing, between records: a bad record that no line holds. */
export interface TextFault extends RecordFault, Omit<BadRecord, 'line'> {}

/** A fault with its bytes, none where something is missing. */
export function textFault(offset: number, bytes: Uint8Array, fault: RecordFault): TextFault {
  return {
    ...fault,
    offset,
    raw: Uint8Array.from(bytes.subarray(0, KEPT_BYTES)),
    rawLength: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
