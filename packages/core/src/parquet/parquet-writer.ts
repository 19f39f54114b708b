import { RowGroupEncoder, type Column, type ColumnBatch, type Kernel } from '@winnow/kernel';
import type { ByteSink } from '../byte-sink.ts';
import { ConfigurationError, WinnowError } from '../errors.ts';
import { BufferedSink } from './buffered-sink.ts';
import { storeChunk } from './column-chunk.ts';
import { footer, rowGroupStruct, type ChunkFacts } from './footer.ts';
import { MAGIC, type Codec } from './format.ts';

/** Keeps every buffer of a row group, and so every page, far below the limits of Parquet and of WebAssembly. */
export const MAX_ROW_GROUP_BYTES = 256 << 20;
export const MAX_ROW_GROUP_ROWS = 1 << 24;

/** Names the writer in the footer. Without a version: equal input gives equal bytes in every release of an engine. */
export const CREATED_BY = 'winnow';

export interface ParquetOptions {
  readonly columns: readonly Column[];
  /** Rows a row group holds at most: 1 to {@link MAX_ROW_GROUP_ROWS}. */
  readonly rowGroupRows: number;
  /** Logical bytes a row group holds at most, as `RowGroupLimits` counts them: 1 to {@link MAX_ROW_GROUP_BYTES}. */
  readonly rowGroupBytes: number;
  readonly codec: Codec;
  readonly level: number;
  /** Default {@link CREATED_BY}. */
  readonly createdBy?: string;
}

/**
 * Writes one Parquet file from column batches. Its bytes depend on the rows and the options alone, not on how the rows
 * were cut into batches. Memory: one row group in the kernel, one compressed page.
 *
 * Calls must not overlap. After a failure only `dispose` may be called.
 */
export class ParquetWriter {
  readonly #options: ParquetOptions;
  readonly #encoder: RowGroupEncoder;
  readonly #sink: BufferedSink;
  readonly #rowGroups: Buffer[] = [];
  #rows = 0;
  #disposed = false;

  constructor(kernel: Kernel, options: ParquetOptions, sink: ByteSink) {
    assertLimit('rowGroupRows', options.rowGroupRows, MAX_ROW_GROUP_ROWS);
    assertLimit('rowGroupBytes', options.rowGroupBytes, MAX_ROW_GROUP_BYTES);
    this.#options = options;
    this.#sink = new BufferedSink(sink);
    const limits = { rows: options.rowGroupRows, bytes: options.rowGroupBytes };
    this.#encoder = new RowGroupEncoder(kernel, options.columns, limits);
  }

  /** Takes all rows of the batch, which may be reused afterwards. Its columns must be those of the file. */
  async append(batch: ColumnBatch): Promise<void> {
    if (!this.#encoder.accepts(batch)) {
      throw new WinnowError(
        'a batch must have the columns of the Parquet file it is appended to, and its kernel',
      );
    }
    for (let from = 0; from < batch.rows;) {
      const rows = this.#encoder.fits(batch, from);
      if (rows === 0) {
        await this.#closeRowGroup();
      } else {
        this.#encoder.append(batch, from, rows);
        from += rows;
      }
    }
  }

  /** Ends the file; one without rows is valid and holds the schema. Gives its rows and bytes. */
  async finish(): Promise<{ rows: number; bytes: number }> {
    if (this.#encoder.rows > 0) await this.#closeRowGroup();
    await this.#begin();
    const { columns, createdBy = CREATED_BY } = this.#options;
    await this.#sink.write(footer(columns, this.#rows, this.#rowGroups, createdBy));
    await this.#sink.flush();
    return { rows: this.#rows, bytes: this.#sink.position };
  }

  /** Gives the kernel its memory back. Harmless when repeated. */
  dispose(): void {
    if (!this.#disposed) this.#encoder.dispose();
    this.#disposed = true;
  }

  async #begin(): Promise<void> {
    if (this.#sink.position === 0) await this.#sink.write(MAGIC);
  }

  async #closeRowGroup(): Promise<void> {
    await this.#begin();
    const { columns, codec, level } = this.#options;
    const offset = this.#sink.position;
    const rows = this.#encoder.rows;
    const chunks: ChunkFacts[] = [];
    for (const [index, column] of columns.entries()) {
      const { pages, ...facts } = storeChunk(column, this.#encoder.encode(index), rows, level);
      for (const page of pages) await this.#sink.write(page);
      chunks.push(facts);
    }
    this.#rowGroups.push(rowGroupStruct(chunks, rows, offset, codec));
    this.#rows += rows;
    this.#encoder.clear();
  }
}

function assertLimit(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new ConfigurationError(`${name} must be a whole number from 1 to ${most}, got ${value}`);
}
