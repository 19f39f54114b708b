// The column batch: the one form in memory between readers and writers, in Arrow's layout.
//
// A batch has up to `rowCapacity` rows. Each of its columns is a tree of vectors, parents before children:
// - validity: one bit an entry, least significant first, 1 = there is a value
// - fixed width (int64, double, timestamp, datetime: 8 bytes; date: 4; decimal: 16, two's complement): undefined where
//   there is none; boolean: one bit an entry
// - text and json: `offsets` has one i32 more than there are entries, entry e has the bytes [offsets[e], offsets[e + 1])
//   of `values`; an entry without a value has no bytes
// - struct: its children, the fields, have as many entries as itself
// - list: as with text, `offsets` delimit the entries of its one child; map: those of its two children, keys and values
//
// A column has an entry a row, and so have its fields. Entries of vectors below lists and maps are counted by `length`;
// vectors with an entry a row need no `length`: the batch's `rows` is theirs.
//
// Bytes up to SLACK behind every buffer may be read and overwritten, so that loops can move 16 at a time.

import { BOOLEAN, isNested, isRepeated, isText, widthOf } from './column';

export const SLACK: usize = 64;

/** 44 bytes, read by src/batch.ts: keep both in step. */
@unmanaged
export class Vector {
  type: u32;
  /** Entries without a value. */
  nulls: u32;
  validity: usize;
  /** 0 for nested types. */
  values: usize;
  /** 0 where the width is fixed, and for structs. */
  offsets: usize;
  /** Bytes that `values` has room for. */
  capacity: u32;
  /** Bytes of `values` in use (text and json). */
  used: u32;
  /** This vector and all below it: the next sibling is so many vectors away. */
  span: u32;
  /** Of a decimal: precision × 256 + scale. */
  parameter: u32;
  /** Entries; meaningful below lists and maps only. */
  length: u32;
  /** Entries that there is room for. */
  room: u32;
}

/** 24 bytes, read by src/batch.ts: keep both in step. */
@unmanaged
export class Batch {
  rows: u32;
  columns: u32;
  rowCapacity: u32;
  /** `nodes` vectors, one behind the other: the columns' trees. */
  vectors: usize;
  nodes: u32;
  /** u32 a column: the index of its vector. */
  roots: usize;
}

const FIRST_TEXT_BYTES: u32 = 1024;

/** Entries that a vector below a list or map has room for at first. */
const FIRST_ROOM: u32 = 64;

/** A vector by its place among all. */
// @ts-ignore: decorator
@inline
export function vectorAt(batch: Batch, node: u32): Vector {
  return changetype<Vector>(batch.vectors + <usize>node * offsetof<Vector>());
}

// @ts-ignore: decorator
@inline
export function rootOf(batch: Batch, column: u32): u32 {
  return load<u32>(batch.roots + ((<usize>column) << 2));
}

/** The vector of a column. */
// @ts-ignore: decorator
@inline
export function vectorOf(batch: Batch, column: u32): Vector {
  return vectorAt(batch, rootOf(batch, column));
}

export function bitmapBytes(rows: u32): u32 {
  return (rows + 7) >> 3;
}

/** An empty batch; every vector must be set up with `batchNode` before use. */
export function batchNew(columns: u32, nodes: u32, rowCapacity: u32): usize {
  const batch = changetype<Batch>(heap.alloc(offsetof<Batch>()));
  batch.rows = 0;
  batch.columns = columns;
  batch.rowCapacity = rowCapacity;
  batch.nodes = nodes;
  batch.vectors = heap.alloc(<usize>nodes * offsetof<Vector>() + SLACK);
  memory.fill(batch.vectors, 0, <usize>nodes * offsetof<Vector>());
  batch.roots = heap.alloc(<usize>columns * 4 + SLACK);
  return changetype<usize>(batch);
}

/**
 * Sets up vector `node`, in order. `column` is that of its tree; `rowwise`: it has an entry a row, as a column has, and
 * a field of a struct that does. `span` and `parameter` as in `Vector`.
 */
export function batchNode(
  batchPointer: usize,
  node: u32,
  column: u32,
  type: u32,
  span: u32,
  parameter: u32,
  isRoot: bool,
  rowwise: bool,
): void {
  const batch = changetype<Batch>(batchPointer);
  if (isRoot) store<u32>(batch.roots + ((<usize>column) << 2), node);
  const vector = vectorAt(batch, node);
  const room = rowwise ? batch.rowCapacity : FIRST_ROOM;
  vector.type = type;
  vector.span = span;
  vector.parameter = parameter;
  vector.room = room;
  vector.validity = heap.alloc(<usize>bitmapBytes(room) + SLACK);
  if (isText(type) || isRepeated(type)) vector.offsets = heap.alloc((<usize>room + 1) * 4 + SLACK);
  if (!isNested(type)) {
    vector.capacity = isText(type) ? FIRST_TEXT_BYTES : valueBytes(type, room);
    vector.values = heap.alloc(<usize>vector.capacity + SLACK);
  }
  clearVector(vector);
}

/** Of values of fixed width. */
function valueBytes(type: u32, entries: u32): u32 {
  return type == BOOLEAN ? bitmapBytes(entries) : entries * widthOf(type);
}

/** Makes room for `bytes` more bytes of text. Moves `values`. */
export function reserve(vector: Vector, bytes: u32): void {
  const needed = vector.used + bytes;
  if (needed <= vector.capacity) return;
  const capacity = max<u32>(needed, vector.capacity + (vector.capacity >> 1));
  vector.values = heap.realloc(vector.values, <usize>capacity + SLACK);
  vector.capacity = capacity;
}

/** Makes room for `more` entries behind `length`. Moves validity, offsets and values of fixed width. */
export function reserveEntries(vector: Vector, more: u32): void {
  const needed = vector.length + more;
  if (needed <= vector.room) return;
  const room = max<u32>(needed, vector.room * 2);
  const oldBits = <usize>bitmapBytes(vector.room);
  const bits = <usize>bitmapBytes(room);
  vector.validity = heap.realloc(vector.validity, bits + SLACK);
  memory.fill(vector.validity + oldBits, 0, bits - oldBits + 8);
  if (vector.offsets) vector.offsets = heap.realloc(vector.offsets, (<usize>room + 1) * 4 + SLACK);
  if (vector.values && !isText(vector.type)) {
    vector.capacity = valueBytes(vector.type, room);
    vector.values = heap.realloc(vector.values, <usize>vector.capacity + SLACK);
    if (vector.type == BOOLEAN) memory.fill(vector.values + oldBits, 0, bits - oldBits + 8);
  }
  vector.room = room;
}

/** Text keeps so much room for the next rows; what one very long value took goes back. */
const KEPT_TEXT_BYTES: u32 = 16 << 20;

function clearVector(vector: Vector): void {
  if (isText(vector.type) && vector.capacity > KEPT_TEXT_BYTES) {
    heap.free(vector.values);
    vector.capacity = FIRST_TEXT_BYTES;
    vector.values = heap.alloc(<usize>vector.capacity + SLACK);
  }
  vector.nulls = 0;
  vector.used = 0;
  vector.length = 0;
  memory.fill(vector.validity, 0, bitmapBytes(vector.room) + 8);
  if (vector.offsets) store<u32>(vector.offsets, 0);
  else if (vector.type == BOOLEAN) memory.fill(vector.values, 0, bitmapBytes(vector.room) + 8);
}

/** Makes the batch empty again; keeps its memory. */
export function batchClear(batchPointer: usize): void {
  const batch = changetype<Batch>(batchPointer);
  for (let i: u32 = 0; i < batch.nodes; i++) clearVector(vectorAt(batch, i));
  batch.rows = 0;
}

/** Gives back the batch and all of its memory. */
export function batchFree(batchPointer: usize): void {
  const batch = changetype<Batch>(batchPointer);
  for (let i: u32 = 0; i < batch.nodes; i++) {
    const vector = vectorAt(batch, i);
    heap.free(vector.validity);
    if (vector.values) heap.free(vector.values);
    if (vector.offsets) heap.free(vector.offsets);
  }
  heap.free(batch.vectors);
  heap.free(batch.roots);
  heap.free(batchPointer);
}

/** For writers outside the kernel (SQL, tests): memory to fill from JavaScript. */
export function allocate(bytes: u32): usize {
  return heap.alloc(<usize>bytes + SLACK);
}

export function release(pointer: usize): void {
  heap.free(pointer);
}

/** Like `reserve`, for writers outside the kernel. */
export function batchReserve(batchPointer: usize, node: u32, bytes: u32): void {
  reserve(vectorAt(changetype<Batch>(batchPointer), node), bytes);
}

/** Like `reserveEntries`, for writers outside the kernel. */
export function batchReserveEntries(batchPointer: usize, node: u32, entries: u32): void {
  reserveEntries(vectorAt(changetype<Batch>(batchPointer), node), entries);
}
