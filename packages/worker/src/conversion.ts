import { NdjsonReader, type Kernel } from '@winnow/kernel';
import { openRecordWriter, type ByteSink, type Frozen, type RecordWriter } from '@winnow/core';
import type { RecordBatch, RecordReader } from './record-reader.ts';

/** A reader of the run's inputs and writers for what it hands out: the two know each other's batches, nobody else does. */
export interface Conversion {
  readonly reader: RecordReader;
  /** The writer of one part. */
  openWriter(sink: ByteSink): RecordWriter<RecordBatch>;
}

/** What makes the output of a run from its inputs, in the kernel that is handed in. */
export function openConversion(kernel: Kernel, frozen: Frozen): Conversion {
  return {
    reader: new NdjsonReader(kernel, frozen),
    openWriter: (sink) => openRecordWriter(kernel, frozen, sink),
  };
}
