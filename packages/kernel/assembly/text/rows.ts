// Rows of a batch → text: one JSON object or one CSV record a row.

import { Batch, rootOf, vectorAt } from '../batch';
import { isNested, JSON_TEXT, TEXT } from '../column';
import { reserve } from '../parquet/growable';
import { putCell } from './csv-cell';
import { isSet, offsetAt, putMember, putScalar, SCALAR_BYTES } from './json-value';
import { CSV, JSON_ARRAY, NDJSON, RowText, textNode } from './row-text';

/** A call ends with the row that brings its text to so many bytes. */
const SLICE_BYTES: u32 = 1024 * 1024;

/** Makes text of the rows from `from` on, in the place of what was made before; gives the row behind the last. */
export function rowTextAppend(pointer: usize, batchPointer: usize, from: u32): u32 {
  const text = changetype<RowText>(pointer);
  const batch = changetype<Batch>(batchPointer);
  text.out.used = 0;
  let row = from;
  while (row < batch.rows && text.out.used < SLICE_BYTES) {
    if (text.format == CSV) putRecord(text, batch, row);
    else putObject(text, batch, row);
    row++;
  }
  return row;
}

function putObject(text: RowText, batch: Batch, row: u32): void {
  const out = text.out;
  if (text.format == JSON_ARRAY) {
    if (text.started) {
      store<u16>(reserve(out, 2), 0x0a2c);
      out.used += 2;
    }
    text.started = 1;
  }
  for (let column: u32 = 0; column < batch.columns; column++) {
    putMember(text, out, batch, rootOf(batch, column), row);
  }
  let to = reserve(out, 3);
  // Otherwise the first key brings the brace.
  if (!batch.columns) store<u8>(to++, 0x7b);
  store<u8>(to++, 0x7d);
  if (text.format == NDJSON) store<u8>(to++, 0x0a);
  out.used = <u32>(to - out.data);
}

function putRecord(text: RowText, batch: Batch, row: u32): void {
  const out = text.out;
  const before = out.used;
  for (let column: u32 = 0; column < batch.columns; column++) {
    if (column) {
      store<u8>(reserve(out, 1), 0x2c);
      out.used++;
    }
    putRecordCell(text, batch, rootOf(batch, column), row);
  }
  // A line without anything is skipped by readers.
  const empty = out.used == before;
  const to = reserve(out, 4);
  if (empty) store<u16>(to, 0x2222);
  store<u16>(to + (empty ? 2 : 0), 0x0a0d);
  out.used += empty ? 4 : 2;
}

function putRecordCell(text: RowText, batch: Batch, index: u32, row: u32): void {
  const out = text.out;
  const vector = vectorAt(batch, index);
  if (!isSet(vector.validity, row)) return;
  const written = textNode(text, index).written;
  if (isNested(written)) {
    text.cell.used = 0;
    putMember(text, text.cell, batch, index, row);
    putCell(out, text.cell.data, text.cell.used, false);
  } else if (written == TEXT || written == JSON_TEXT) {
    const start = offsetAt(vector, row);
    putCell(out, vector.values + start, offsetAt(vector, row + 1) - start, text.safe != 0 && written == TEXT);
  } else {
    const to = reserve(out, SCALAR_BYTES);
    out.used = <u32>(putScalar(to, vector, row) - out.data);
  }
}
