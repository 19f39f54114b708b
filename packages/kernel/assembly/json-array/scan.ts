// Makes the text of an input newline-delimited, in place and byte for byte: each element of its arrays a line.
//
// What separates elements becomes a line feed, what is no part of one spaces, a line feed inside one a space. So
// every offset, length and border stays what it is; the line feeds that were taken stand in a bitmap.
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  LINE_FEED,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../ndjson/scan';
import {
  ARRAY_BEGINS,
  DOCUMENT_BEGINS,
  DOCUMENT_IN_DOCUMENT,
  EMPTY_ELEMENT,
  NO_RECORDS,
  STRAY_COMMA,
  STRAY_COLON,
  STRAY_CONTENT,
  STRAY_DOCUMENT,
  STRAY_KEY,
  STRAY_VALUE,
  TRAILING_COMMA,
} from './events';
import {
  brackets,
  commaBits,
  contentBits,
  endsEscaping,
  endsInString,
  inString,
  lineFeeds,
  quotes,
  readMasks,
  SPACE,
  takeLineFeeds,
} from './masks';
import {
  addToKey,
  ArrayScan,
  BEHIND,
  COLON as BEFORE_COLON,
  ELEMENT,
  ENOUGH_EVENTS,
  IN_KEY,
  KEY,
  keyMatches,
  MAX_LEVELS,
  NESTED,
  OUTSIDE,
  SCALAR,
  START,
  STRAY,
  VALUE,
} from './state';

/** The block in hand, and from where on its bytes are no part of a record, or of the key in hand. */
let block: usize = 0;
let blankFrom: u32 = 0;
let keyFrom: u32 = 0;

// @ts-ignore: decorator
@inline
function isOpen(byte: u32): bool {
  return byte == OPEN_BRACE || byte == OPEN_BRACKET;
}

function addEvent(scan: ArrayScan, kind: u32, at: u32): void {
  const event = scan.events + <usize>scan.eventCount * 8;
  scan.eventCount++;
  store<u32>(event, kind);
  store<u32>(event, <u32>(block + at), 4);
}

/** The bytes before `end` that belong to no record become spaces. */
function blankUpTo(scan: ArrayScan, end: u32): void {
  if (scan.place >= KEY && end > blankFrom) memory.fill(block + blankFrom, SPACE, end - blankFrom);
}

function open(scan: ArrayScan, byte: u32): void {
  if (++scan.depth <= MAX_LEVELS) store<u8>(scan.kinds + scan.depth, <u8>byte);
}

/** Closes the innermost bracket of the kind, and those in it that nobody closed; false where none is open. */
function close(scan: ArrayScan, byte: u32): bool {
  if (scan.depth > MAX_LEVELS) {
    scan.depth--;
    return true;
  }
  const kind: u32 = byte == CLOSE_BRACE ? OPEN_BRACE : OPEN_BRACKET;
  let depth = scan.depth;
  while (depth && <u32>load<u8>(scan.kinds + depth) != kind) depth--;
  if (!depth) return false;
  scan.depth = depth - 1;
  return true;
}

function beginArray(scan: ArrayScan, at: u32): void {
  addEvent(scan, ARRAY_BEGINS, at);
  scan.place = START;
  scan.afterComma = 0;
}

/** The array's bracket ends the line of its last element, where it has one. */
function endArray(scan: ArrayScan, at: u32, endsLine: bool): void {
  store<u8>(block + at, endsLine ? LINE_FEED : SPACE);
  scan.depth = 0;
  scan.place = scan.pathLength ? BEHIND : OUTSIDE;
  blankFrom = at + 1;
}

function beginDocument(scan: ArrayScan, at: u32): void {
  addEvent(scan, DOCUMENT_BEGINS, at);
  scan.place = KEY;
  scan.found = 0;
  scan.level = 0;
  scan.afterComma = 0;
  blankFrom = at;
}

/** What stands at `at` should not: it and the rest of its line become a record that the reader refuses. */
function stray(scan: ArrayScan, event: u32, at: u32, byte: u32): void {
  blankUpTo(scan, at);
  addEvent(scan, event, at);
  store<u8>(block + at, 0);
  scan.place = STRAY;
  scan.depth = isOpen(byte) ? 1 : 0;
}

function outside(scan: ArrayScan, at: u32, byte: u32): void {
  if (scan.pathLength) {
    if (byte == OPEN_BRACE) beginDocument(scan, at);
    else stray(scan, STRAY_DOCUMENT, at, byte);
  } else if (byte == OPEN_BRACKET) {
    store<u8>(block + at, SPACE);
    beginArray(scan, at);
  } else stray(scan, STRAY_CONTENT, at, byte);
}

function inStray(scan: ArrayScan, at: u32, byte: u32): void {
  if ((lineFeeds >> at) & 1) {
    store<u8>(block + at, LINE_FEED);
    scan.place = OUTSIDE;
    scan.depth = 0;
  } else if (byte == OPEN_BRACKET && !scan.depth && !scan.pathLength) {
    store<u8>(block + at, LINE_FEED);
    beginArray(scan, at);
  } else if (isOpen(byte)) scan.depth++;
  else if (scan.depth) scan.depth--;
}

/** Gives whether the byte begins an element. */
function atStart(scan: ArrayScan, at: u32, byte: u32): bool {
  if (byte == CLOSE_BRACKET) {
    if (scan.afterComma) addEvent(scan, TRAILING_COMMA, at);
    endArray(scan, at, false);
  } else if (byte == COMMA) {
    addEvent(scan, EMPTY_ELEMENT, at);
    store<u8>(block + at, SPACE);
    scan.afterComma = 1;
  } else {
    scan.place = ELEMENT;
    scan.depth = 0;
    return true;
  }
  return false;
}

// @ts-ignore: decorator
@inline
function inElement(scan: ArrayScan, at: u32, byte: u32): void {
  if (isOpen(byte)) open(scan, byte);
  else if (byte == COMMA) {
    store<u8>(block + at, LINE_FEED);
    scan.place = START;
    scan.afterComma = 1;
  } else if ((!scan.depth || !close(scan, byte)) && byte == CLOSE_BRACKET) endArray(scan, at, true);
}

function endObject(scan: ArrayScan, at: u32): void {
  if (scan.level) {
    scan.level--;
    scan.place = BEHIND;
    return;
  }
  if (!scan.found) addEvent(scan, NO_RECORDS, at);
  blankUpTo(scan, at + 1);
  scan.place = OUTSIDE;
}

function behindValue(scan: ArrayScan, at: u32, byte: u32): void {
  if (byte == COMMA) {
    scan.place = KEY;
    scan.afterComma = 1;
  } else if (byte == CLOSE_BRACE) endObject(scan, at);
  else if (byte == OPEN_BRACE && scan.place == BEHIND) {
    blankUpTo(scan, at);
    addEvent(scan, DOCUMENT_IN_DOCUMENT, at);
    beginDocument(scan, at);
  } else stray(scan, STRAY_COMMA, at, byte);
}

function atValue(scan: ArrayScan, at: u32, byte: u32): void {
  const isLast = scan.level + 1 == scan.pathLength;
  if (scan.matches && isLast && byte == OPEN_BRACKET) {
    blankUpTo(scan, at + 1);
    scan.found = 1;
    beginArray(scan, at);
  } else if (scan.matches && !isLast && byte == OPEN_BRACE) {
    scan.level++;
    scan.place = KEY;
    scan.afterComma = 0;
  } else if (isOpen(byte)) {
    scan.place = NESTED;
    scan.depth = 0;
    open(scan, byte);
  } else if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET || byte == COMMA || byte == COLON) {
    stray(scan, STRAY_VALUE, at, byte);
  } else scan.place = byte == QUOTE ? BEHIND : SCALAR;
}

function inDocument(scan: ArrayScan, at: u32, byte: u32): void {
  if (scan.place == KEY) {
    if (byte == QUOTE) {
      scan.place = IN_KEY;
      scan.keyLength = 0;
      keyFrom = at + 1;
    } else if (byte == CLOSE_BRACE && !scan.afterComma) endObject(scan, at);
    else stray(scan, STRAY_KEY, at, byte);
  } else if (scan.place == IN_KEY) {
    addToKey(scan, block + keyFrom, at - keyFrom);
    scan.matches = u32(keyMatches(scan));
    scan.place = BEFORE_COLON;
  } else if (scan.place == BEFORE_COLON) {
    if (byte == COLON) scan.place = VALUE;
    else stray(scan, STRAY_COLON, at, byte);
  } else if (scan.place == VALUE) atValue(scan, at, byte);
  else if (scan.place == NESTED) {
    if (isOpen(byte)) open(scan, byte);
    else if (!close(scan, byte)) behindValue(scan, at, byte);
    else if (!scan.depth) scan.place = BEHIND;
  } else behindValue(scan, at, byte);
}

/** The bytes of the block that matter where the scan stands. */
// @ts-ignore: decorator
@inline
function wanted(scan: ArrayScan): u64 {
  const place = scan.place;
  if (place == ELEMENT) return scan.depth ? brackets : brackets | commaBits(block);
  if (place == START || place == OUTSIDE) return contentBits(block);
  if (place == STRAY) return brackets | lineFeeds;
  if (place == NESTED) return brackets;
  if (place == SCALAR) return brackets | commaBits(block);
  if (place == IN_KEY) return quotes & ~inString;
  // Outside strings, and where one begins.
  return contentBits(block) & ~(inString ^ quotes);
}

function scanBlock(scan: ArrayScan, p: usize, count: u32): void {
  readMasks(p, count, scan.endsEscaping, scan.endsInString);
  scan.endsEscaping = endsEscaping;
  scan.endsInString = endsInString;
  if (lineFeeds) takeLineFeeds(p);
  block = p;
  blankFrom = 0;
  keyFrom = 0;
  let todo = (<u64>-1) >> (64 - count);
  let bits = wanted(scan) & todo;
  while (bits) {
    const at = <u32>ctz(bits);
    const byte: u32 = load<u8>(p + at);
    const place = scan.place;
    let again = false;
    if (place == ELEMENT) inElement(scan, at, byte);
    else if (place == START) again = atStart(scan, at, byte);
    else if (place == OUTSIDE) outside(scan, at, byte);
    else if (place == STRAY) inStray(scan, at, byte);
    else inDocument(scan, at, byte);
    todo = ((<u64>-1) << at) & todo;
    if (!again) todo &= ~((<u64>1) << at);
    bits = wanted(scan) & todo;
  }
  if (scan.place == IN_KEY) addToKey(scan, p + keyFrom, count - keyFrom);
  blankUpTo(scan, count);
}

/**
 * Goes on with the scan over [start, end) and sets a bit in `taken` for each line feed that stood there. Stops early
 * where there are many events; returns where, a multiple of 64 bytes behind `start`. Bytes up to SLACK behind `end` may
 * be read and overwritten.
 */
export function arrayScanRun(pointer: usize, start: usize, end: usize, taken: usize): usize {
  const scan = changetype<ArrayScan>(pointer);
  scan.eventCount = 0;
  let p = start;
  while (p < end && scan.eventCount < ENOUGH_EVENTS) {
    const left = end - p;
    scanBlock(scan, p, left < 64 ? <u32>left : 64);
    store<u64>(taken + ((p - start) >> 3), lineFeeds);
    p += 64;
  }
  return p < end ? p : end;
}
