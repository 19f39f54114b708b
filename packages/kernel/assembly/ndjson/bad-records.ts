// Records that broke a rule, until JavaScript takes them: it must do so before the input moves.

/** 36 bytes, read by src/bad-records.ts: keep both in step. */
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
  /** Column of the value that drifted; UNKNOWN for an unknown key. */
  column: u32;
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
