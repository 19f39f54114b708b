// A scan over the text of one input, and its life.
import { SLACK } from '../batch';
import { prepareStrings, unescape } from '../ndjson/string';
import { BACKSLASH } from '../ndjson/scan';

// Where the next byte stands. From KEY on it belongs to no record: it is made a space.
/** Outside every array, or between documents. */
export const OUTSIDE: u32 = 0;
/** In something that should not be outside, up to its line feed. */
export const STRAY: u32 = 1;
/** Behind an array's opening bracket or a comma. */
export const START: u32 = 2;
export const ELEMENT: u32 = 3;
/** In an object on the way to the records: before a key, in one, behind it, before, in and behind a value. */
export const KEY: u32 = 4;
export const IN_KEY: u32 = 5;
export const COLON: u32 = 6;
export const VALUE: u32 = 7;
export const SCALAR: u32 = 8;
export const NESTED: u32 = 9;
export const BEHIND: u32 = 10;

/** Kinds of open brackets are remembered up to this depth; the reader takes none that is deeper. */
export const MAX_LEVELS: u32 = 1024;
/** There is room for a block's events behind this. */
export const ENOUGH_EVENTS: u32 = 448;
const MAX_EVENTS: u32 = 512;

/** The first four words are read by src/array-scanner.ts: keep both in step. */
@unmanaged
export class ArrayScan {
  place: u32;
  /** Whether the open document had its array of records. */
  found: u32;
  /** Events of the last call: kind and address, two words each. */
  eventCount: u32;
  events: usize;
  /** Brackets open inside the element, value or stray text. */
  depth: u32;
  /** Whether a comma stands before: what follows must be an element or a key. */
  afterComma: u32;
  /** The opening bracket at each depth, from 1. */
  kinds: usize;
  endsEscaping: u64;
  endsInString: u64;
  /** The keys that lead to the records: address and length of each; none where the input is an array itself. */
  path: usize;
  pathLength: u32;
  /** How many of them lead to the object in hand, and whether the key in hand is the next one. */
  level: u32;
  matches: u32;
  /** The key in hand as written, of which no more is kept than could match. */
  key: usize;
  keyLength: u32;
  keyRoom: u32;
  plainKey: usize;
}

export function arrayScanNew(pathLength: u32): usize {
  prepareStrings();
  const scan = changetype<ArrayScan>(heap.alloc(offsetof<ArrayScan>()));
  memory.fill(changetype<usize>(scan), 0, offsetof<ArrayScan>());
  scan.events = heap.alloc(<usize>MAX_EVENTS * 8);
  scan.kinds = heap.alloc(<usize>MAX_LEVELS + 1);
  scan.path = heap.alloc(<usize>pathLength * 8 + 8);
  scan.pathLength = pathLength;
  scan.key = heap.alloc(SLACK);
  scan.plainKey = heap.alloc(SLACK);
  return changetype<usize>(scan);
}

/** The path's keys must be given in order; `key` (UTF-8, escapes resolved) belongs to the scan from then on. */
export function arrayScanKey(pointer: usize, index: u32, key: usize, length: u32): void {
  const scan = changetype<ArrayScan>(pointer);
  store<u32>(scan.path + <usize>index * 8, <u32>key);
  store<u32>(scan.path + <usize>index * 8, length, 4);
  // A byte takes six at most, as \u00xx.
  const room = length * 6;
  if (room <= scan.keyRoom) return;
  heap.free(scan.key);
  heap.free(scan.plainKey);
  scan.key = heap.alloc(<usize>room + SLACK);
  scan.plainKey = heap.alloc(<usize>room + SLACK);
  scan.keyRoom = room;
}

export function arrayScanFree(pointer: usize): void {
  const scan = changetype<ArrayScan>(pointer);
  for (let i: u32 = 0; i < scan.pathLength; i++) heap.free(<usize>load<u32>(scan.path + <usize>i * 8));
  heap.free(scan.events);
  heap.free(scan.kinds);
  heap.free(scan.path);
  heap.free(scan.key);
  heap.free(scan.plainKey);
  heap.free(pointer);
}

/** Adds bytes to the key in hand; one that grows too long keeps a length that says so. */
export function addToKey(scan: ArrayScan, from: usize, length: u32): void {
  const fits = scan.keyLength + length <= scan.keyRoom;
  if (fits) memory.copy(scan.key + scan.keyLength, from, length);
  scan.keyLength = fits ? scan.keyLength + length : scan.keyRoom + 1;
}

function hasBackslash(p: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(p + i) == BACKSLASH) return true;
  return false;
}

/** Whether the key in hand is the one that the path has at this level. */
export function keyMatches(scan: ArrayScan): bool {
  const wanted = <usize>load<u32>(scan.path + <usize>scan.level * 8);
  const wantedLength = load<u32>(scan.path + <usize>scan.level * 8, 4);
  let key = scan.key;
  let length = scan.keyLength;
  if (length > scan.keyRoom) return false;
  if (hasBackslash(key, length)) {
    key = scan.plainKey;
    length = unescape(scan.key, length, key);
  }
  return length == wantedLength && memory.compare(key, wanted, length) == 0;
}
