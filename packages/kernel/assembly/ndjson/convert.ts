// A block of cells to the vectors of the batch, column by column. Everything in the cells fits: line.ts saw to that.
import { Batch, reserve, Vector, vectorOf } from '../batch';
import { BOOLEAN, DOUBLE, INT64, isFitted, isNested, TEXT } from '../column';
import { copyBytes } from './bytes';
import { CELL_BYTES, cellAt } from './cells';
import { convertFitted } from './fit-cell';
import { columnAt } from './keys';
import { REAL, DRIFTED, ESCAPED, INTEGER, isString, NULL, TRUE } from './kinds';
import { Reader } from './reader';
import { unescape } from './string';

// @ts-ignore: decorator
@inline
export function setBit(bitmap: usize, row: u32): void {
  const at = bitmap + (row >> 3);
  store<u8>(at, (<u32>load<u8>(at)) | (1 << (row & 7)));
}

/** Integers and doubles: the cell has the bits. A row without a value gets zeros, so that bytes never differ. */
function convertWords(vector: Vector, cells: usize, first: u32, rows: u32, wanted: u32): void {
  let to = vector.values + <usize>first * 8;
  let nulls: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    const cell = cellAt(cells, row);
    if ((cell.tag & 15) == wanted) {
      store<u64>(to, cell.bits);
      setBit(vector.validity, first + row);
    } else {
      store<u64>(to, 0);
      nulls++;
    }
    to += 8;
  }
  vector.nulls += nulls;
}

function convertBooleans(vector: Vector, cells: usize, first: u32, rows: u32): void {
  for (let row: u32 = 0; row < rows; row++) {
    const kind = cellAt(cells, row).tag & 15;
    if (kind <= NULL || kind == DRIFTED) {
      vector.nulls++;
      continue;
    }
    setBit(vector.validity, first + row);
    if (kind == TRUE) setBit(vector.values, first + row);
  }
}

/** Makes room for all texts of the block at once. */
function reserveTexts(vector: Vector, cells: usize, rows: u32): void {
  let bytes: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) bytes += (cellAt(cells, row).tag >> 4) + 2;
  reserve(vector, bytes);
}

function convertTexts(vector: Vector, cells: usize, first: u32, rows: u32): void {
  reserveTexts(vector, cells, rows);
  const values = vector.values;
  let used = vector.used;
  let nulls: u32 = 0;
  let offset = vector.offsets + (<usize>first + 1) * 4;
  for (let row: u32 = 0; row < rows; row++) {
    const cell = cellAt(cells, row);
    const kind = cell.tag & 15;
    if (isString(kind)) {
      const length = cell.tag >> 4;
      if (kind == ESCAPED) used += unescape(cell.start, length, values + used);
      else {
        copyBytes(values + used, cell.start, length);
        used += length;
      }
      setBit(vector.validity, first + row);
    } else nulls++;
    store<u32>(offset, used);
    offset += 4;
  }
  vector.nulls += nulls;
  vector.used = used;
}

/** Raw text of any value; a string gets back its quotes. */
function convertJson(vector: Vector, cells: usize, first: u32, rows: u32): void {
  reserveTexts(vector, cells, rows);
  let used = vector.used;
  for (let row: u32 = 0; row < rows; row++) {
    const cell = cellAt(cells, row);
    const kind = cell.tag & 15;
    if (kind > NULL) {
      const quotes: u32 = isString(kind) ? 1 : 0;
      const length = (cell.tag >> 4) + 2 * quotes;
      copyBytes(vector.values + used, cell.start - quotes, length);
      used += length;
      setBit(vector.validity, first + row);
    } else vector.nulls++;
    store<u32>(vector.offsets + <usize>(first + row + 1) * 4, used);
  }
  vector.used = used;
}

/** Appends the first `rows` rows of the cells to the batch, all columns but `_rest`; then the cells are empty again. */
export function convertCells(reader: Reader, rows: u32): void {
  const batch = changetype<Batch>(reader.batch);
  const first = batch.rows;
  const count = reader.keys.count;
  for (let i: u32 = 0; i < count; i++) {
    const vector = vectorOf(batch, i);
    const cells = columnAt(reader.keys, i).cells;
    if (vector.type == TEXT) convertTexts(vector, cells, first, rows);
    else if (vector.type == INT64) convertWords(vector, cells, first, rows, INTEGER);
    else if (vector.type == DOUBLE) convertWords(vector, cells, first, rows, REAL);
    else if (vector.type == BOOLEAN) convertBooleans(vector, cells, first, rows);
    else if (isFitted(vector.type)) convertFitted(vector, cells, first, rows);
    else if (!isNested(vector.type)) convertJson(vector, cells, first, rows);
    memory.fill(cells, 0, <usize>rows * CELL_BYTES);
  }
}
