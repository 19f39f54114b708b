// Values of nested types into their vectors: a second pass over text that `nestedEnd` has found to be valid, no key twice
// in an object.
import { Batch, reserve, reserveEntries, Vector, vectorAt } from '../batch';
import { BOOLEAN, DOUBLE, INT64, isNested, JSON_TEXT, LIST, MAP, STRUCT, TEXT, widthOf } from '../column';
import { copyBytes, hashBytes } from './bytes';
import { setBit } from './convert';
import { NODE, notePlace } from './drift-notes';
import { UNKNOWN } from './drifts';
import { fits, fitHigh, fitLow } from './fit';
import { heldAsDouble } from './held-double';
import { findColumn, isWritten, KeyedColumn } from './keys';
import { ARRAY, ESCAPED, FALSE, INTEGER, isString, NULL, NUMERAL, OBJECT, REAL, TRUE } from './kinds';
import { scanLiteral, startsLiteral } from './literal';
import { numberBits, scanNumberCall } from './number';
import { clearPath, nextIndex, popStep, pushIndex, pushKey } from './path';
import { Reader } from './reader';
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipSpace } from './scan';
import { room } from './scratch';
import { nestedSkip } from './skip';
import { scanStringCall, unescape } from './string';
import { markTree, padTo, structKeys, treeOf } from './tree';

/** False once too much drifted in the record: `notePlace` has noted the fault. */
let isSound: bool = true;

/**
 * Appends the object or array at `value` to the vectors of its column as the entry of `row`. What does not fit inside
 * is noted as drift; false = too much of it for one record.
 */
export function fillTree(
  reader: Reader,
  column: KeyedColumn,
  key: usize,
  keyLength: u32,
  isEscaped: bool,
  value: usize,
  row: u32,
): bool {
  const batch = changetype<Batch>(reader.batch);
  const tree = treeOf(reader.trees, column.index);
  markTree(reader.trees, tree);
  padTo(vectorAt(batch, tree.root), batch.rows + row);
  isSound = true;
  clearPath();
  pushKey(key + 1, keyLength - 2, isEscaped, false);
  fillValue(reader, tree.root, value, row);
  return isSound;
}

/** Appends the value at `p`, whatever it is, as the next entry of vector `node`; returns the position behind it. */
function fillValue(reader: Reader, node: u32, p: usize, row: u32): usize {
  const vector = vectorAt(changetype<Batch>(reader.batch), node);
  const byte: u32 = load<u8>(p);
  if (byte == OPEN_BRACE) {
    if (vector.type == STRUCT) return fillStruct(reader, node, p, row);
    if (vector.type == MAP) return fillMap(reader, node, p, row);
  } else if (byte == OPEN_BRACKET) {
    if (vector.type == LIST) return fillList(reader, node, p, row);
  }
  const end = scanAny(p);
  if (scannedKind == NULL) padTo(vector, vector.length + 1);
  else if (!appendScalar(vector)) {
    padTo(vector, vector.length + 1);
    note(reader, NODE | node, row);
  }
  return end;
}

/** Notes what `scanAny` found as drift. */
function note(reader: Reader, column: u32, row: u32): void {
  isSound = isSound && notePlace(reader, scannedStart, scannedLength, scannedKind, column, row);
}

/** What `scanAny` found: kind, first byte (of a string: behind its quote) and length (without quotes). */
let scannedKind: u32 = 0;
let scannedStart: usize = 0;
let scannedLength: u32 = 0;

/** Looks at the value at `p`; returns the position behind it. */
function scanAny(p: usize): usize {
  const byte: u32 = load<u8>(p);
  scannedStart = p;
  if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
    const end = nestedSkip(p);
    scannedKind = byte == OPEN_BRACE ? OBJECT : ARRAY;
    scannedLength = <u32>(end - p);
    return end;
  }
  let scanned: u64;
  if (byte == QUOTE) scanned = scanStringCall(++scannedStart);
  else scanned = startsLiteral(byte) ? scanLiteral(p, byte) : scanNumberCall(p);
  const end = <usize>(<u32>scanned);
  scannedKind = <u32>(scanned >> 32);
  scannedLength = <u32>(end - scannedStart);
  return byte == QUOTE ? end + 1 : end;
}

/** Appends the scalar that `scanAny` found, where the vector's type holds it; whether it did. */
function appendScalar(vector: Vector): bool {
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
function newEntry(vector: Vector): u32 {
  reserveEntries(vector, 1);
  const entry = vector.length++;
  setBit(vector.validity, entry);
  return entry;
}

function appendText(vector: Vector, from: usize, length: u32, isEscaped: bool): void {
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

/** The key that `readMemberKey` read: behind its quote, its length as written, and whether it has escapes. */
let keyStart: usize = 0;
let keyLength: u32 = 0;
let keyEscaped: bool = false;

/** Reads the key at `p` (its quote) with its colon; returns the first byte of its value. */
function readMemberKey(p: usize): usize {
  const scanned = scanStringCall(p + 1);
  const end = <usize>(<u32>scanned);
  keyStart = p + 1;
  keyLength = <u32>(end - keyStart);
  keyEscaped = <u32>(scanned >> 32) == ESCAPED;
  return skipSpace(skipSpace(end + 1) + 1);
}

/** The field of the key in hand; null = unknown. */
function findField(reader: Reader, node: u32): KeyedColumn | null {
  let name = keyStart;
  let length = keyLength;
  if (keyEscaped) {
    name = room(reader.scratch, length);
    length = unescape(keyStart, length, name);
  }
  return findColumn(structKeys(reader.trees, node).table, hashBytes(name, length), name, length);
}

/** The first byte behind white space. */
// @ts-ignore: decorator
@inline
function behindSpace(p: usize): usize {
  return load<u8>(p) <= 0x20 ? skipSpace(p) : p;
}

function fillStruct(reader: Reader, node: u32, p: usize, row: u32): usize {
  const batch = changetype<Batch>(reader.batch);
  const entry = newEntry(vectorAt(batch, node));
  const keys = structKeys(reader.trees, node);
  let predicted = changetype<KeyedColumn>(keys.first);
  let previous: usize = 0;
  p = skipSpace(p + 1);
  if (load<u8>(p) == CLOSE_BRACE) return p + 1;
  let more = true;
  while (more) {
    let field: KeyedColumn | null = predicted;
    if (isWritten(predicted, p)) {
      keyStart = p + 1;
      keyLength = predicted.writtenLength - 3;
      keyEscaped = predicted.isEscaped();
      p = behindSpace(p + predicted.writtenLength);
    } else {
      p = readMemberKey(p);
      field = findField(reader, node);
      if (field) {
        if (previous) changetype<KeyedColumn>(previous).next = changetype<usize>(field);
        else keys.first = changetype<usize>(field);
      }
    }
    pushKey(keyStart, keyLength, keyEscaped, false);
    if (field) {
      padTo(vectorAt(batch, field.node), entry);
      p = fillValue(reader, field.node, p, row);
      previous = changetype<usize>(field);
      predicted = changetype<KeyedColumn>(field.next);
    } else {
      p = scanAny(p);
      note(reader, UNKNOWN, row);
    }
    popStep();
    p = behindSpace(p);
    more = load<u8>(p) == COMMA;
    p = behindSpace(p + 1);
  }
  return p;
}

function fillList(reader: Reader, node: u32, p: usize, row: u32): usize {
  const batch = changetype<Batch>(reader.batch);
  const entry = newEntry(vectorAt(batch, node));
  p = skipSpace(p + 1);
  if (load<u8>(p) == CLOSE_BRACKET) p++;
  else {
    pushIndex(0);
    let more = true;
    while (more) {
      p = behindSpace(fillValue(reader, node + 1, p, row));
      more = load<u8>(p) == COMMA;
      p = behindSpace(p + 1);
      nextIndex();
    }
    popStep();
  }
  endEntry(batch, node, entry);
  return p;
}

function fillMap(reader: Reader, node: u32, p: usize, row: u32): usize {
  const batch = changetype<Batch>(reader.batch);
  const entry = newEntry(vectorAt(batch, node));
  p = skipSpace(p + 1);
  if (load<u8>(p) == CLOSE_BRACE) p++;
  else {
    let more = true;
    while (more) {
      p = readMemberKey(p);
      appendText(vectorAt(batch, node + 1), keyStart, keyLength, keyEscaped);
      pushKey(keyStart, keyLength, keyEscaped, true);
      p = behindSpace(fillValue(reader, node + 2, p, row));
      popStep();
      more = load<u8>(p) == COMMA;
      p = behindSpace(p + 1);
    }
  }
  endEntry(batch, node, entry);
  return p;
}

/** Where the entries below entry `entry` of a list or map end. */
function endEntry(batch: Batch, node: u32, entry: u32): void {
  const offset = vectorAt(batch, node).offsets + ((<usize>entry + 1) << 2);
  store<u32>(offset, vectorAt(batch, node + 1).length);
}
