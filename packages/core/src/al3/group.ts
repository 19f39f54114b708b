import type { MarkSet } from './decompress.ts';
import { sourcePosition } from './decompress.ts';
import type { GroupHeader } from './group-header.ts';

/** A group as it was found, decompressed. */
export interface SourceGroup {
  readonly header: GroupHeader;
  /** Of its first byte in the input. */
  readonly offset: number;
  /** As its header has it: it may count a CR LF that `bytes` does not hold. */
  readonly length: number;
  /** Decompressed, header included, without a CR LF at its end. Fewer than `length` where the input ends in it. */
  readonly bytes: Uint8Array;
  /** As it stood in the input. */
  readonly source: Uint8Array;
  /** The marks that were taken for escapes in it; none where it stood as it is. */
  readonly marks: MarkSet;
  /** Its first bytes that belong to a run of the group before. */
  readonly carried: number;
  /** The input ends inside it. */
  readonly cut: boolean;
}

/** Where a column (from 1) of a group stands in the input; of one in a run, where its escape does. */
export function offsetOfColumn(group: SourceGroup, column: number): number {
  const { offset, source, marks, carried } = group;
  if (marks === 0 && carried === 0) return offset + column - 1;
  return column <= carried ? offset : offset + sourcePosition(source, marks, column - 1, carried);
}

/** Bytes that are no group, or a piece of them. */
export interface Stray {
  readonly offset: number;
  readonly bytes: Uint8Array;
}
