import type { ColumnBatch } from './batch.ts';
import { COLUMN_TYPES, type Column } from './column.ts';
import type { Kernel } from './kernel.ts';

/** Encodings of data pages that the kernel writes, with their numbers in Parquet. */
export const PAGE_ENCODINGS = { PLAIN: 0, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const;
export type PageEncoding = keyof typeof PAGE_ENCODINGS;

/** Words of `Encoded` in `assembly/parquet/encoded.ts`. */
const ENCODED_WORDS = 14;

/** The smallest or largest value: 8 bytes (int64, double), 1 (boolean), or the text's, all of them. */
export interface ValueBound {
  readonly value: Uint8Array;
  /** False where the chunk may hold another value that is equal (a zero of the other sign). */
  readonly exact: boolean;
}

/** A column chunk as uncompressed pages: views of the kernel's memory, valid until the next call into it. */
export interface EncodedChunk {
  readonly encoding: PageEncoding;
  /** Rows with a value. */
  readonly values: number;
  /** The dictionary page, where the encoding is `RLE_DICTIONARY`. */
  readonly dictionary: { readonly entries: number; readonly page: Uint8Array } | undefined;
  /** The data page: definition levels and values. */
  readonly page: Uint8Array;
  /** Undefined where there are no values, for JSON, and for doubles with a NaN among them. */
  readonly bounds: { readonly min: ValueBound; readonly max: ValueBound } | undefined;
}

/** Where row groups end: both limits are decided row by row, so that batch borders never show. */
export interface RowGroupLimits {
  readonly rows: number;
  /**
   * Of a row's logical size: a bit a column, rounded up to a byte, and for each value 8 bytes (int64, double),
   * 1 (boolean), or 4 and the bytes of the text. A row above the limit is a row group of its own.
   */
  readonly bytes: number;
}

/** Collects batches into a row group and encodes its columns as Parquet pages. Start the next one with `clear`. */
export class RowGroupEncoder {
  readonly #kernel: Kernel;
  readonly #pointer: number;
  #rows = 0;

  constructor(kernel: Kernel, columns: readonly Column[], limits: RowGroupLimits) {
    this.#kernel = kernel;
    this.#pointer = kernel.exports.rowGroupNew(columns.length, limits.rows, limits.bytes) >>> 0;
    columns.forEach((column, index) =>
      kernel.exports.rowGroupColumn(this.#pointer, index, COLUMN_TYPES.indexOf(column.type)),
    );
  }

  /** Rows appended since the last `clear`. */
  get rows(): number {
    return this.#rows;
  }

  /** Whether the batch has as many columns and of the same types. */
  accepts(batch: ColumnBatch): boolean {
    return (
      batch.kernel === this.#kernel &&
      this.#kernel.exports.rowGroupAccepts(this.#pointer, batch.pointer) !== 0
    );
  }

  /** How many rows of the batch from `from` on still fit. The first row of a row group always does. */
  fits(batch: ColumnBatch, from: number): number {
    return this.#kernel.exports.rowGroupFits(this.#pointer, batch.pointer, from) >>> 0;
  }

  /** Copies rows of a batch that it accepts; no more than `fits` says. */
  append(batch: ColumnBatch, from: number, rows: number): void {
    this.#kernel.exports.rowGroupAppend(this.#pointer, batch.pointer, from, rows);
    this.#rows += rows;
  }

  /** Encodes one column of the row group: at most once before `clear`, for that uses up its values. */
  encode(column: number): EncodedChunk {
    const pointer = this.#kernel.exports.rowGroupEncode(this.#pointer, column) >>> 0;
    return readEncoded(this.#kernel, pointer);
  }

  /** Empties the row group; keeps its memory for the next one. */
  clear(): void {
    this.#kernel.exports.rowGroupClear(this.#pointer);
    this.#rows = 0;
  }

  /** Gives the memory back to the kernel. Nothing may be called afterwards. */
  dispose(): void {
    this.#kernel.exports.rowGroupFree(this.#pointer);
  }
}

const encodingOf = (number: number): PageEncoding =>
  number === PAGE_ENCODINGS.PLAIN
    ? 'PLAIN'
    : number === PAGE_ENCODINGS.RLE_DICTIONARY
      ? 'RLE_DICTIONARY'
      : 'DELTA_BINARY_PACKED';

function readEncoded(kernel: Kernel, pointer: number): EncodedChunk {
  const { buffer } = kernel.exports.memory;
  const words = new Uint32Array(buffer, pointer, ENCODED_WORDS);
  const [encoding = 0, values = 0, dictionary = 0, dictionaryBytes = 0, entries = 0] = words;
  const [page = 0, pageBytes = 0, hasBounds = 0] = words.subarray(5);
  const [min = 0, minBytes = 0, minExact = 0, max = 0, maxBytes = 0, maxExact = 0] = words.subarray(8);
  const view = (start: number, bytes: number): Uint8Array => new Uint8Array(buffer, start, bytes);
  return {
    encoding: encodingOf(encoding),
    values,
    dictionary: entries === 0 ? undefined : { entries, page: view(dictionary, dictionaryBytes) },
    page: view(page, pageBytes),
    bounds:
      hasBounds === 0
        ? undefined
        : {
            min: { value: view(min, minBytes), exact: minExact !== 0 },
            max: { value: view(max, maxBytes), exact: maxExact !== 0 },
          },
  };
}
