// One record: the object on a line, checked and laid out in cells.
import { hashBytes } from './bytes';
import { DOUBLE, isFitted, isNested } from '../column';
import { Cell, cellAt } from './cells';
import { noteKey, noteValue } from './drift-notes';
import { UNKNOWN } from './drifts';
import { fail } from './fault';
import { fillTree } from './fill';
import { fitCell } from './fit-cell';
import { findColumn, isWritten, KeyedColumn } from './keys';
import { ARRAY, DRIFTED, ESCAPED, INTEGER, NUMERAL, OBJECT, REAL } from './kinds';
import { scanLiteral, startsLiteral } from './literal';
import { nestedEnd } from './nested';
import { heldAsDouble } from './held-double';
import { numberBits, scanNumber } from './number';
import { Reader } from './reader';
import {
  DUPLICATE_KEY,
  EXPECTED_COLON,
  EXPECTED_COMMA,
  EXPECTED_KEY,
  INVALID_VALUE,
  TRAILING_CONTENT,
} from './reasons';
import { CLOSE_BRACE, COLON, COMMA, LINE_FEED, OPEN_BRACE, OPEN_BRACKET, QUOTE, skipSpace } from './scan';
import { room } from './scratch';
import { scanString, scanStringCall, unescape } from './string';

/** What `readKey` found: the column, null for an unknown key, and the key's length as written, quotes included. */
let keyColumn: KeyedColumn | null = null;
let keyLength: u32 = 0;
let keyEscaped: bool = false;

/** Reads a key that was not predicted, with its colon; returns the position behind it; 0 = fault. */
function readKey(reader: Reader, key: usize): usize {
  if (load<u8>(key) != QUOTE) return fail(key, EXPECTED_KEY);
  const scanned = scanStringCall(key + 1);
  let p = <usize>(<u32>scanned);
  if (!p) return 0;
  keyLength = <u32>(p - key) + 1;
  keyEscaped = <u32>(scanned >> 32) == ESCAPED;
  let name = key + 1;
  let length = keyLength - 2;
  if (keyEscaped) {
    name = room(reader.scratch, length);
    length = unescape(key + 1, length, name);
  }
  keyColumn = findColumn(reader.keys, hashBytes(name, length), name, length);
  p = skipSpace(p + 1);
  return load<u8>(p) == COLON ? p + 1 : fail(p, EXPECTED_COLON);
}

/** A number for a double column that is not yet known as a double: does a double hold it? */
function fillDouble(cell: Cell, start: usize, length: u32, kind: u32): bool {
  const value = heldAsDouble(start, length, kind);
  if (value != value) return false;
  cell.start = <u32>start;
  cell.tag = (length << 4) | REAL;
  cell.bits = reinterpret<u64>(value);
  return true;
}

/** A value that its column does not take as it is: is there one that it stands for? */
function fillCell(
  reader: Reader,
  column: KeyedColumn,
  cell: Cell,
  start: usize,
  length: u32,
  kind: u32,
): bool {
  if (isFitted(column.type)) return fitCell(reader, column, cell, start, length, kind);
  return (
    column.type == DOUBLE && (kind == INTEGER || kind == NUMERAL) && fillDouble(cell, start, length, kind)
  );
}

/**
 * Reads the object whose brace is at `start` into the cells of `row`, and what drifts into the list of drifts.
 * Returns the position of the line feed behind it; 0 = fault, with cells and drifts half filled.
 */
export function readRecord(reader: Reader, start: usize, row: u32): usize {
  let predicted = changetype<KeyedColumn>(reader.first);
  let previous: usize = 0;
  let p = skipSpace(start + 1);
  let more = load<u8>(p) != CLOSE_BRACE;
  while (more) {
    const key = p;
    let column: KeyedColumn | null = predicted;
    let isPredicted = isWritten(predicted, p);
    if (isPredicted) p += predicted.writtenLength;
    else {
      p = readKey(reader, p);
      if (!p) return 0;
      column = keyColumn;
      if (column) {
        if (previous) changetype<KeyedColumn>(previous).next = changetype<usize>(column);
        else reader.first = changetype<usize>(column);
      }
    }
    if (column) {
      if (cellAt(column.cells, row).tag) return fail(key, DUPLICATE_KEY);
    } else if (!noteKey(reader, key, keyLength, keyEscaped, UNKNOWN, row)) return 0;
    if (load<u8>(p) <= 0x20) p = skipSpace(p);

    let value = p;
    let scanned: u64;
    const byte: u32 = load<u8>(p);
    if (byte == QUOTE) {
      scanned = scanString(++value);
    } else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      p = nestedEnd(p);
      const nested = byte == OPEN_BRACE ? OBJECT : ARRAY;
      scanned = p ? ((<u64>nested) << 32) | p : 0;
      if (p && column && isNested(column.type) && (column.accepts >> nested) & 1) {
        const written = isPredicted ? column.writtenLength - 1 : keyLength;
        const escaped = isPredicted ? column.isEscaped() : keyEscaped;
        if (!fillTree(reader, column, key, written, escaped, value, row)) return 0;
      }
    } else if (startsLiteral(byte)) {
      scanned = scanLiteral(p, byte);
    } else {
      if (byte != 0x2d && byte - 0x30 > 9) return fail(p, INVALID_VALUE);
      scanned = scanNumber(p);
    }
    p = <usize>(<u32>scanned);
    if (!p) return 0;
    const kind = <u32>(scanned >> 32);
    const length = <u32>(p - value);
    if (byte == QUOTE) p++;

    if (column) {
      const cell = cellAt(column.cells, row);
      if ((column.accepts >> kind) & 1) {
        cell.start = <u32>value;
        cell.tag = (length << 4) | kind;
        cell.bits = numberBits;
      } else if (!fillCell(reader, column, cell, value, length, kind)) {
        const written = isPredicted ? column.writtenLength - 1 : keyLength;
        cell.tag = DRIFTED;
        if (
          !noteKey(reader, key, written, isPredicted ? column.isEscaped() : keyEscaped, column.index, row)
        ) {
          return 0;
        }
        noteValue(reader, value, length, kind);
      }
      previous = changetype<usize>(column);
      predicted = changetype<KeyedColumn>(column.next);
    } else noteValue(reader, value, length, kind);

    if (load<u8>(p) <= 0x20) p = skipSpace(p);
    const behind: u32 = load<u8>(p);
    if (behind == COMMA) {
      p++;
      if (load<u8>(p) <= 0x20) p = skipSpace(p);
    } else if (behind == CLOSE_BRACE) more = false;
    else return fail(p, EXPECTED_COMMA);
  }
  p = skipSpace(p + 1);
  return load<u8>(p) == LINE_FEED ? p : fail(p, TRAILING_CONTENT);
}
