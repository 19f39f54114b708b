import type { ColumnBatch, Kernel } from '@winnow/kernel';
import type { ByteSink } from './byte-sink.ts';
import { ParquetWriter } from './parquet/parquet-writer.ts';
import type { Frozen } from './shapes/run.ts';
import { TextWriter } from './text/text-writer.ts';

/**
 * Writes the one file of a part from the batches of its reader. Its bytes depend on the rows and the options alone, not on how the
 * rows were cut into batches. Calls must not overlap; after a failure only `dispose` may be called.
 */
export interface RecordWriter<Batch = ColumnBatch> {
  /**
   * Takes all rows of the batch, which may be reused afterwards.
   *
   * @throws WinnowError where its columns are not those of the file.
   */
  append(batch: Batch): Promise<void>;
  /** Ends the file; one without rows is valid and tells the columns where the format can. Gives its rows and bytes. */
  finish(): Promise<{ rows: number; bytes: number }>;
  /** Gives the kernel its memory back. Harmless when repeated. */
  dispose(): void;
}

/** A writer of the run's format. Writes nothing to the sink before there is something to write. */
export function openRecordWriter(kernel: Kernel, frozen: Frozen, sink: ByteSink): RecordWriter {
  const { format } = frozen;
  if (format === 'parquet') return new ParquetWriter(kernel, frozen, sink);
  return new TextWriter(kernel, { columns: frozen.columns, format, csvSafe: frozen.csvSafe ?? false }, sink);
}
