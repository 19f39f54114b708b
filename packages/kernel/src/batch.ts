import { columnNodes } from './column-node.ts';
import { COLUMN_TYPES, type Column, type ColumnType } from './column.ts';
import type { Kernel } from './kernel.ts';

/** Words of `Vector` and of `Batch` in `assembly/batch.ts`. */
const VECTOR_WORDS = 11;
const BATCH_WORDS = 6;

/**
 * One vector of a batch as views of the kernel's memory: valid until the next call into the kernel. A column is a tree
 * of them.
 */
export interface VectorView {
  readonly type: ColumnType;
  /** Values in it, null or not: the batch's rows, or what the lists above hold. */
  readonly length: number;
  readonly nulls: number;
  /** One bit an entry, least significant first, 1 = there is a value. */
  readonly validity: Uint8Array;
  /**
   * 8 bytes an entry (int64, double, timestamp, datetime), 4 (date), 16 (decimal), a bit (boolean), or the bytes of all
   * texts; empty for nested types.
   */
  readonly values: Uint8Array;
  /** `length` + 1 entries into `values` (text, json) or into the children (list, map); else empty. */
  readonly offsets: Int32Array;
  /** Of a decimal. */
  readonly precision: number;
  readonly scale: number;
  /** A struct's fields, a list's element, a map's keys and values. */
  readonly children: readonly VectorView[];
}

/** A column batch in the kernel's memory. Layout: `assembly/batch.ts`. */
export class ColumnBatch {
  readonly kernel: Kernel;
  readonly pointer: number;

  constructor(kernel: Kernel, pointer: number) {
    this.kernel = kernel;
    this.pointer = pointer;
  }

  /** An empty batch to be filled by a writer outside the kernel. */
  static allocate(kernel: Kernel, columns: readonly Column[], rowCapacity: number): ColumnBatch {
    const pointer = kernel.exports.batchNew(columns.length, countNodes(columns), rowCapacity) >>> 0;
    setUpVectors(kernel, pointer, columns);
    return new ColumnBatch(kernel, pointer);
  }

  #words(pointer: number, count: number): Uint32Array {
    return new Uint32Array(this.kernel.exports.memory.buffer, pointer, count);
  }

  get rows(): number {
    return this.#words(this.pointer, 1)[0] ?? 0;
  }

  set rows(rows: number) {
    this.#words(this.pointer, 1)[0] = rows;
  }

  get columns(): number {
    return this.#words(this.pointer, 2)[1] ?? 0;
  }

  /** The vector of a column, with those below it. */
  vector(column: number): VectorView {
    const [rows = 0, columns = 0, , vectors = 0, , roots = 0] = this.#words(this.pointer, BATCH_WORDS);
    return this.#view(vectors, this.#words(roots, columns)[column] ?? 0, rows);
  }

  #view(vectors: number, node: number, length: number): VectorView {
    const words = this.#words(vectors + node * VECTOR_WORDS * 4, VECTOR_WORDS);
    const [number = 0, nulls = 0, validity = 0, values = 0, offsets = 0] = words;
    const [span = 0, parameter = 0] = words.subarray(7);
    const { buffer } = this.kernel.exports.memory;
    const type = COLUMN_TYPES[number] ?? 'text';
    const places = new Int32Array(buffer, offsets, offsets === 0 ? 0 : length + 1);
    const below = type === 'list' || type === 'map' ? (places[length] ?? 0) : length;
    const children: VectorView[] = [];
    for (let child = node + 1; child < node + span;) {
      children.push(this.#view(vectors, child, below));
      child += this.#words(vectors + child * VECTOR_WORDS * 4, VECTOR_WORDS)[7] ?? 1;
    }
    return {
      type,
      length,
      nulls,
      validity: new Uint8Array(buffer, validity, (length + 7) >> 3),
      values: new Uint8Array(buffer, values, valueBytes(type, length, places)),
      offsets: places,
      precision: parameter >> 8,
      scale: parameter & 0xff,
      children,
    };
  }
}

/** Vectors of a batch with these columns. */
export function countNodes(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + columnNodes(column).length, 0);
}

/** Gives the vectors of a new batch their types. */
export function setUpVectors(kernel: Kernel, batch: number, columns: readonly Column[]): void {
  let node = 0;
  for (const [index, column] of columns.entries()) {
    /** Vectors before this one are below a list or map. */
    let repeatedUntil = 0;
    for (const [place, { type, span, parameter }] of columnNodes(column).entries()) {
      const rowwise = place >= repeatedUntil;
      kernel.exports.batchNode(batch, node++, index, type, span, parameter, place === 0, rowwise);
      const name = COLUMN_TYPES[type];
      if (rowwise && (name === 'list' || name === 'map')) repeatedUntil = place + span;
    }
  }
}

function valueBytes(type: ColumnType, length: number, offsets: Int32Array): number {
  switch (type) {
    case 'text':
    case 'json':
      return offsets[length] ?? 0;
    case 'boolean':
      return (length + 7) >> 3;
    case 'date':
      return length * 4;
    case 'decimal':
      return length * 16;
    case 'struct':
    case 'list':
    case 'map':
      return 0;
    default:
      return length * 8;
  }
}
