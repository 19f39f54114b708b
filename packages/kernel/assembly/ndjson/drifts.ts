// What did not fit the schema in the block in work: unknown keys, and values that their column cannot hold, in the
// order of the input.
import { hashBytes } from './bytes';
import { room, Scratch, scratchFree, scratchNew } from './scratch';
import { unescape } from './string';

/** `column` of an unknown key. */
export const UNKNOWN: u32 = 0xffff_ffff;

@unmanaged
export class Drift {
  /** Of the key, escapes resolved. */
  hash: u64;
  row: u32;
  column: u32;
  /** The key as written, quotes included. */
  key: usize;
  keyLength: u32;
  /** 1 where the key has escapes. */
  escaped: u32;
  /** The value as written. */
  value: usize;
  valueLength: u32;
  kind: u32;
  /** 1 where the key's memory is the drift's own: a JSON Pointer. */
  isOwned: u32;
  /** The key under which it is counted, as written, its memory its own; 0 = the key itself. */
  pattern: usize;
  patternLength: u32;
}

/** Drifts of a block, oldest first; those from `recordStart` on belong to the record in hand. */
@unmanaged
export class DriftList {
  entries: usize;
  capacity: u32;
  count: u32;
  recordStart: u32;
  /** Bytes of keys and values and two for each pair. */
  bytes: u32;
  recordStartBytes: u32;
  /** Bytes of the JSON Pointers among the keys of the record in hand. */
  pointerBytes: u32;
  /** Two unescaped keys, to compare. */
  scratchA: Scratch;
  scratchB: Scratch;
}

export function driftListNew(): DriftList {
  const list = changetype<DriftList>(heap.alloc(offsetof<DriftList>()));
  list.capacity = 256;
  list.entries = heap.alloc(<usize>list.capacity * offsetof<Drift>());
  list.count = 0;
  list.recordStart = 0;
  list.bytes = 0;
  list.recordStartBytes = 0;
  list.pointerBytes = 0;
  list.scratchA = scratchNew(1024);
  list.scratchB = scratchNew(1024);
  return list;
}

export function driftListFree(list: DriftList): void {
  freeKeys(list, 0);
  heap.free(list.entries);
  scratchFree(list.scratchA);
  scratchFree(list.scratchB);
  heap.free(changetype<usize>(list));
}

// @ts-ignore: decorator
@inline
export function driftAt(list: DriftList, index: u32): Drift {
  return changetype<Drift>(list.entries + <usize>index * offsetof<Drift>());
}

export function addDrift(list: DriftList): Drift {
  if (list.count == list.capacity) {
    list.capacity *= 2;
    list.entries = heap.realloc(list.entries, <usize>list.capacity * offsetof<Drift>());
  }
  return driftAt(list, list.count++);
}

/** The next drifts belong to a new record. */
// @ts-ignore: decorator
@inline
export function beginRecord(list: DriftList): void {
  list.recordStart = list.count;
  list.recordStartBytes = list.bytes;
  list.pointerBytes = 0;
}

/** Gives back what drifts from `from` on have allocated. */
function freeKeys(list: DriftList, from: u32): void {
  for (let i = from; i < list.count; i++) {
    const drift = driftAt(list, i);
    if (drift.isOwned) heap.free(drift.key);
    if (drift.pattern) heap.free(drift.pattern);
  }
}

/** Forgets the drifts of the record in hand. */
// @ts-ignore: decorator
@inline
export function forgetRecord(list: DriftList): void {
  freeKeys(list, list.recordStart);
  list.count = list.recordStart;
  list.bytes = list.recordStartBytes;
}

export function clearDrifts(list: DriftList): void {
  freeKeys(list, 0);
  list.count = 0;
  list.recordStart = 0;
  list.bytes = 0;
  list.recordStartBytes = 0;
}

/** The length of the key that `unescapedKey` gave last. */
export let unescapedLength: u32 = 0;

/** The key of a drift, escapes resolved: in the input where it has none, else in `scratch`. */
export function unescapedKey(drift: Drift, scratch: Scratch): usize {
  unescapedLength = drift.keyLength - 2;
  if (!drift.escaped) return drift.key + 1;
  const to = room(scratch, unescapedLength);
  unescapedLength = unescape(drift.key + 1, unescapedLength, to);
  return to;
}

/** The name under which a drift is counted, escapes resolved; its length is `unescapedLength`. */
export function countedKey(drift: Drift, scratch: Scratch): usize {
  if (!drift.pattern) return unescapedKey(drift, scratch);
  const to = room(scratch, drift.patternLength);
  unescapedLength = unescape(drift.pattern + 1, drift.patternLength - 2, to);
  return to;
}

export function hashKey(list: DriftList, drift: Drift): void {
  const key = unescapedKey(drift, list.scratchA);
  drift.hash = hashBytes(key, unescapedLength);
}
