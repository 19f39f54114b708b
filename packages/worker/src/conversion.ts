import { NdjsonReader, type Kernel } from '@winnow/kernel';
import {
  openRecordWriter,
  openTransactionWriter,
  TransactionReader,
  type ByteSink,
  type Frozen,
  type RecordWriter,
} from '@winnow/core';
import type { RecordBatch, RecordReader } from './record-reader.ts';

/** A reader of the run's inputs and writers for what it hands out: the two know each other's batches, nobody else does. */
export interface Conversion {
  readonly reader: RecordReader;
  /** The reader splits documents itself: it is given their bytes as they are, not lines. */
  readonly readsDocuments: boolean;
  /** The writer of one part. */
  openWriter(sink: ByteSink): RecordWriter<RecordBatch>;
}

/** What makes the output of a run from its inputs, in the kernel that is handed in. */
export function openConversion(kernel: Kernel, frozen: Frozen): Conversion {
  if (frozen.al3) {
    return {
      reader: new TransactionReader(frozen),
      readsDocuments: true,
      openWriter: (sink) => openTransactionWriter(frozen, sink),
    };
  }
  return {
    readsDocuments: false,
    reader: new NdjsonReader(kernel, frozen),
    openWriter: (sink) => openRecordWriter(kernel, frozen, sink),
  };
}
