import type { ColumnBatch } from './batch.ts';
import { columnNodes, type ColumnNode } from './column-node.ts';
import { COLUMN_TYPES, type Column } from './column.ts';
import type { Kernel } from './kernel.ts';

/** Encodings of data pages that the kernel writes, with their numbers in Parquet. */
export const PAGE_ENCODINGS = { PLAIN: 0, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const;
export type PageEncoding = keyof typeof PAGE_ENCODINGS;

/** Words of `EncodedChunk` and `EncodedPage` in `assembly/parquet/encoded.ts`. */
const CHUNK_WORDS = 4;
const PAGE_WORDS = 12;

/** The smallest or largest value: in as many bytes as PLAIN encoding has (a boolean: 1), or the text's, all of them. */
export interface ValueBound {
  readonly value: Uint8Array;
  /** False where the page may hold another value that is equal (a zero of the other sign). */
  readonly exact: boolean;
}

/** A data page: definition levels and values, uncompressed. Views of the kernel's memory, valid until the next call into it. */
export interface EncodedPage {
  readonly page: Uint8Array;
  readonly rows: number;
  /** Values and places without one: a row of a flat column is one. */
  readonly entries: number;
  readonly values: number;
  /** Undefined where there are no values, for JSON, and for doubles with a NaN among them. */
  readonly bounds: { readonly min: ValueBound; readonly max: ValueBound } | undefined;
}

/** A column chunk as uncompressed pages. */
export interface EncodedChunk {
  readonly encoding: PageEncoding;
  /** The dictionary page, where the encoding is `RLE_DICTIONARY`: valid until the first data page is asked for. */
  readonly dictionary: { readonly entries: number; readonly page: Uint8Array } | undefined;
  /** Each is made when it is asked for: to be taken once. */
  readonly pages: Iterable<EncodedPage>;
}

/** Where row groups end: both limits are decided row by row, so that batch borders never show. */
export interface RowGroupLimits {
  readonly rows: number;
  /**
   * Of a row's logical size: a bit a column, rounded up to a byte; for each value its bytes in a batch (a boolean 1, a
   * text 4 and its own); and a byte for each entry below a nested column. A row above the limit is a row group of its own.
   */
  readonly bytes: number;
}

/** Collects batches into a row group and encodes its leaf columns as Parquet pages. Start the next one with `clear`. */
export class RowGroupEncoder {
  readonly #kernel: Kernel;
  readonly #pointer: number;
  #rows = 0;

  /** `plainOnly`: values are in PLAIN encoding even where another is smaller, for readers that know no other. */
  constructor(
    kernel: Kernel,
    columns: readonly Column[],
    limits: RowGroupLimits,
    { plainOnly = false }: { readonly plainOnly?: boolean } = {},
  ) {
    const { exports } = kernel;
    const trees = columns.map((column) => columnNodes(column));
    const nodes = trees.reduce((sum, tree) => sum + tree.length, 0);
    const leaves = trees.reduce((sum, tree) => sum + tree.filter(isLeaf).length, 0);
    this.#kernel = kernel;
    this.#pointer = exports.rowGroupNew(columns.length, nodes, leaves, limits.rows, limits.bytes) >>> 0;
    let root = 0;
    for (const tree of trees) {
      for (const { type, span, parameter } of tree)
        exports.rowGroupNode(this.#pointer, root, type, span, parameter, plainOnly);
      root += tree.length;
    }
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

  /**
   * Encodes one leaf of the row group (leaves count through all columns, each column's in the order of its nodes): at
   * most once before `clear`, for that uses up its values. Its pages are taken before the next leaf is encoded.
   */
  encode(leaf: number): EncodedChunk {
    const pointer = this.#kernel.exports.rowGroupEncode(this.#pointer, leaf) >>> 0;
    const { buffer } = this.#kernel.exports.memory;
    const [encoding = 0, start = 0, bytes = 0, entries = 0] = new Uint32Array(buffer, pointer, CHUNK_WORDS);
    return {
      encoding: encodingOf(encoding),
      dictionary: entries === 0 ? undefined : { entries, page: new Uint8Array(buffer, start, bytes) },
      pages: this.#pages(),
    };
  }

  *#pages(): Generator<EncodedPage> {
    for (;;) {
      const pointer = this.#kernel.exports.rowGroupPage(this.#pointer) >>> 0;
      if (pointer === 0) return;
      yield readPage(this.#kernel, pointer);
    }
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

const isLeaf = ({ type }: ColumnNode): boolean =>
  !['struct', 'list', 'map'].includes(COLUMN_TYPES[type] ?? '');

const encodingOf = (number: number): PageEncoding =>
  number === PAGE_ENCODINGS.PLAIN
    ? 'PLAIN'
    : number === PAGE_ENCODINGS.RLE_DICTIONARY
      ? 'RLE_DICTIONARY'
      : 'DELTA_BINARY_PACKED';

function readPage(kernel: Kernel, pointer: number): EncodedPage {
  const { buffer } = kernel.exports.memory;
  const words = new Uint32Array(buffer, pointer, PAGE_WORDS);
  const [page = 0, pageBytes = 0, rows = 0, entries = 0, values = 0, hasBounds = 0] = words;
  const [min = 0, minBytes = 0, minExact = 0, max = 0, maxBytes = 0, maxExact = 0] = words.subarray(6);
  const view = (start: number, bytes: number): Uint8Array => new Uint8Array(buffer, start, bytes);
  return {
    page: view(page, pageBytes),
    rows,
    entries,
    values,
    bounds:
      hasBounds === 0
        ? undefined
        : {
            min: { value: view(min, minBytes), exact: minExact !== 0 },
            max: { value: view(max, maxBytes), exact: maxExact !== 0 },
          },
  };
}
