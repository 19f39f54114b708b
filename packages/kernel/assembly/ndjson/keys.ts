// The columns as keys of a record, and how a key finds its column: predicted from the key before it, else by hash.
import { SLACK } from '../batch';
import { BOOLEAN, DOUBLE, INT64, isFitted, LIST, MAP, STRUCT, TEXT } from '../column';
import { copyBytes, equalBytes, hashBytes } from './bytes';
import { ARRAY, ESCAPED, FALSE, INTEGER, NULL, OBJECT, REAL, STRING, TRUE } from './kinds';

/** A column that is filled from a key. */
@unmanaged
export class KeyedColumn {
  hash: u64;
  /** The column whose key came behind this one last time. */
  next: usize;
  /** `"key":` as it is usually written. */
  written: usize;
  writtenLength: u32;
  /** Which of the first 16 bytes of `written` are its own. */
  mask: i32;
  /** The key, escapes resolved. */
  name: usize;
  nameLength: u32;
  type: u32;
  /** Bit k is set where a value of kind k fits as it is. */
  accepts: u32;
  /** Its cells of the block in work, one a row. */
  cells: usize;
  index: u32;
  /** Of a struct's field: its vector. */
  node: u32;

  /** Whether `written` has escapes. */
  isEscaped(): bool {
    return this.writtenLength != this.nameLength + 3;
  }
}

/** A hash table of columns: open addressing, never more than half full. */
@unmanaged
export class KeyTable {
  mask: u32;
  entries: usize;
  columns: usize;
  count: u32;
}

// @ts-ignore: decorator
@inline
export function columnAt(table: KeyTable, index: u32): KeyedColumn {
  return changetype<KeyedColumn>(table.columns + <usize>index * offsetof<KeyedColumn>());
}

function acceptedKinds(type: u32): u32 {
  if (type == INT64) return (1 << NULL) | (1 << INTEGER);
  if (type == DOUBLE) return (1 << NULL) | (1 << REAL);
  if (type == BOOLEAN) return (1 << NULL) | (1 << TRUE) | (1 << FALSE);
  if (type == TEXT) return (1 << NULL) | (1 << STRING) | (1 << ESCAPED);
  if (type == STRUCT || type == MAP) return (1 << NULL) | (1 << OBJECT);
  if (type == LIST) return (1 << NULL) | (1 << ARRAY);
  // What stands for a value is looked at by fit-cell.ts.
  if (isFitted(type)) return 1 << NULL;
  return (2 << ARRAY) - 1;
}

/** Room for `count` columns, and one more that stands for "no column predicted". */
export function keyTableNew(count: u32): KeyTable {
  const table = changetype<KeyTable>(heap.alloc(offsetof<KeyTable>()));
  let size: u32 = 16;
  while (size < count * 2) size *= 2;
  table.mask = size - 1;
  table.entries = heap.alloc(<usize>size * 4);
  memory.fill(table.entries, 0, <usize>size * 4);
  table.count = count;
  table.columns = heap.alloc(<usize>(count + 1) * offsetof<KeyedColumn>());
  const none = columnAt(table, count);
  none.next = changetype<usize>(none);
  none.name = 0;
  none.written = heap.alloc(SLACK);
  none.writtenLength = 16;
  none.mask = 0xffff;
  // Text that was checked to be UTF-8 never has this byte, so the prediction never comes true.
  memory.fill(none.written, 0xff, SLACK);
  return table;
}

export function keyTableFree(table: KeyTable): void {
  for (let i: u32 = 0; i <= table.count; i++) {
    heap.free(columnAt(table, i).written);
    if (i < table.count) heap.free(columnAt(table, i).name);
  }
  heap.free(table.columns);
  heap.free(table.entries);
  heap.free(changetype<usize>(table));
}

function copyOf(from: usize, length: u32): usize {
  const copy = heap.alloc(<usize>length + SLACK);
  copyBytes(copy, from, length);
  return copy;
}

/** Sets up a column. Both texts are copied; columns must be added in order. */
export function addColumn(
  table: KeyTable,
  index: u32,
  type: u32,
  written: usize,
  writtenLength: u32,
  name: usize,
  nameLength: u32,
): KeyedColumn {
  const column = columnAt(table, index);
  column.index = index;
  column.type = type;
  column.accepts = acceptedKinds(type);
  column.written = copyOf(written, writtenLength);
  column.writtenLength = writtenLength;
  column.mask = writtenLength >= 16 ? 0xffff : (1 << writtenLength) - 1;
  column.name = copyOf(name, nameLength);
  column.nameLength = nameLength;
  column.hash = hashBytes(column.name, nameLength);
  column.next = changetype<usize>(columnAt(table, index + 1 < table.count ? index + 1 : 0));
  let slot = (<u32>column.hash) & table.mask;
  while (load<u32>(table.entries + slot * 4)) slot = (slot + 1) & table.mask;
  store<u32>(table.entries + slot * 4, index + 1);
  return column;
}

/** The column of an unescaped key; null = unknown. */
export function findColumn(table: KeyTable, hash: u64, name: usize, length: u32): KeyedColumn | null {
  let slot = (<u32>hash) & table.mask;
  let entry = load<u32>(table.entries + slot * 4);
  while (entry) {
    const column = columnAt(table, entry - 1);
    if (column.hash == hash && column.nameLength == length && equalBytes(column.name, name, length)) {
      return column;
    }
    slot = (slot + 1) & table.mask;
    entry = load<u32>(table.entries + slot * 4);
  }
  return null;
}

/** Whether the text at `p` is the column's key and colon, written as usual. */
// @ts-ignore: decorator
@inline
export function isWritten(column: KeyedColumn, p: usize): bool {
  const mask = column.mask;
  const same = i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(column.written)));
  if ((same & mask) != mask) return false;
  const length = column.writtenLength;
  return length <= 16 || equalBytes(p + 16, column.written + 16, length - 16);
}
