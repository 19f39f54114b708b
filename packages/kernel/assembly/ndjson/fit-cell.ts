// Cells of decimals, dates and moments: filled when the record is read, so that what drifts is known, and their bits
// moved to the vector later.
import { Batch, Vector, vectorOf } from '../batch';
import { DECIMAL, widthOf } from '../column';
import { Cell, cellAt } from './cells';
import { setBit } from './convert';
import { fitHigh, fitLow, fits } from './fit';
import { DRIFTED, INTEGER, NULL, NUMERAL } from './kinds';
import { KeyedColumn } from './keys';
import { Reader } from './reader';

/**
 * Fills the cell where the value fits its column; false = it drifts. INTEGER: the bits are the value; any other kind: a
 * decimal that needs more than 64 bits, known from its text only.
 */
export function fitCell(
  reader: Reader,
  column: KeyedColumn,
  cell: Cell,
  start: usize,
  length: u32,
  kind: u32,
): bool {
  const parameter = vectorOf(changetype<Batch>(reader.batch), column.index).parameter;
  if (!fits(column.type, parameter, kind, start, length)) return false;
  const isWide = column.type == DECIMAL && fitHigh != <u64>((<i64>fitLow) >> 63);
  const widely = kind == INTEGER ? NUMERAL : kind;
  cell.start = <u32>start;
  cell.tag = (length << 4) | (isWide ? widely : INTEGER);
  cell.bits = fitLow;
  return true;
}

/** A row without a value gets zeros, so that bytes never differ. */
export function convertFitted(vector: Vector, cells: usize, first: u32, rows: u32): void {
  const width = widthOf(vector.type);
  let to = vector.values + <usize>first * width;
  for (let row: u32 = 0; row < rows; row++) {
    const cell = cellAt(cells, row);
    const kind = cell.tag & 15;
    const isValue = kind > NULL && kind != DRIFTED;
    let low: u64 = isValue ? cell.bits : 0;
    let high = <u64>((<i64>low) >> 63);
    if (isValue && kind != INTEGER) {
      fits(DECIMAL, vector.parameter, kind, cell.start, cell.tag >> 4);
      low = fitLow;
      high = fitHigh;
    }
    if (width == 4) store<u32>(to, <u32>low);
    else store<u64>(to, low);
    if (width == 16) store<u64>(to, high, 8);
    if (isValue) setBit(vector.validity, first + row);
    else vector.nulls++;
    to += width;
  }
}
