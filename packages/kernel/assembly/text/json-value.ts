// One value of a vector as JSON text, with all that is below it.

import { Batch, Vector, vectorAt } from '../batch';
import {
  BOOLEAN,
  DATE,
  DATETIME,
  DECIMAL,
  DOUBLE,
  INT64,
  isNested,
  JSON_TEXT,
  LIST,
  STRUCT,
  TEXT,
  TIMESTAMP,
} from '../column';
import { copyShort, Growable, reserve } from '../parquet/growable';
import { putDecimal } from './decimal';
import { putDouble } from './double';
import { putInteger } from './integer';
import { putRaw, putString } from './json-string';
import { NDJSON, RowText, textNode } from './row-text';
import { putDate, putDatetime, putTimestamp } from './time';

/** More than any value of fixed width has, with quotes. */
export const SCALAR_BYTES: u32 = 48;

const QUOTE: u8 = 0x22;
const COMMA: u8 = 0x2c;
const COLON: u8 = 0x3a;

// @ts-ignore: decorator
@inline
export function isSet(bitmap: usize, entry: u32): bool {
  return <bool>((load<u8>(bitmap + (entry >> 3)) >> (entry & 7)) & 1);
}

// @ts-ignore: decorator
@inline
export function offsetAt(vector: Vector, entry: u32): u32 {
  return load<u32>(vector.offsets + ((<usize>entry) << 2));
}

function putByte(out: Growable, byte: u8): void {
  store<u8>(reserve(out, 1), byte);
  out.used++;
}

export function putNull(to: usize): usize {
  store<u32>(to, 0x6c6c756e);
  return to + 4;
}

function putBoolean(to: usize, value: bool): usize {
  store<u32>(to, value ? 0x65757274 : 0x736c6166);
  store<u8>(to, 0x65, 4);
  return to + (value ? 4 : 5);
}

/** Numbers and booleans, and days and moments without quotes: at most SCALAR_BYTES - 2. */
export function putScalar(to: usize, vector: Vector, entry: u32): usize {
  const type = vector.type;
  const values = vector.values;
  const at = values + ((<usize>entry) << 3);
  if (type == INT64) return putInteger(to, load<i64>(at));
  if (type == DOUBLE) return putDouble(to, load<f64>(at));
  if (type == BOOLEAN) return putBoolean(to, isSet(values, entry));
  if (type == TIMESTAMP) return putTimestamp(to, load<i64>(at));
  if (type == DATETIME) return putDatetime(to, load<i64>(at));
  if (type == DATE) return putDate(to, load<i32>(values + ((<usize>entry) << 2)));
  return putDecimal(to, values + ((<usize>entry) << 4), vector.parameter & 0xff);
}

/** The key that stands before the value, if it is in an object, then the value, or null. */
export function putMember(text: RowText, out: Growable, batch: Batch, index: u32, entry: u32): void {
  const node = textNode(text, index);
  const vector = vectorAt(batch, index);
  let to = reserve(out, node.keyBytes + SCALAR_BYTES);
  copyShort(to, node.key, node.keyBytes);
  to += node.keyBytes;
  const written = node.written;
  if (!isSet(vector.validity, entry)) to = putNull(to);
  else if (written == DATE || written == TIMESTAMP || written == DATETIME) {
    store<u8>(to, QUOTE);
    to = putScalar(to + 1, vector, entry);
    store<u8>(to++, QUOTE);
  } else if (written != TEXT && written != JSON_TEXT && !isNested(written)) {
    to = putScalar(to, vector, entry);
  } else {
    out.used = <u32>(to - out.data);
    putLong(text, out, batch, index, entry);
    return;
  }
  out.used = <u32>(to - out.data);
}

/** A value whose length has no bound. */
function putLong(text: RowText, out: Growable, batch: Batch, index: u32, entry: u32): void {
  const vector = vectorAt(batch, index);
  const written = textNode(text, index).written;
  if (written == STRUCT) {
    putStruct(text, out, batch, index, entry);
    return;
  }
  const start = offsetAt(vector, entry);
  const end = offsetAt(vector, entry + 1);
  if (written == TEXT) putString(out, vector.values + start, end - start);
  else if (written == JSON_TEXT) putRaw(out, vector.values + start, end - start, text.format == NDJSON);
  else if (written == LIST) putList(text, out, batch, index + 1, start, end);
  else putMap(text, out, batch, index + 1, start, end);
}

/** A struct has at least one field, whose key brings the brace. */
export function putStruct(text: RowText, out: Growable, batch: Batch, index: u32, entry: u32): void {
  const behind = index + vectorAt(batch, index).span;
  let field = index + 1;
  while (field < behind) {
    putMember(text, out, batch, field, entry);
    field += vectorAt(batch, field).span;
  }
  putByte(out, 0x7d);
}

function putList(text: RowText, out: Growable, batch: Batch, element: u32, start: u32, end: u32): void {
  putByte(out, 0x5b);
  for (let entry = start; entry < end; entry++) {
    if (entry > start) putByte(out, COMMA);
    putMember(text, out, batch, element, entry);
  }
  putByte(out, 0x5d);
}

function putMap(text: RowText, out: Growable, batch: Batch, key: u32, start: u32, end: u32): void {
  const keys = vectorAt(batch, key);
  putByte(out, 0x7b);
  for (let entry = start; entry < end; entry++) {
    if (entry > start) putByte(out, COMMA);
    const from = offsetAt(keys, entry);
    putString(out, keys.values + from, offsetAt(keys, entry + 1) - from);
    putByte(out, COLON);
    putMember(text, out, batch, key + 1, entry);
  }
  putByte(out, 0x7d);
}
