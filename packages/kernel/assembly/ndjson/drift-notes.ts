// Noting what drifts, key first, then its value, under the name that it has in `_rest`.
import { addDrift, Drift, driftAt, DriftList, hashKey } from './drifts';
import { addKey, MAX_DRIFTING_KEYS } from './duplicates';
import { fail } from './fault';
import { isString } from './kinds';
import { clearPath, pointerLength, pointerText, pushKey } from './path';
import { Reader } from './reader';
import { DUPLICATE_KEY, TOO_MANY_KEYS } from './reasons';
import { BACKSLASH } from './scan';
import { room } from './scratch';
import { unescape } from './string';

/** With the number of a vector: `column` of a value that did not fit inside a nested column. */
export const NODE: u32 = 0x8000_0000;

/**
 * JSON Pointers of a record may have so many bytes before the last one: a long key above many values that do not fit
 * would make a `_rest` beyond all memory of a short record.
 */
const MAX_POINTER_BYTES: u32 = 64 * 1024 * 1024;

const SLASH: u32 = 0x2f;

/** Whether a key as written, escapes resolved, begins with a slash, as a JSON Pointer does. */
// @ts-ignore: decorator
@inline
function looksLikePointer(reader: Reader, key: usize, length: u32): bool {
  const first: u32 = load<u8>(key, 1);
  return first == SLASH || (first == BACKSLASH && startsEscapedSlash(reader, key, length));
}

function startsEscapedSlash(reader: Reader, key: usize, length: u32): bool {
  const to = room(reader.scratch, length);
  return unescape(key + 1, length - 2, to) > 0 && load<u8>(to) == SLASH;
}

/** Notes a key that drifts, its value still open; false = fault. */
export function noteKey(reader: Reader, key: usize, length: u32, escaped: bool, column: u32, row: u32): bool {
  const list = reader.drifts;
  if (list.count - list.recordStart == MAX_DRIFTING_KEYS) return fail(key, TOO_MANY_KEYS) != 0;
  const drift = addDrift(list);
  drift.row = row;
  drift.column = column;
  drift.key = key;
  drift.keyLength = length;
  drift.escaped = u32(escaped);
  drift.isOwned = 0;
  drift.pattern = 0;
  if (looksLikePointer(reader, key, length)) {
    clearPath();
    pushKey(key + 1, length - 2, escaped, false);
    takePointer(list, drift);
  }
  hashKey(list, drift);
  return !addKey(reader.seen, list) || fail(key, DUPLICATE_KEY) != 0;
}

/** Gives the last key that was noted its value. */
export function noteValue(reader: Reader, start: usize, length: u32, kind: u32): void {
  const list = reader.drifts;
  const quotes: u32 = isString(kind) ? 1 : 0;
  const drift = changetype<Drift>(list.entries + <usize>(list.count - 1) * offsetof<Drift>());
  drift.value = start - quotes;
  drift.valueLength = length + 2 * quotes;
  drift.kind = kind;
  list.bytes += drift.keyLength + drift.valueLength + 2;
}

/** The drift's key is the path in hand, from now on. */
function takePointer(list: DriftList, drift: Drift): void {
  drift.key = pointerText(false);
  drift.keyLength = pointerLength;
  list.pointerBytes += pointerLength;
  drift.escaped = 1;
  drift.isOwned = 1;
}

/**
 * Notes the value that stands where the path leads: [start, start + length), a string without its quotes. False =
 * fault: too much drifts in the record.
 */
export function notePlace(reader: Reader, start: usize, length: u32, kind: u32, column: u32, row: u32): bool {
  const list = reader.drifts;
  if (list.count - list.recordStart == MAX_DRIFTING_KEYS || list.pointerBytes > MAX_POINTER_BYTES) {
    return fail(start, TOO_MANY_KEYS) != 0;
  }
  const drift = addDrift(list);
  drift.row = row;
  drift.column = column;
  takePointer(list, drift);
  drift.pattern = pointerText(true);
  drift.patternLength = pointerLength;
  hashKey(list, drift);
  addKey(reader.seen, list);
  noteValue(reader, start, length, kind);
  return true;
}
