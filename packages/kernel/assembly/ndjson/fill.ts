// Values of nested types into their vectors: a second pass over text that `nestedEnd` has found to be valid, no key twice
// in an object.
import { Batch, vectorAt } from '../batch';
import { LIST, MAP, STRUCT } from '../column';
import { appendScalar, appendText, newEntry } from './append';
import { hashBytes } from './bytes';
import { NODE, notePlace } from './drift-notes';
import { UNKNOWN } from './drifts';
import { findColumn, isWritten, KeyedColumn } from './keys';
import { ESCAPED, NULL } from './kinds';
import { clearPath, nextIndex, popStep, pushIndex, pushKey } from './path';
import { Reader } from './reader';
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, OPEN_BRACKET, skipSpace } from './scan';
import { scannedKind, scannedLength, scannedStart, scanValue } from './scan-value';
import { room } from './scratch';
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
  const end = scanValue(p);
  if (scannedKind == NULL) padTo(vector, vector.length + 1);
  else if (!appendScalar(vector)) {
    padTo(vector, vector.length + 1);
    note(reader, NODE | node, row);
  }
  return end;
}

/** Notes what `scanValue` found as drift. */
function note(reader: Reader, column: u32, row: u32): void {
  isSound = isSound && notePlace(reader, scannedStart, scannedLength, scannedKind, column, row);
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
      p = scanValue(p);
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
