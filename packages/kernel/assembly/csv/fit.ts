// Texts of fields as the values of their columns. A text fits where the column holds its value exactly and, if that is
// asked for, where the value printed is the text itself, byte for byte.
import { Vector } from '../batch';
import { BOOLEAN, DATE, DECIMAL, DOUBLE, INT64, TIMESTAMP, widthOf } from '../column';
import { equalBytes } from '../ndjson/bytes';
import { fitHigh, fitLow, fits } from '../ndjson/fit';
import { heldAsDouble } from '../ndjson/held-double';
import { INTEGER, STRING } from '../ndjson/kinds';
import { numberBits, scanNumberCall } from '../ndjson/number';
import { putDouble } from '../text/double';
import { Cell, ESCAPED, NULL, PLAIN } from './cells';
import { isLong, NO_INTEGER, shortInteger } from './integer';

/** Room for the print of a double and what moving 16 bytes at once touches. */
const print: usize = memory.data(64, 16);

const MINUS: u32 = 0x2d;
const POINT: u32 = 0x2e;
const LETTER_T: u32 = 0x54;
const LETTER_Z: u32 = 0x5a;
/** Of a moment up to its second. */
const MOMENT_BYTES: u32 = 19;

/** `true` and `fals`, as little-endian numbers. */
const LETTERS_TRUE: u32 = 0x65757274;
const LETTERS_FALS: u32 = 0x736c6166;
const LETTER_E: u32 = 0x65;

/** Smaller doubles are printed with an exponent; larger ones are below 1e21, unless they end in zeros. */
const SMALLEST_PLAIN: f64 = 1e-6;

function isPrint(end: usize, start: usize, length: u32): bool {
  return <u32>(end - print) == length && equalBytes(print, start, length);
}

/** Whether one of the bytes is a letter; of a number: whether it has an exponent. */
function hasLetter(p: usize, length: u32): bool {
  const end = p + length;
  while (p < end) {
    const bits = i8x16.bitmask(i8x16.gt_u(v128.load(p), i8x16.splat(0x3f)));
    if (bits) return p + ctz(bits) < end;
    p += 16;
  }
  return false;
}

function hasByte(p: usize, length: u32, byte: u32): bool {
  const end = p + length;
  while (p < end) if (<u32>load<u8>(p++) == byte) return true;
  return false;
}

/** Whether a double prints as the number that holds its value: then its digits are those of the print. */
function printsDouble(value: f64, kind: u32, start: usize, length: u32): bool {
  // Digits and a point: there is one way to write them, but for zeros at the end.
  if (abs(value) >= SMALLEST_PLAIN && !hasLetter(start, length)) {
    if (kind == INTEGER || load<u8>(start + length - 1) != 0x30) return true;
  }
  return isPrint(putDouble(print, value), start, length);
}

/** The last value that fitted, as `fits` gives it; of doubles and integers its bits. */
let low: u64 = 0;
let high: u64 = 0;

function scanKind(start: usize, length: u32): u32 {
  const first: u32 = load<u8>(start);
  if (first != 0x2d && first - 0x30 > 9) return 0;
  const scanned = scanNumberCall(start);
  return <usize>(<u32>scanned) == start + length ? <u32>(scanned >> 32) : 0;
}

function fitInteger(start: usize, length: u32): bool {
  const value = shortInteger(start, length);
  if (value != NO_INTEGER) {
    low = value;
    return true;
  }
  if (!isLong(length) || scanKind(start, length) != INTEGER) return false;
  low = numberBits;
  return true;
}

function fitDouble(start: usize, length: u32, printsBack: bool): bool {
  const kind = scanKind(start, length);
  if (!kind) return false;
  const value = heldAsDouble(start, length, kind);
  if (value != value) return false;
  low = reinterpret<u64>(value);
  return !printsBack || printsDouble(value, kind, start, length);
}

/** Whether a decimal that fits is written with all of its places, and zero without a sign. */
function printsDecimal(start: usize, length: u32, scale: u32): bool {
  if (<u32>load<u8>(start) == MINUS && !(low | high)) return false;
  if (scale) return length > scale && <u32>load<u8>(start + length - 1 - scale) == POINT;
  return !hasByte(start, length, POINT);
}

/** Whether a moment that fits is written as ISO 8601 with no zeros at the end of its second's fraction, in UTC. */
function printsMoment(start: usize, length: u32, zoned: bool): bool {
  if (<u32>load<u8>(start, 4) != MINUS || <u32>load<u8>(start, 10) != LETTER_T) return false;
  if (zoned && <u32>load<u8>(start + --length) != LETTER_Z) return false;
  if (length == MOMENT_BYTES) return true;
  const last: u32 = load<u8>(start + length - 1);
  return <u32>load<u8>(start + MOMENT_BYTES) == POINT && last - 0x31 < 9;
}

function fitOther(type: u32, parameter: u32, start: usize, length: u32, printsBack: bool): bool {
  if (!fits(type, parameter, STRING, start, length)) return false;
  low = fitLow;
  high = fitHigh;
  if (!printsBack || type == DATE) return true;
  if (type == DECIMAL) return printsDecimal(start, length, parameter & 255);
  return printsMoment(start, length, type == TIMESTAMP);
}

function fitBoolean(cell: Cell, length: u32): bool {
  const start = <usize>cell.start;
  const isTrue = length == 4 && load<u32>(start) == LETTERS_TRUE;
  if (!isTrue && (length != 5 || load<u32>(start) != LETTERS_FALS || <u32>load<u8>(start, 4) != LETTER_E)) {
    return false;
  }
  cell.start = u32(isTrue);
  return true;
}

/**
 * Whether the cell is null or fits a column of `type`, which is no text; a value of fixed width is stored as the entry
 * `row` of the column, zeros where there is none.
 */
export function fitCell(
  cell: Cell,
  type: u32,
  parameter: u32,
  vector: Vector,
  row: u32,
  printsBack: bool,
): bool {
  const kind = cell.tag & 7;
  const length = cell.tag >> 3;
  low = 0;
  high = 0;
  let isFit = kind == NULL;
  // No print has a quote or a backslash in it.
  if (kind >= PLAIN && kind < ESCAPED && length) {
    if (type == BOOLEAN) isFit = fitBoolean(cell, length);
    else if (type == INT64) isFit = fitInteger(cell.start, length);
    else if (type == DOUBLE) isFit = fitDouble(cell.start, length, printsBack);
    else isFit = fitOther(type, parameter, cell.start, length, printsBack);
  }
  if (type == BOOLEAN) return isFit;
  if (!isFit) {
    low = 0;
    high = 0;
  }
  const width = widthOf(type);
  const to = vector.values + <usize>row * width;
  if (width == 4) store<u32>(to, <u32>low);
  else store<u64>(to, low);
  if (width == 16) store<u64>(to, high, 8);
  return isFit;
}
