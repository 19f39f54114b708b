import { RowGroupEncoder, type Column, type ColumnBatch, type Kernel } from '@winnow/kernel';
import type { ByteSink } from '../byte-sink.ts';
import { ConfigurationError, WinnowError } from '../errors.ts';
import type { RecordWriter } from '../record-writer.ts';
import { BufferedSink } from './buffered-sink.ts';
import { writeChunk, type StoredChunk } from './column-chunk.ts';
import { footer, rowGroupFacts, type IndexOffsets, type RowGroupFacts } from './footer.ts';
import { MAGIC, type Codec, type ParquetProfile } from './format.ts';
import { leavesOf, type Leaf } from './leaf.ts';
import { pageCodec, type PageCodec } from './page-codec.ts';

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
  /** Of zstd. */
  readonly level: number;
  /** Default `default`. */
  readonly parquetProfile?: ParquetProfile | undefined;
  /** Default {@link CREATED_BY}. */
  readonly createdBy?: string;
}

/**
 * Writes one Parquet file from column batches. Its bytes depend on the rows and the options alone, not on how the rows
 * were cut into batches. Memory: one row group in the kernel, one compressed page.
 *
 * Calls must not overlap. After a failure only `dispose` may be called.
 */
export class ParquetWriter implements RecordWriter {
  readonly #options: ParquetOptions;
  readonly #encoder: RowGroupEncoder;
  readonly #leaves: readonly Leaf[];
  readonly #codec: PageCodec;
  readonly #sink: BufferedSink;
  readonly #rowGroups: RowGroupFacts[] = [];
  #disposed = false;

  constructor(kernel: Kernel, options: ParquetOptions, sink: ByteSink) {
    assertLimit('rowGroupRows', options.rowGroupRows, MAX_ROW_GROUP_ROWS);
    assertLimit('rowGroupBytes', options.rowGroupBytes, MAX_ROW_GROUP_BYTES);
    this.#options = options;
    this.#sink = new BufferedSink(sink);
    const limits = { rows: options.rowGroupRows, bytes: options.rowGroupBytes };
    this.#leaves = leavesOf(options.columns);
    this.#encoder = new RowGroupEncoder(kernel, options.columns, limits, {
      plainOnly: options.parquetProfile === 'compatible',
    });
    this.#codec = pageCodec(kernel, options.codec, options.level);
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
    const indexes = await this.#writePageIndex();
    const { columns, createdBy = CREATED_BY } = this.#options;
    await this.#sink.write(footer(columns, this.#leaves, this.#rowGroups, indexes, createdBy));
    await this.#sink.flush();
    const rows = this.#rowGroups.reduce((sum, group) => sum + group.rows, 0);
    return { rows, bytes: this.#sink.position };
  }

  /** Gives the kernel its memory back. Harmless when repeated. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#encoder.dispose();
    this.#codec.dispose();
  }

  async #begin(): Promise<void> {
    if (this.#sink.position === 0) await this.#sink.write(MAGIC);
  }

  async #closeRowGroup(): Promise<void> {
    await this.#begin();
    const chunks: StoredChunk[] = [];
    for (const [index, leaf] of this.#leaves.entries())
      chunks.push(await writeChunk(this.#sink, leaf, this.#encoder.encode(index), this.#codec));
    const { codec, parquetProfile } = this.#options;
    const pageIndex = parquetProfile !== 'compatible';
    this.#rowGroups.push(rowGroupFacts(chunks, this.#encoder.rows, { codec, pageIndex }));
    this.#encoder.clear();
  }

  /** All structs of one kind together, as the specification asks. */
  async #writePageIndex(): Promise<IndexOffsets[]> {
    const write = async (kind: 'columnIndexes' | 'offsetIndexes'): Promise<number[]> => {
      const offsets: number[] = [];
      for (const group of this.#rowGroups) {
        offsets.push(this.#sink.position);
        await this.#sink.write(group[kind].bytes);
      }
      return offsets;
    };
    const columnIndexes = await write('columnIndexes');
    const offsetIndexes = await write('offsetIndexes');
    return this.#rowGroups.map((_, group) => ({
      columnIndexes: columnIndexes[group] ?? 0,
      offsetIndexes: offsetIndexes[group] ?? 0,
    }));
  }
}

function assertLimit(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new ConfigurationError(`${name} must be a whole number from 1 to ${most}, got ${value}`);
}
