// Keys of one record that drift: has one been there before? Few are compared one by one, many by hash table. (A key
// that has a column is known to be a duplicate from its cell.)
import { equalBytes } from './bytes';
import { Drift, driftAt, DriftList, unescapedKey, unescapedLength } from './drifts';

/** Keys that may drift in one record; one with more is quarantined as `too-many-keys`. */
export const MAX_DRIFTING_KEYS: u32 = 65_536;

/** Up to here keys are compared one by one. */
const FEW: u32 = 16;

@unmanaged
export class KeySet {
  /** Index of a drift in its record + 1; 0 = free. Never more than half full. */
  entries: usize;
  capacity: u32;
  mask: u32;
  used: u32;
}

export function keySetNew(): KeySet {
  const set = changetype<KeySet>(heap.alloc(offsetof<KeySet>()));
  set.capacity = 64;
  set.entries = heap.alloc(<usize>set.capacity * 4);
  set.mask = 0;
  set.used = 0;
  return set;
}

export function keySetFree(set: KeySet): void {
  heap.free(set.entries);
  heap.free(changetype<usize>(set));
}

function isSameKey(list: DriftList, a: Drift, b: Drift): bool {
  if (a.hash != b.hash) return false;
  const keyA = unescapedKey(a, list.scratchA);
  const lengthA = unescapedLength;
  const keyB = unescapedKey(b, list.scratchB);
  return lengthA == unescapedLength && equalBytes(keyA, keyB, lengthA);
}

/** Adds the drift of that index in its record; true = its key is there already. */
function insert(set: KeySet, list: DriftList, index: u32): bool {
  const drift = driftAt(list, list.recordStart + index);
  let slot = (<u32>drift.hash) & set.mask;
  let entry = load<u32>(set.entries + slot * 4);
  while (entry) {
    if (isSameKey(list, drift, driftAt(list, list.recordStart + entry - 1))) return true;
    slot = (slot + 1) & set.mask;
    entry = load<u32>(set.entries + slot * 4);
  }
  store<u32>(set.entries + slot * 4, index + 1);
  set.used++;
  return false;
}

/** Empties the set, makes it large enough for twice `count` keys and adds the first `count` of the record. */
function rebuild(set: KeySet, list: DriftList, count: u32): void {
  const size = count * 4;
  if (size > set.capacity) {
    heap.free(set.entries);
    set.entries = heap.alloc(<usize>size * 4);
    set.capacity = size;
  }
  set.mask = size - 1;
  set.used = 0;
  memory.fill(set.entries, 0, <usize>size * 4);
  for (let i: u32 = 0; i < count; i++) insert(set, list, i);
}

/** Adds the key of the last drift of the list; true = its record had it before. To be called for each drift. */
export function addKey(set: KeySet, list: DriftList): bool {
  const last = list.count - list.recordStart - 1;
  const drift = driftAt(list, list.count - 1);
  if (last < FEW) {
    for (let i = list.recordStart; i < list.count - 1; i++) {
      if (isSameKey(list, driftAt(list, i), drift)) return true;
    }
    return false;
  }
  // `last` passes through each power of two: the table is as large as 4 × the one before, so at most half full.
  if ((last & (last - 1)) == 0) rebuild(set, list, last);
  return insert(set, list, last);
}
