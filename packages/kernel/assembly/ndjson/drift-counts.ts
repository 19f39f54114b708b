// How often each key drifted, over many batches: a hash table that JavaScript takes at the end of a sub-unit.
import { SLACK } from '../batch';
import { copyBytes, equalBytes, hashBytes } from './bytes';
import { countedKey, Drift, driftAt, DriftList, unescapedLength } from './drifts';
import { jsonType } from './kinds';

/** Distinct keys that are counted each on its own; the records of all others are added up in one entry. */
export const MAX_COUNTED_KEYS: u32 = 4096;
const TABLE_MASK: u32 = MAX_COUNTED_KEYS * 2 - 1;

/** 32 bytes, read by src/drift-counts.ts: keep both in step. */
@unmanaged
export class DriftCount {
  hash: u64;
  key: usize;
  keyLength: u32;
  /** One bit for each JSON type seen. */
  types: u32;
  records: u32;
  /** The last record counted: two keys beyond the limit may be in one. */
  record: u64;
}

/** `count` and `entries` are read by src/drift-counts.ts. The entry behind the last possible one has all other keys. */
@unmanaged
export class DriftCounts {
  count: u32;
  entries: usize;
  /** Index + 1 of an entry; 0 = free. */
  table: usize;
  /** Records that drifted so far. */
  records: u64;
}

// @ts-ignore: decorator
@inline
function entryAt(counts: DriftCounts, index: u32): DriftCount {
  return changetype<DriftCount>(counts.entries + <usize>index * offsetof<DriftCount>());
}

export function driftCountsNew(): DriftCounts {
  const counts = changetype<DriftCounts>(heap.alloc(offsetof<DriftCounts>()));
  counts.entries = heap.alloc(<usize>(MAX_COUNTED_KEYS + 1) * offsetof<DriftCount>());
  counts.table = heap.alloc(<usize>(TABLE_MASK + 1) * 4);
  counts.count = 0;
  clearDriftCounts(counts);
  return counts;
}

export function clearDriftCounts(counts: DriftCounts): void {
  for (let i: u32 = 0; i < counts.count; i++) heap.free(entryAt(counts, i).key);
  counts.count = 0;
  counts.records = 0;
  memory.fill(counts.table, 0, <usize>(TABLE_MASK + 1) * 4);
  memory.fill(changetype<usize>(entryAt(counts, MAX_COUNTED_KEYS)), 0, offsetof<DriftCount>());
}

export function driftCountsFree(counts: DriftCounts): void {
  clearDriftCounts(counts);
  heap.free(counts.entries);
  heap.free(counts.table);
  heap.free(changetype<usize>(counts));
}

function newEntry(counts: DriftCounts, hash: u64, key: usize, keyLength: u32): DriftCount {
  const entry = entryAt(counts, counts.count++);
  entry.hash = hash;
  entry.key = heap.alloc(<usize>keyLength + SLACK);
  copyBytes(entry.key, key, keyLength);
  entry.keyLength = keyLength;
  entry.types = 0;
  entry.records = 0;
  entry.record = 0;
  return entry;
}

function entryOf(counts: DriftCounts, list: DriftList, drift: Drift): DriftCount {
  const key = countedKey(drift, list.scratchA);
  const length = unescapedLength;
  const hash = drift.pattern ? hashBytes(key, length) : drift.hash;
  let slot = (<u32>hash) & TABLE_MASK;
  let index = load<u32>(counts.table + slot * 4);
  while (index) {
    const entry = entryAt(counts, index - 1);
    if (entry.hash == hash && entry.keyLength == length && equalBytes(entry.key, key, length)) return entry;
    slot = (slot + 1) & TABLE_MASK;
    index = load<u32>(counts.table + slot * 4);
  }
  if (counts.count == MAX_COUNTED_KEYS) return entryAt(counts, MAX_COUNTED_KEYS);
  store<u32>(counts.table + slot * 4, counts.count + 1);
  return newEntry(counts, hash, key, length);
}

/** Counts the drifts of the record in hand. */
export function countDrifts(counts: DriftCounts, list: DriftList): void {
  const record = ++counts.records;
  for (let i = list.recordStart; i < list.count; i++) {
    const drift = driftAt(list, i);
    const entry = entryOf(counts, list, drift);
    entry.types |= 1 << jsonType(drift.kind);
    if (entry.record == record) continue;
    entry.record = record;
    entry.records++;
  }
}
