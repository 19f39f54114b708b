// The open row group: batches are appended to one chunk a column, then each chunk is encoded, then all are cleared.

import { Batch, Vector, vectorOf } from '../batch';
import { BOOLEAN, isText } from '../column';
import { bitsAt, countBits } from './bits';
import { Chunk, chunkClear, chunkFree, chunkInit } from './chunk';
import { Dictionary, dictionaryAppend, isFutile, MAX_DICTIONARY_BYTES } from './dictionary';
import { encodeChunk, giveUpDictionary } from './encode';
import { Encoded } from './encoded';
import { Growable, growableFree, growableNew } from './growable';
import { appendLevels } from './levels';
import { appendBooleans, appendFixed, appendTexts } from './plain';

@unmanaged
export class RowGroup {
  columns: u32;
  rows: u32;
  /** Logical bytes of the rows: see `rangeBytes`. */
  bytes: u64;
  rowLimit: u32;
  byteLimit: u32;
  /** `columns` chunks, one behind the other. */
  chunks: usize;
  /** The page of the chunk encoded last, where it is not in the chunk itself. */
  page: Growable;
  encoded: Encoded;
}

function chunkOf(group: RowGroup, index: u32): Chunk {
  return changetype<Chunk>(group.chunks + <usize>index * offsetof<Chunk>());
}

/** Every column must be set up with `rowGroupColumn` before use. */
export function rowGroupNew(columns: u32, rowLimit: u32, byteLimit: u32): usize {
  const group = changetype<RowGroup>(heap.alloc(offsetof<RowGroup>()));
  group.columns = columns;
  group.rows = 0;
  group.bytes = 0;
  group.rowLimit = rowLimit;
  group.byteLimit = byteLimit;
  group.chunks = heap.alloc(<usize>columns * offsetof<Chunk>());
  group.page = growableNew();
  group.encoded = changetype<Encoded>(heap.alloc(offsetof<Encoded>()));
  return changetype<usize>(group);
}

export function rowGroupColumn(pointer: usize, index: u32, type: u32): void {
  chunkInit(chunkOf(changetype<RowGroup>(pointer), index), type);
}

/** Whether the batch has the columns of the row group. */
export function rowGroupAccepts(pointer: usize, batchPointer: usize): bool {
  const group = changetype<RowGroup>(pointer);
  const batch = changetype<Batch>(batchPointer);
  if (batch.columns != group.columns) return false;
  for (let i: u32 = 0; i < group.columns; i++) {
    if (vectorOf(batch, i).type != chunkOf(group, i).type) return false;
  }
  return true;
}

/** How many rows of the batch from `from` on the row group still takes. The first row of a row group always fits. */
export function rowGroupFits(pointer: usize, batchPointer: usize, from: u32): u32 {
  const group = changetype<RowGroup>(pointer);
  const batch = changetype<Batch>(batchPointer);
  let most = min<u32>(batch.rows - from, group.rowLimit - group.rows);
  if (most && fits(group, batch, from, most)) return most;
  // The size grows with each row: search for the last count that fits.
  let least = u32(most && !group.rows);
  while (least < most) {
    const middle = (least + most + 1) >> 1;
    if (fits(group, batch, from, middle)) least = middle;
    else most = middle - 1;
  }
  return least;
}

function fits(group: RowGroup, batch: Batch, from: u32, rows: u32): bool {
  return group.bytes + rangeBytes(batch, from, rows) <= <u64>group.byteLimit;
}

/**
 * The logical size of rows, which decides where row groups end: a bit a column and row, rounded up to a byte a row,
 * and for each value 8 bytes (int64, double), 1 (boolean), or 4 and the bytes of the text.
 */
function rangeBytes(batch: Batch, from: u32, rows: u32): u64 {
  let bytes = <u64>rows * ((batch.columns + 7) >> 3);
  for (let i: u32 = 0; i < batch.columns; i++) {
    const vector = vectorOf(batch, i);
    const values = <u64>countBits(vector.validity, from, rows);
    if (isText(vector.type)) bytes += values * 4 + textBytes(vector, from, rows);
    else bytes += vector.type == BOOLEAN ? values : values * 8;
  }
  return bytes;
}

function textBytes(vector: Vector, from: u32, rows: u32): u32 {
  const offset = vector.offsets + ((<usize>from) << 2);
  return load<u32>(offset + ((<usize>rows) << 2)) - load<u32>(offset);
}

/** Appends rows of the batch; no more than `rowGroupFits` says. */
export function rowGroupAppend(pointer: usize, batchPointer: usize, from: u32, rows: u32): void {
  const group = changetype<RowGroup>(pointer);
  const batch = changetype<Batch>(batchPointer);
  group.bytes += rangeBytes(batch, from, rows);
  group.rows += rows;
  for (let i: u32 = 0; i < group.columns; i++)
    appendVector(chunkOf(group, i), vectorOf(batch, i), from, rows);
}

function appendVector(chunk: Chunk, vector: Vector, from: u32, rows: u32): void {
  const values = chunk.values;
  appendLevels(chunk, vector.validity, from, rows);
  if (chunk.values == values) return;
  const end = from + rows;
  if (isText(chunk.type)) {
    const rest = chunk.dictionary ? appendToDictionary(chunk, values, vector, from, end) : from;
    if (rest < end) appendTexts(chunk.plain, vector, rest, end);
  } else if (chunk.type == BOOLEAN) {
    appendBooleans(chunk.plain, values, vector, from, end);
  } else {
    appendFixed(chunk.plain, vector, from, end);
  }
}

/** Gives the first row that is not appended because the dictionary was given up, or `end`. */
function appendToDictionary(chunk: Chunk, values: u32, vector: Vector, from: u32, end: u32): u32 {
  const dictionary = chunk.dictionary as Dictionary;
  for (let row = from; row < end; row += 64) {
    let bits = bitsAt(vector.validity, row, min<u32>(64, end - row));
    for (; bits; bits &= bits - 1) {
      const at = row + <u32>ctz(bits);
      const offset = vector.offsets + ((<usize>at) << 2);
      const start = load<u32>(offset);
      const length = load<u32>(offset, 4) - start;
      // Too long for any dictionary: not even tried, to the same end.
      const tooLong = length > MAX_DICTIONARY_BYTES;
      if (!tooLong) dictionaryAppend(dictionary, vector.values + start, length);
      if (tooLong || isFutile(dictionary, ++values)) {
        giveUpDictionary(chunk);
        return tooLong ? at : at + 1;
      }
    }
  }
  return end;
}

/** Encodes a column's chunk; gives an `Encoded`, valid until the next call. Once a column and row group. */
export function rowGroupEncode(pointer: usize, index: u32): usize {
  const group = changetype<RowGroup>(pointer);
  encodeChunk(chunkOf(group, index), group.page, group.encoded);
  return changetype<usize>(group.encoded);
}

/** Starts the next row group. */
export function rowGroupClear(pointer: usize): void {
  const group = changetype<RowGroup>(pointer);
  group.rows = 0;
  group.bytes = 0;
  for (let i: u32 = 0; i < group.columns; i++) chunkClear(chunkOf(group, i));
}

export function rowGroupFree(pointer: usize): void {
  const group = changetype<RowGroup>(pointer);
  for (let i: u32 = 0; i < group.columns; i++) chunkFree(chunkOf(group, i));
  growableFree(group.page);
  heap.free(changetype<usize>(group.encoded));
  heap.free(group.chunks);
  heap.free(pointer);
}
