import {
  childrenOf,
  ColumnBatch,
  columnNodes,
  type Column,
  type Kernel,
  type ValueType,
} from '@winnow/kernel';
import type { Cell } from './table.ts';

/** What stands where nothing is defined: whoever reads it gives wrong values. */
const GARBAGE = 0xa5;

/** Words of `Batch` and of `Vector` in the kernel's `assembly/batch.ts`. */
const BATCH = { vectors: 3 };
const VECTOR = { words: 11, nulls: 1, validity: 2, values: 3, offsets: 4, used: 6, length: 9 };

/** A batch of these rows, as a reader would leave it in the kernel's memory. */
export function batchOf(
  kernel: Kernel,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): ColumnBatch {
  const batch = ColumnBatch.allocate(kernel, columns, rows.length);
  let node = 0;
  for (const [index, column] of columns.entries()) {
    fillVector(
      batch,
      node,
      column,
      rows.map((row) => row[index] ?? null),
      true,
    );
    node += columnNodes(column).length;
  }
  batch.rows = rows.length;
  return batch;
}

/** Vector `node` with these entries, and those below it. Not `rowwise`: it stands below a list or map. */
function fillVector(
  batch: ColumnBatch,
  node: number,
  type: ValueType,
  cells: readonly Cell[],
  rowwise: boolean,
): void {
  const { exports } = batch.kernel;
  if (!rowwise) exports.batchReserveEntries(batch.pointer, node, cells.length);
  const words = vectorWords(batch, node);
  words[VECTOR.length] = cells.length;
  words[VECTOR.nulls] = cells.filter((cell) => cell === null).length;
  const address = (word: number): number => vectorWords(batch, node)[word]!;
  const view = (start: number, length: number): Uint8Array =>
    new Uint8Array(batch.kernel.bytes.buffer, start, length);
  fillBits(view(address(VECTOR.validity), (cells.length + 7) >> 3), cells, (cell) => cell !== null);
  switch (type.type) {
    case 'text':
    case 'json': {
      const texts = cells.map((cell) => Buffer.from((cell ?? '') as string));
      const bytes = Buffer.concat(texts);
      exports.batchReserve(batch.pointer, node, bytes.length);
      vectorWords(batch, node)[VECTOR.used] = bytes.length;
      view(address(VECTOR.values), bytes.length).set(bytes);
      fillOffsets(
        batch,
        address(VECTOR.offsets),
        texts.map((text) => text.length),
      );
      return;
    }
    case 'struct':
      fillChildren(
        batch,
        node,
        type,
        type.fields.map((_, field) => cells.map((cell) => (cell as Cell[] | null)?.[field] ?? null)),
        rowwise,
      );
      return;
    case 'list':
    case 'map': {
      const entries = cells.map((cell) => (cell ?? []) as readonly Cell[]);
      fillOffsets(
        batch,
        address(VECTOR.offsets),
        entries.map((entry) => entry.length),
      );
      const flat: readonly Cell[] = entries.flatMap((entry) => entry);
      const below =
        type.type === 'list'
          ? [flat]
          : [flat.map((pair) => (pair as Cell[])[0]!), flat.map((pair) => (pair as Cell[])[1]!)];
      fillChildren(batch, node, type, below, false);
      return;
    }
    default:
      fillFixed(type, address(VECTOR.values), cells, batch.kernel.bytes.buffer);
  }
}

function fillChildren(
  batch: ColumnBatch,
  node: number,
  type: ValueType,
  cells: readonly (readonly Cell[])[],
  rowwise: boolean,
): void {
  let child = node + 1;
  for (const [index, below] of childrenOf(type).entries()) {
    fillVector(batch, child, below, cells[index]!, rowwise);
    child += columnNodes(below).length;
  }
}

function vectorWords(batch: ColumnBatch, node: number): Uint32Array {
  const { buffer } = batch.kernel.bytes;
  const vectors = new Uint32Array(buffer, batch.pointer, 4)[BATCH.vectors]!;
  return new Uint32Array(buffer, vectors + node * VECTOR.words * 4, VECTOR.words);
}

function fillOffsets(batch: ColumnBatch, start: number, lengths: readonly number[]): void {
  const offsets = new Int32Array(batch.kernel.bytes.buffer, start, lengths.length + 1);
  offsets[0] = 0;
  for (const [entry, length] of lengths.entries()) offsets[entry + 1] = offsets[entry]! + length;
}

/** Bits behind the last entry are garbage. */
function fillBits(bits: Uint8Array, cells: readonly Cell[], isSet: (cell: Cell) => boolean): void {
  bits.fill(0xff);
  for (const [row, cell] of cells.entries()) {
    if (!isSet(cell)) bits[row >> 3]! &= ~(1 << (row & 7));
  }
}

const WIDTHS: Readonly<Record<string, number>> = { date: 4, decimal: 16 };

function fillFixed(
  { type }: ValueType,
  start: number,
  cells: readonly Cell[],
  buffer: ArrayBufferLike,
): void {
  if (type === 'boolean') {
    fillBits(
      new Uint8Array(buffer, start, (cells.length + 7) >> 3),
      cells,
      (cell) => cell === true || cell === null,
    );
    return;
  }
  const width = WIDTHS[type] ?? 8;
  const view = new DataView(buffer, start, cells.length * width);
  new Uint8Array(buffer, start, cells.length * width).fill(GARBAGE);
  for (const [row, cell] of cells.entries()) {
    if (type === 'date' && typeof cell === 'number') view.setInt32(row * 4, cell, true);
    else if (typeof cell === 'bigint') view.setBigInt64(row * width, BigInt.asIntN(64, cell), true);
    else if (typeof cell === 'number') view.setFloat64(row * 8, cell, true);
    if (type === 'decimal' && typeof cell === 'bigint')
      view.setBigInt64(row * 16 + 8, BigInt.asIntN(64, cell >> 64n), true);
  }
}
