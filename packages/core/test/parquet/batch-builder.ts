import { ColumnBatch, type Column, type Kernel } from '@winnow/kernel';
import type { Cell } from './table.ts';

/** What stands where nothing is defined: whoever reads it gives wrong values. */
const GARBAGE = 0xa5;

/** A batch of these rows, as a reader would leave it in the kernel's memory. */
export function batchOf(
  kernel: Kernel,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): ColumnBatch {
  const batch = ColumnBatch.allocate(kernel, columns, rows.length);
  for (const [index, column] of columns.entries()) {
    const cells = rows.map((row) => row[index] ?? null);
    // Without rows, views of texts do not look at offsets that are still to be filled in.
    batch.rows = 0;
    if (column.type === 'text' || column.type === 'json') fillTexts(batch, index, cells as (string | null)[]);
    batch.rows = rows.length;
    if (column.type !== 'text' && column.type !== 'json') fillFixed(batch, index, cells);
    fillBits(batch.vector(index).validity, cells, (cell) => cell !== null);
  }
  return batch;
}

/** Bits behind the last row are garbage. */
function fillBits(bits: Uint8Array, cells: readonly Cell[], isSet: (cell: Cell) => boolean): void {
  bits.fill(0xff);
  for (const [row, cell] of cells.entries()) {
    if (!isSet(cell)) bits[row >> 3]! &= ~(1 << (row & 7));
  }
}

function fillTexts(batch: ColumnBatch, index: number, cells: readonly (string | null)[]): void {
  const texts = cells.map((cell) => Buffer.from(cell ?? ''));
  const bytes = Buffer.concat(texts);
  batch.kernel.exports.batchReserve(batch.pointer, index, bytes.length);
  const { offsets, values } = batch.vector(index);
  const ends = new Int32Array(offsets.buffer, offsets.byteOffset, texts.length + 1);
  for (const [row, text] of texts.entries()) ends[row + 1] = ends[row]! + text.length;
  new Uint8Array(values.buffer, values.byteOffset, bytes.length).set(bytes);
}

function fillFixed(batch: ColumnBatch, index: number, cells: readonly Cell[]): void {
  const { type, values } = batch.vector(index);
  values.fill(GARBAGE);
  if (type === 'boolean') {
    fillBits(values, cells, (cell) => cell === true || cell === null);
    return;
  }
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  for (const [row, cell] of cells.entries()) {
    if (typeof cell === 'bigint') view.setBigInt64(row * 8, cell, true);
    if (typeof cell === 'number') view.setFloat64(row * 8, cell, true);
  }
}
