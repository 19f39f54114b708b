// A reader: its columns, the block it is working on, and its life.
import { batchFree, batchNew, SLACK } from '../batch';
import { badRecordsNew, freeBadRecords } from './bad-records';
import { blockRowsFor, CELL_BYTES } from './cells';
import { clearDriftCounts, DriftCounts, driftCountsFree, driftCountsNew } from './drift-counts';
import { DriftList, driftListFree, driftListNew } from './drifts';
import { KeySet, keySetFree, keySetNew } from './duplicates';
import { releaseTexts } from './fit';
import { addColumn, KeyTable, keyTableFree, keyTableNew } from './keys';
import { releaseKeys } from './nested-keys';
import { prepareNumbers } from './number';
import { preparePaths } from './path';
import { REST } from './policy';
import { Scratch, scratchFree, scratchNew } from './scratch';
import { prepareStrings } from './string';
import { addField, addStruct, addTree, Trees, treesFree, treesNew } from './tree';

/** The first six words are read by src/reader-state.ts: keep both in step. */
@unmanaged
export class Reader {
  /** The column batch; belongs to the reader. */
  batch: usize;
  /** Lines, blank lines and bad records of the last call. */
  lines: u32;
  blank: u32;
  bad: u32;
  badRecords: usize;
  driftCounts: DriftCounts;
  /** Bytes of the records in the batch. */
  batchBytes: u32;
  maxBatchBytes: u32;
  maxRecordBytes: u32;
  policy: u32;
  /** Whether white space around a record is no part of it: lines made of a document. */
  trimsSpace: u32;
  blockRows: u32;
  keys: KeyTable;
  /** The column whose key came first in the last record. */
  first: usize;
  cells: usize;
  drifts: DriftList;
  seen: KeySet;
  /** For the key in hand. */
  scratch: Scratch;
  trees: Trees;
}

/**
 * For `columns` columns that are filled from keys; under REST the batch has one more for what drifts. The caller sets
 * up the batch's `nodes` vectors.
 */
export function readerNew(
  columns: u32,
  nodes: u32,
  policy: u32,
  rowCapacity: u32,
  maxBatchBytes: u32,
  maxRecordBytes: u32,
): usize {
  prepareStrings();
  prepareNumbers();
  preparePaths();
  const reader = changetype<Reader>(heap.alloc(offsetof<Reader>()));
  reader.batch = batchNew(columns + u32(policy == REST), nodes, rowCapacity);
  reader.lines = 0;
  reader.blank = 0;
  reader.bad = 0;
  reader.badRecords = badRecordsNew();
  reader.driftCounts = driftCountsNew();
  reader.batchBytes = 0;
  reader.maxBatchBytes = maxBatchBytes;
  reader.maxRecordBytes = maxRecordBytes;
  reader.policy = policy;
  reader.trimsSpace = 0;
  reader.blockRows = blockRowsFor(columns);
  reader.keys = keyTableNew(columns);
  reader.first = reader.keys.columns;
  const cellBytes = <usize>columns * reader.blockRows * CELL_BYTES;
  reader.cells = heap.alloc(cellBytes + SLACK);
  memory.fill(reader.cells, 0, cellBytes);
  reader.drifts = driftListNew();
  reader.seen = keySetNew();
  reader.scratch = scratchNew(1024);
  reader.trees = treesNew(reader.batch, columns, nodes);
  return changetype<usize>(reader);
}

/** Columns must be added in order. `written` is the key as JSON text with its colon, `name` the key itself. */
export function readerColumn(
  readerPointer: usize,
  index: u32,
  type: u32,
  written: usize,
  writtenLength: u32,
  name: usize,
  nameLength: u32,
): void {
  const reader = changetype<Reader>(readerPointer);
  const column = addColumn(reader.keys, index, type, written, writtenLength, name, nameLength);
  column.cells = reader.cells + <usize>index * reader.blockRows * CELL_BYTES;
}

/** Column `column` is of a nested type: its vectors are the `span` from `root` on. */
export function readerTree(readerPointer: usize, column: u32, root: u32, span: u32): void {
  addTree(changetype<Reader>(readerPointer).trees, column, root, span);
}

/** Vector `node` is a struct with so many fields, to be set up with `readerField`. */
export function readerStruct(readerPointer: usize, node: u32, fields: u32): void {
  addStruct(changetype<Reader>(readerPointer).trees, node, fields);
}

/** Fields must be added in order; texts as for `readerColumn`. */
export function readerField(
  readerPointer: usize,
  struct: u32,
  field: u32,
  node: u32,
  type: u32,
  written: usize,
  writtenLength: u32,
  name: usize,
  nameLength: u32,
): void {
  const trees = changetype<Reader>(readerPointer).trees;
  addField(trees, struct, field, node, type, written, writtenLength, name, nameLength);
}

export function readerTrimSpace(readerPointer: usize, trims: bool): void {
  changetype<Reader>(readerPointer).trimsSpace = u32(trims);
}

/** Forgets the drift counted so far. */
export function readerClearDrift(readerPointer: usize): void {
  clearDriftCounts(changetype<Reader>(readerPointer).driftCounts);
}

export function readerFree(readerPointer: usize): void {
  const reader = changetype<Reader>(readerPointer);
  treesFree(reader.trees);
  batchFree(reader.batch);
  freeBadRecords(reader.badRecords, reader.bad);
  heap.free(reader.badRecords);
  driftCountsFree(reader.driftCounts);
  keyTableFree(reader.keys);
  heap.free(reader.cells);
  driftListFree(reader.drifts);
  keySetFree(reader.seen);
  scratchFree(reader.scratch);
  releaseTexts();
  releaseKeys();
  heap.free(readerPointer);
}
