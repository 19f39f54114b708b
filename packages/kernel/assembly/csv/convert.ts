// A block of cells to the vectors of the batch, column by column. Values of fixed width are there already: fit.ts
// stored them.
import { Batch, reserve, Vector, vectorOf } from '../batch';
import { BOOLEAN, TEXT, widthOf } from '../column';
import { copyBytes } from '../ndjson/bytes';
import { setBit } from '../ndjson/convert';
import { CELL_BYTES, Cell, DRIFTED, ESCAPED, NULL } from './cells';
import { Dialect } from './dialect';
import { fieldOfColumn, Fields, UNKNOWN } from './fields';
import { unescapeText } from './unescape';

function convertTexts(
  dialect: Dialect,
  vector: Vector,
  cells: usize,
  stride: usize,
  first: u32,
  rows: u32,
): void {
  const end = cells + <usize>rows * stride;
  let bytes: u32 = 0;
  for (let p = cells; p < end; p += stride) bytes += changetype<Cell>(p).tag >> 3;
  reserve(vector, bytes);
  const values = vector.values;
  let used = vector.used;
  let offset = vector.offsets + (<usize>first + 1) * 4;
  let row = first;
  for (let p = cells; p < end; p += stride) {
    const cell = changetype<Cell>(p);
    const kind = cell.tag & 7;
    const length = cell.tag >> 3;
    if (kind != NULL) {
      if (kind == ESCAPED) used += unescapeText(dialect, cell.start, length, values + used);
      else {
        copyBytes(values + used, cell.start, length);
        used += length;
      }
      setBit(vector.validity, row);
    } else vector.nulls++;
    store<u32>(offset, used);
    offset += 4;
    row++;
  }
  vector.used = used;
}

/** Sets the bits of eight rows at once. */
function convertValues(vector: Vector, cells: usize, stride: usize, first: u32, rows: u32): void {
  const isBoolean = vector.type == BOOLEAN;
  const end = first + rows;
  let p = cells;
  let row = first;
  let nulls: u32 = 0;
  while (row < end) {
    let valid: u32 = 0;
    let truths: u32 = 0;
    const at = row >> 3;
    const until = min<u32>(end, (at + 1) << 3);
    while (row < until) {
      const cell = changetype<Cell>(p);
      const isValid = u32((cell.tag & 7) - 1 < DRIFTED - 1);
      valid |= isValid << (row & 7);
      if (isBoolean) truths |= (isValid & cell.start) << (row & 7);
      nulls += 1 - isValid;
      p += stride;
      row++;
    }
    putBits(vector.validity + at, valid);
    if (isBoolean) putBits(vector.values + at, truths);
  }
  vector.nulls += nulls;
}

// @ts-ignore: decorator
@inline
function putBits(to: usize, bits: u32): void {
  store<u8>(to, (<u32>load<u8>(to)) | bits);
}

/** A column that has no value in these rows. */
export function convertAbsent(vector: Vector, first: u32, rows: u32): void {
  vector.nulls += rows;
  const width = widthOf(vector.type);
  if (width) memory.fill(vector.values + <usize>first * width, 0, <usize>rows * width);
  if (vector.type != TEXT) return;
  for (let row = first; row < first + rows; row++) {
    store<u32>(vector.offsets + ((<usize>row + 1) << 2), vector.used);
  }
}

/** Appends the first `rows` rows of the cells to the first `columns` columns of the batch. */
export function convertCells(dialect: Dialect, fields: Fields, batch: Batch, columns: u32, rows: u32): void {
  const stride = <usize>fields.count * CELL_BYTES;
  const first = batch.rows;
  for (let i: u32 = 0; i < columns; i++) {
    const vector = vectorOf(batch, i);
    const field = fieldOfColumn(fields, i);
    const cells = fields.cells + <usize>field * CELL_BYTES;
    if (field == UNKNOWN) convertAbsent(vector, first, rows);
    else if (vector.type == TEXT) convertTexts(dialect, vector, cells, stride, first, rows);
    else convertValues(vector, cells, stride, first, rows);
  }
}
