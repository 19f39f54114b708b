// The column batch: the one form in memory between readers and writers, in Arrow's layout.
//
// A batch has up to `rowCapacity` rows. Each of its columns is a vector:
// - validity: one bit a row, least significant first, 1 = there is a value
// - fixed width (int64, double): 8 bytes a row, undefined where there is none; boolean: one bit a row
// - text and json: `offsets` holds rowCapacity + 1 i32, row r has the bytes [offsets[r], offsets[r + 1]) of `values`;
//   a row without a value has no bytes
//
// Bytes up to SLACK behind every buffer may be read and overwritten, so that loops can move 16 at a time.

import { BOOLEAN, isText } from './column';

export const SLACK: usize = 64;

/** 28 bytes, read by src/batch.ts: keep both in step. */
@unmanaged
export class Vector {
  type: u32;
  /** Rows without a value. */
  nulls: u32;
  validity: usize;
  values: usize;
  /** 0 where the width is fixed. */
  offsets: usize;
  /** Bytes that `values` has room for. */
  capacity: u32;
  /** Bytes of `values` in use (text and json). */
  used: u32;
}

/** 16 bytes, read by src/batch.ts: keep both in step. */
@unmanaged
export class Batch {
  rows: u32;
  columns: u32;
  rowCapacity: u32;
  /** `columns` vectors, one behind the other. */
  vectors: usize;
}

// @ts-ignore: decorator
@inline
export function vectorOf(batch: Batch, index: u32): Vector {
  return changetype<Vector>(batch.vectors + <usize>index * offsetof<Vector>());
}

export function bitmapBytes(rows: u32): u32 {
  return (rows + 7) >> 3;
}

/** An empty batch; every vector must be set up with `batchColumn` before use. */
export function batchNew(columns: u32, rowCapacity: u32): usize {
  const batch = changetype<Batch>(heap.alloc(offsetof<Batch>()));
  batch.rows = 0;
  batch.columns = columns;
  batch.rowCapacity = rowCapacity;
  batch.vectors = heap.alloc(<usize>columns * offsetof<Vector>() + SLACK);
  memory.fill(batch.vectors, 0, <usize>columns * offsetof<Vector>());
  return changetype<usize>(batch);
}

export function batchColumn(batchPointer: usize, index: u32, type: u32): void {
  const batch = changetype<Batch>(batchPointer);
  const vector = vectorOf(batch, index);
  const rows = batch.rowCapacity;
  vector.type = type;
  vector.validity = heap.alloc(<usize>bitmapBytes(rows) + SLACK);
  if (isText(type)) {
    vector.offsets = heap.alloc((<usize>rows + 1) * 4 + SLACK);
    vector.capacity = 1024;
  } else {
    vector.capacity = type == BOOLEAN ? bitmapBytes(rows) : rows * 8;
  }
  vector.values = heap.alloc(<usize>vector.capacity + SLACK);
  clearVector(vector, rows);
}

/** Makes room for `bytes` more bytes of text. Moves `values`. */
export function reserve(vector: Vector, bytes: u32): void {
  const needed = vector.used + bytes;
  if (needed <= vector.capacity) return;
  const capacity = max<u32>(needed, vector.capacity + (vector.capacity >> 1));
  vector.values = heap.realloc(vector.values, <usize>capacity + SLACK);
  vector.capacity = capacity;
}

function clearVector(vector: Vector, rows: u32): void {
  vector.nulls = 0;
  vector.used = 0;
  memory.fill(vector.validity, 0, bitmapBytes(rows) + 8);
  if (vector.offsets) store<u32>(vector.offsets, 0);
  else if (vector.type == BOOLEAN) memory.fill(vector.values, 0, bitmapBytes(rows) + 8);
}

/** Makes the batch empty again; keeps its memory. */
export function batchClear(batchPointer: usize): void {
  const batch = changetype<Batch>(batchPointer);
  for (let i: u32 = 0; i < batch.columns; i++) clearVector(vectorOf(batch, i), batch.rowCapacity);
  batch.rows = 0;
}

/** Gives back the batch and all of its memory. */
export function batchFree(batchPointer: usize): void {
  const batch = changetype<Batch>(batchPointer);
  for (let i: u32 = 0; i < batch.columns; i++) {
    const vector = vectorOf(batch, i);
    heap.free(vector.validity);
    heap.free(vector.values);
    if (vector.offsets) heap.free(vector.offsets);
  }
  heap.free(batch.vectors);
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
export function batchReserve(batchPointer: usize, index: u32, bytes: u32): void {
  reserve(vectorOf(changetype<Batch>(batchPointer), index), bytes);
}
