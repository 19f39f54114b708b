// Records that broke a rule, until JavaScript takes them: it must do so before the input moves.

/** 40 bytes, read by src/bad-records.ts: keep both in step. */
@unmanaged
export class BadRecord {
  start: usize;
  length: u32;
  /** Lines before it in this call. */
  line: u32;
  reason: u32;
  /** Where the rule was broken, from the record's first byte. */
  at: u32;
  /** The key that drifted or came twice, as written; its length 0 where there is none. */
  key: usize;
  keyLength: u32;
  /** JSON type of the value that drifted. */
  jsonType: u32;
  /** Column of the value that drifted; UNKNOWN for an unknown key, NODE | vector inside a nested one. */
  column: u32;
  /** Memory of the key that goes with the record; 0 = none. */
  owned: usize;
}

/** The reader stops when there are so many. */
export const MAX_BAD: u32 = 1024;

export function badRecordsNew(): usize {
  return heap.alloc(<usize>MAX_BAD * offsetof<BadRecord>());
}

// @ts-ignore: decorator
@inline
export function badRecordAt(list: usize, index: u32): BadRecord {
  return changetype<BadRecord>(list + <usize>index * offsetof<BadRecord>());
}

/** Gives back what the first `count` records have allocated. */
export function freeBadRecords(list: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const bad = badRecordAt(list, i);
    if (bad.owned) heap.free(bad.owned);
    bad.owned = 0;
  }
}
