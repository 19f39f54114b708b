// The fields of an input's records, in their order: which column each fills. Another input may have others.
import { SLACK, Vector } from '../batch';
import { TEXT } from '../column';
import { copyBytes } from '../ndjson/bytes';
import { blockRowsFor, CELL_BYTES } from './cells';

/** A field that no column is filled from. */
export const UNKNOWN: u32 = 0xffff_ffff;

@unmanaged
export class Field {
  column: u32;
  type: u32;
  /** Of a decimal: precision × 256 + scale. */
  parameter: u32;
  /** Of its column; 0 = none. */
  vector: usize;
  /** The name as JSON text, with quotes and colon. */
  name: usize;
  nameLength: u32;
  /** Records in which it drifted. */
  drifted: u32;
}

@unmanaged
export class Fields {
  count: u32;
  list: usize;
  /** u32 each: the fields that must be looked at, for not every text fits them. */
  checked: usize;
  checkedCount: u32;
  /** u32 a column: its field, or UNKNOWN. */
  ofColumn: usize;
  blockRows: u32;
  /** `blockRows` × `count` cells. */
  cells: usize;
}

export function fieldsNew(count: u32, columns: u32): Fields {
  const fields = changetype<Fields>(heap.alloc(offsetof<Fields>()));
  fields.count = count;
  fields.list = heap.alloc(<usize>count * offsetof<Field>() + SLACK);
  memory.fill(fields.list, 0, <usize>count * offsetof<Field>());
  fields.checked = heap.alloc(<usize>count * 4 + SLACK);
  fields.checkedCount = 0;
  fields.ofColumn = heap.alloc(<usize>columns * 4 + SLACK);
  memory.fill(fields.ofColumn, 0xff, <usize>columns * 4);
  fields.blockRows = blockRowsFor(count);
  fields.cells = heap.alloc(<usize>count * fields.blockRows * CELL_BYTES + SLACK);
  return fields;
}

// @ts-ignore: decorator
@inline
export function fieldAt(fields: Fields, index: u32): Field {
  return changetype<Field>(fields.list + <usize>index * offsetof<Field>());
}

// @ts-ignore: decorator
@inline
export function checkedAt(fields: Fields, index: u32): u32 {
  return load<u32>(fields.checked + ((<usize>index) << 2));
}

// @ts-ignore: decorator
@inline
export function fieldOfColumn(fields: Fields, column: u32): u32 {
  return load<u32>(fields.ofColumn + ((<usize>column) << 2));
}

/** Fields must be set in order. `name` is copied. */
export function setField(
  fields: Fields,
  index: u32,
  column: u32,
  vector: Vector | null,
  name: usize,
  nameLength: u32,
): void {
  const field = fieldAt(fields, index);
  field.column = column;
  if (vector) {
    field.vector = changetype<usize>(vector);
    field.type = vector.type;
    field.parameter = vector.parameter;
  }
  field.name = heap.alloc(<usize>nameLength + SLACK);
  copyBytes(field.name, name, nameLength);
  field.nameLength = nameLength;
  if (column != UNKNOWN) store<u32>(fields.ofColumn + ((<usize>column) << 2), index);
  if (column != UNKNOWN && field.type == TEXT) return;
  store<u32>(fields.checked + ((<usize>fields.checkedCount) << 2), index);
  fields.checkedCount++;
}

export function fieldsFree(fields: Fields): void {
  for (let i: u32 = 0; i < fields.count; i++) {
    const field = fieldAt(fields, i);
    if (field.name) heap.free(field.name);
  }
  heap.free(fields.list);
  heap.free(fields.checked);
  heap.free(fields.ofColumn);
  heap.free(fields.cells);
  heap.free(changetype<usize>(fields));
}
