import type { DiagnosticFact } from '@winnow/core';
import type { BadRecord, DriftCount, ReaderCounts, RecordOrigin, TextFault } from '@winnow/kernel';

/** Records that are handed on together; what holds them only the writer beside the reader knows. */
export interface RecordBatch {
  readonly rows: number;
}

/** The same with a reason of whatever reader found it. */
export type QuarantinedRecord = Omit<BadRecord, 'reason'> & { readonly reason: string };

/** A bad record that is told of from outside of the reader. */
export type ToldFault = Omit<TextFault, 'reason'> & { readonly reason: string };

/**
 * Takes decoded bytes and hands out batches of records and the bad ones, as `NdjsonReader` of the kernel describes it: for each
 * input `startInput`, `push` for each chunk, `endInput`; after each of the last two `next` until it gives nothing. Neither
 * what the batches hold nor their borders depend on how the input was cut into chunks.
 */
export interface RecordReader<Batch extends RecordBatch = RecordBatch> {
  /** Since the reader was made. */
  readonly counts: ReaderCounts;
  /**
   * @param offset decoded, of the first byte that will be pushed
   * @param linesBefore records of the input before it
   * @param input its key
   */
  startInput(offset: number, origin?: RecordOrigin, linesBefore?: number, input?: string): void;
  push(chunk: Uint8Array): void;
  /** @param isCut more of it is refused: a record that the end goes through belongs to what is refused */
  endInput(isCut?: boolean): void;
  /** Valid until the next call of anything here. */
  next(): Batch | undefined;
  addFault(fault: ToldFault): void;
  /** The records that no batch was full of. */
  flush(): Batch | undefined;
  takeBad(): readonly QuarantinedRecord[];
  takeDrift(): DriftCount[];
  /** Of documents: what was told of them so far, by code. */
  readonly diagnostics?: DiagnosticFact[];
  dispose(): void;
}
