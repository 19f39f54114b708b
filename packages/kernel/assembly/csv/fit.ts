// Texts of fields as the values of their columns. A text fits where the column holds its value exactly and, if that is
// asked for, where the value printed is the text itself, byte for byte.
import { Vector } from '../batch';
import { BOOLEAN, DATE, DATETIME, DOUBLE, INT64, TIMESTAMP, widthOf } from '../column';
import { equalBytes } from '../ndjson/bytes';
import { fitHigh, fitLow, fits } from '../ndjson/fit';
import { heldAsDouble } from '../ndjson/held-double';
import { INTEGER, REAL, STRING } from '../ndjson/kinds';
import { numberBits, scanNumberCall } from '../ndjson/number';
import { putDecimal } from '../text/decimal';
import { putDouble } from '../text/double';
import { putDatetime, putTimestamp } from '../text/time';
import { Cell, ESCAPED, NULL, PLAIN } from './cells';

/** Room for the print of any value and what moving 16 bytes at once touches. */
const print: usize = memory.data(128, 16);

/** `true` and `fals`, as little-endian numbers. */
const LETTERS_TRUE: u32 = 0x65757274;
const LETTERS_FALS: u32 = 0x736c6166;
const LETTER_E: u32 = 0x65;

/** From here on a double is printed without an exponent, and below it with one. */
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

/** Whether a double prints as the number that was scanned as it. */
function printsDouble(value: f64, kind: u32, start: usize, length: u32): bool {
  // An integer that a double holds exactly, below 2^53: no print is shorter than its digits.
  if (kind == INTEGER && abs(value) < 9007199254740992.0) return true;
  const isPlain = kind == REAL && abs(value) >= SMALLEST_PLAIN && !hasLetter(start, length);
  // Digits and a point, up to 15 of them: the print has the same value, so it has the same digits but for zeros.
  if (isPlain) return load<u8>(start + length - 1) != 0x30;
  return isPrint(putDouble(print, value), start, length);
}

/** After `fitText`: the value, as `fits` gives it; of doubles and integers its bits. */
let low: u64 = 0;
let high: u64 = 0;

function fitNumber(type: u32, start: usize, length: u32, printsBack: bool): bool {
  const first: u32 = load<u8>(start);
  if (first != 0x2d && first - 0x30 > 9) return false;
  const scanned = scanNumberCall(start);
  if (<usize>(<u32>scanned) != start + length) return false;
  const kind = <u32>(scanned >> 32);
  if (type == INT64) {
    low = numberBits;
    return kind == INTEGER;
  }
  const value = heldAsDouble(start, length, kind);
  if (value != value) return false;
  low = reinterpret<u64>(value);
  return !printsBack || printsDouble(value, kind, start, length);
}

function fitOther(type: u32, parameter: u32, start: usize, length: u32, printsBack: bool): bool {
  if (!fits(type, parameter, STRING, start, length)) return false;
  low = fitLow;
  high = fitHigh;
  if (!printsBack || type == DATE) return true;
  if (type == TIMESTAMP) return isPrint(putTimestamp(print, <i64>low), start, length);
  if (type == DATETIME) return isPrint(putDatetime(print, <i64>low), start, length);
  store<u64>(print, low, 64);
  store<u64>(print, high, 72);
  return isPrint(putDecimal(print, print + 64, parameter & 255), start, length);
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
    else if (type == INT64 || type == DOUBLE) isFit = fitNumber(type, cell.start, length, printsBack);
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
