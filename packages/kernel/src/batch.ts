import { COLUMN_TYPES, type Column, type ColumnType } from './column.ts';
import type { Kernel } from './kernel.ts';

const VECTOR_BYTES = 28;

/** One column of a batch as views of the kernel's memory: valid until the next call into the kernel. */
export interface VectorView {
  readonly type: ColumnType;
  readonly nulls: number;
  /** One bit a row, least significant first, 1 = there is a value. */
  readonly validity: Uint8Array;
  /** 8 bytes a row (int64, double), a bit a row (boolean), or the bytes of all texts. */
  readonly values: Uint8Array;
  /** rows + 1 entries into `values`; empty where the width is fixed. */
  readonly offsets: Int32Array;
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
    const pointer = kernel.exports.batchNew(columns.length, rowCapacity) >>> 0;
    columns.forEach((column, index) =>
      kernel.exports.batchColumn(pointer, index, COLUMN_TYPES.indexOf(column.type)),
    );
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

  vector(index: number): VectorView {
    const [rows = 0, , , vectors = 0] = this.#words(this.pointer, 4);
    const [type = 0, nulls = 0, validity = 0, values = 0, offsets = 0] = this.#words(
      vectors + index * VECTOR_BYTES,
      5,
    );
    const { buffer } = this.kernel.exports.memory;
    const name = COLUMN_TYPES[type] ?? 'text';
    const texts = new Int32Array(buffer, offsets, offsets === 0 ? 0 : rows + 1);
    return {
      type: name,
      nulls,
      validity: new Uint8Array(buffer, validity, (rows + 7) >> 3),
      values: new Uint8Array(buffer, values, valueBytes(name, rows, texts)),
      offsets: texts,
    };
  }
}

function valueBytes(type: ColumnType, rows: number, offsets: Int32Array): number {
  if (type === 'text' || type === 'json') return offsets[rows] ?? 0;
  return type === 'boolean' ? (rows + 7) >> 3 : rows * 8;
}
