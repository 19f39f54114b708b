// The fields of a block of rows fitted to their columns, column by column: where what drifts makes no record bad.
import { Batch, Vector } from '../batch';
import { INT64 } from '../column';
import { CELL_BYTES, Cell, DRIFTED, ESCAPED, NULL } from './cells';
import { checkedAt, Field, fieldAt, UNKNOWN } from './fields';
import { fitCell } from './fit';
import { NO_INTEGER, shortInteger } from './integer';
import { CsvReader } from './reader';

/** A column of integers: most of them are short. */
function fitIntegers(
  field: Field,
  cells: usize,
  end: usize,
  stride: usize,
  first: u32,
  printsBack: bool,
): void {
  const vector = changetype<Vector>(field.vector);
  let row = first;
  for (let p = cells; p < end; p += stride) {
    const cell = changetype<Cell>(p);
    const tag = cell.tag;
    const value = (tag & 7) - 1 < ESCAPED - 1 ? shortInteger(cell.start, tag >> 3) : NO_INTEGER;
    if (value != NO_INTEGER) store<i64>(vector.values + ((<usize>row) << 3), value);
    else if (!fitCell(cell, INT64, 0, vector, row, printsBack)) {
      cell.tag |= DRIFTED;
      field.drifted++;
    }
    row++;
  }
}

function fitValues(
  field: Field,
  cells: usize,
  end: usize,
  stride: usize,
  first: u32,
  printsBack: bool,
): void {
  const vector = changetype<Vector>(field.vector);
  const type = field.type;
  const parameter = field.parameter;
  let row = first;
  for (let p = cells; p < end; p += stride) {
    const cell = changetype<Cell>(p);
    if (!fitCell(cell, type, parameter, vector, row++, printsBack)) {
      cell.tag |= DRIFTED;
      field.drifted++;
    }
  }
}

/** A field without a column: all that is not null drifts. */
function markUnknown(field: Field, cells: usize, end: usize, stride: usize): void {
  for (let p = cells; p < end; p += stride) {
    const cell = changetype<Cell>(p);
    if ((cell.tag & 7) == NULL) continue;
    cell.tag |= DRIFTED;
    field.drifted++;
  }
}

/** Fits the first `rows` rows of the cells; whether something in them drifts. */
export function fitBlock(reader: CsvReader, rows: u32): bool {
  const fields = reader.fields;
  const first = changetype<Batch>(reader.batch).rows;
  const printsBack = reader.printsBack != 0;
  const stride = <usize>fields.count * CELL_BYTES;
  let drifts = false;
  for (let i: u32 = 0; i < fields.checkedCount; i++) {
    const index = checkedAt(fields, i);
    const field = fieldAt(fields, index);
    const cells = fields.cells + <usize>index * CELL_BYTES;
    const end = cells + <usize>rows * stride;
    const before = field.drifted;
    if (field.column == UNKNOWN) markUnknown(field, cells, end, stride);
    else if (field.type == INT64) fitIntegers(field, cells, end, stride, first, printsBack);
    else fitValues(field, cells, end, stride, first, printsBack);
    if (field.drifted != before) drifts = true;
  }
  return drifts;
}
