// The texts that stand for null where they are not in quotes, besides no text at all.
import { SLACK } from '../batch';
import { copyBytes, equalBytes } from '../ndjson/bytes';
import { cellAt, NULL, PLAIN } from './cells';

/** 8 bytes a text. */
@unmanaged
class NullText {
  text: usize;
  length: u32;
}

@unmanaged
export class Nulls {
  /** What a field without a byte is: NULL or PLAIN. */
  emptyKind: u32;
  count: u32;
  list: usize;
}

export function nullsNew(room: u32): Nulls {
  const nulls = changetype<Nulls>(heap.alloc(offsetof<Nulls>()));
  nulls.emptyKind = PLAIN;
  nulls.count = 0;
  nulls.list = heap.alloc(<usize>room * offsetof<NullText>() + SLACK);
  return nulls;
}

// @ts-ignore: decorator
@inline
function nullTextAt(nulls: Nulls, index: u32): NullText {
  return changetype<NullText>(nulls.list + <usize>index * offsetof<NullText>());
}

/** `text` is copied. */
export function addNull(nulls: Nulls, text: usize, length: u32): void {
  if (!length) {
    nulls.emptyKind = NULL;
    return;
  }
  const entry = nullTextAt(nulls, nulls.count++);
  entry.text = heap.alloc(<usize>length + SLACK);
  entry.length = length;
  copyBytes(entry.text, text, length);
}

function isNull(nulls: Nulls, start: usize, length: u32): bool {
  for (let i: u32 = 0; i < nulls.count; i++) {
    const entry = nullTextAt(nulls, i);
    if (entry.length == length && equalBytes(entry.text, start, length)) return true;
  }
  return false;
}

/** Makes the cells of a record null whose texts stand for it. */
export function markNulls(nulls: Nulls, cells: usize, fields: u32): void {
  for (let i: u32 = 0; i < fields; i++) {
    const cell = cellAt(cells, i);
    if ((cell.tag & 7) == PLAIN && isNull(nulls, cell.start, cell.tag >> 3)) cell.tag = NULL;
  }
}

export function nullsFree(nulls: Nulls): void {
  for (let i: u32 = 0; i < nulls.count; i++) heap.free(nullTextAt(nulls, i).text);
  heap.free(nulls.list);
  heap.free(changetype<usize>(nulls));
}
