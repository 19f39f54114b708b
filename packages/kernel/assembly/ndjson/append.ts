// Single values to the end of a vector.
import { reserve, reserveEntries, Vector } from '../batch';
import { BOOLEAN, DOUBLE, INT64, isNested, JSON_TEXT, TEXT, widthOf } from '../column';
import { copyBytes } from './bytes';
import { setBit } from './convert';
import { fits, fitHigh, fitLow } from './fit';
import { heldAsDouble } from './held-double';
import { ARRAY, ESCAPED, FALSE, INTEGER, isString, NUMERAL, OBJECT, REAL, TRUE } from './kinds';
import { numberBits } from './number';
import { scannedKind, scannedLength, scannedStart } from './scan-value';
import { unescape } from './string';

/** Appends the scalar that `scanValue` found, where the vector's type holds it; whether it did. */
export function appendScalar(vector: Vector): bool {
  const type = vector.type;
  const kind = scannedKind;
  const start = scannedStart;
  const length = scannedLength;
  if (type == TEXT) {
    if (!isString(kind)) return false;
    appendText(vector, start, length, kind == ESCAPED);
  } else if (type == JSON_TEXT) {
    const quotes: u32 = isString(kind) ? 1 : 0;
    appendText(vector, start - quotes, length + 2 * quotes, false);
  } else if (type == INT64) {
    if (kind != INTEGER) return false;
    appendWord(vector, numberBits);
  } else if (type == DOUBLE) {
    if (kind != INTEGER && kind != REAL && kind != NUMERAL) return false;
    const value = heldAsDouble(start, length, kind);
    if (value != value) return false;
    appendWord(vector, reinterpret<u64>(value));
  } else if (type == BOOLEAN) {
    if (kind != TRUE && kind != FALSE) return false;
    appendBoolean(vector, kind == TRUE);
  } else {
    if (isNested(type) || kind == OBJECT || kind == ARRAY) return false;
    if (!fits(type, vector.parameter, kind, start, length)) return false;
    appendFit(vector);
  }
  return true;
}

/** Marks the next entry as one with a value; returns its number. */
// @ts-ignore: decorator
@inline
export function newEntry(vector: Vector): u32 {
  reserveEntries(vector, 1);
  const entry = vector.length++;
  setBit(vector.validity, entry);
  return entry;
}

export function appendText(vector: Vector, from: usize, length: u32, isEscaped: bool): void {
  const entry = newEntry(vector);
  reserve(vector, length + 2);
  const to = vector.values + vector.used;
  if (isEscaped) vector.used += unescape(from, length, to);
  else {
    copyBytes(to, from, length);
    vector.used += length;
  }
  store<u32>(vector.offsets + ((<usize>entry + 1) << 2), vector.used);
}

function appendWord(vector: Vector, bits: u64): void {
  const entry = newEntry(vector);
  store<u64>(vector.values + ((<usize>entry) << 3), bits);
}

function appendBoolean(vector: Vector, isTrue: bool): void {
  const entry = newEntry(vector);
  if (isTrue) setBit(vector.values, entry);
}

/** What `fits` gave: 4, 8 or 16 bytes. */
function appendFit(vector: Vector): void {
  const entry = <usize>newEntry(vector);
  const width = widthOf(vector.type);
  if (width == 4) store<u32>(vector.values + (entry << 2), <u32>fitLow);
  else if (width == 8) store<u64>(vector.values + (entry << 3), fitLow);
  else {
    store<u64>(vector.values + (entry << 4), fitLow);
    store<u64>(vector.values + (entry << 4), fitHigh, 8);
  }
}
