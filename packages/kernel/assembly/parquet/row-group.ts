// The open row group: batches are appended to one chunk a leaf column, then each chunk is encoded, then all are cleared.

import { Batch, vectorAt } from '../batch';
import { isNested } from '../column';
import { appendValues } from './append';
import { Chunk, chunkClear, chunkFree, chunkInit, isFlat, nodeAt } from './chunk';
import { encodeChunk, encodePage, Encoder, encoderFree, encoderNew } from './encode';
import { appendLevels } from './levels';
import { rangeBytes } from './range-bytes';
import { shredRows } from './shred';

/** What the schema has at one place of a batch: 12 bytes. */
@unmanaged
class SchemaNode {
  type: u32;
  span: u32;
  parameter: u32;
}

@unmanaged
export class RowGroup {
  columns: u32;
  rows: u32;
  /** Logical bytes of the rows: see `rangeBytes`. */
  bytes: u64;
  rowLimit: u32;
  byteLimit: u32;
  /** `nodes` schema nodes, as the batches have them. */
  schema: usize;
  nodes: u32;
  /** `leaves` chunks, one behind the other. */
  chunks: usize;
  leaves: u32;
  encoder: Encoder;
}

function chunkOf(group: RowGroup, index: u32): Chunk {
  return changetype<Chunk>(group.chunks + <usize>index * offsetof<Chunk>());
}

function schemaNode(group: RowGroup, node: u32): SchemaNode {
  return changetype<SchemaNode>(group.schema + <usize>node * offsetof<SchemaNode>());
}

/** Every node must be set up with `rowGroupNode`, in order, before use. `leaves` of them are not nested. */
export function rowGroupNew(columns: u32, nodes: u32, leaves: u32, rowLimit: u32, byteLimit: u32): usize {
  const group = changetype<RowGroup>(heap.alloc(offsetof<RowGroup>()));
  group.columns = columns;
  group.rows = 0;
  group.bytes = 0;
  group.rowLimit = rowLimit;
  group.byteLimit = byteLimit;
  group.schema = heap.alloc(<usize>nodes * offsetof<SchemaNode>());
  group.nodes = 0;
  group.chunks = heap.alloc(<usize>leaves * offsetof<Chunk>());
  group.leaves = 0;
  group.encoder = encoderNew();
  return changetype<usize>(group);
}

/**
 * Sets up the next node. `root` is the first node of its column; `plainOnly`: its values are to be in PLAIN encoding
 * whatever they are.
 */
export function rowGroupNode(
  pointer: usize,
  root: u32,
  type: u32,
  span: u32,
  parameter: u32,
  plainOnly: bool,
): void {
  const group = changetype<RowGroup>(pointer);
  const node = group.nodes++;
  const schema = schemaNode(group, node);
  schema.type = type;
  schema.span = span;
  schema.parameter = parameter;
  if (!isNested(type)) addLeaf(group, root, node, plainOnly);
}

function addLeaf(group: RowGroup, root: u32, leaf: u32, plainOnly: bool): void {
  const most = <usize>(leaf - root + 1);
  const path = heap.alloc(most << 2);
  const types = heap.alloc(most << 2);
  let steps: usize = 0;
  for (let node = root; node <= leaf; node++) {
    const schema = schemaNode(group, node);
    // What ends before the leaf stands beside its path.
    if (node + schema.span <= leaf) continue;
    store<u32>(path + (steps << 2), node);
    store<u32>(types + (steps << 2), schema.type);
    steps++;
  }
  const chunk = chunkOf(group, group.leaves++);
  chunkInit(chunk, path, types, <u32>steps, schemaNode(group, leaf).parameter);
  chunk.plainOnly = plainOnly;
  chunkClear(chunk);
  heap.free(types);
}

/** Whether the batch has the columns of the row group. */
export function rowGroupAccepts(pointer: usize, batchPointer: usize): bool {
  const group = changetype<RowGroup>(pointer);
  const batch = changetype<Batch>(batchPointer);
  if (batch.columns != group.columns || batch.nodes != group.nodes) return false;
  for (let node: u32 = 0; node < group.nodes; node++) {
    const vector = vectorAt(batch, node);
    const schema = schemaNode(group, node);
    if (vector.type != schema.type || vector.span != schema.span) return false;
    if (vector.parameter != schema.parameter) return false;
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

/** Appends rows of the batch; no more than `rowGroupFits` says. */
export function rowGroupAppend(pointer: usize, batchPointer: usize, from: u32, rows: u32): void {
  const group = changetype<RowGroup>(pointer);
  const batch = changetype<Batch>(batchPointer);
  group.bytes += rangeBytes(batch, from, rows);
  group.rows += rows;
  for (let i: u32 = 0; i < group.leaves; i++) appendRows(chunkOf(group, i), batch, from, rows);
}

function appendRows(chunk: Chunk, batch: Batch, from: u32, rows: u32): void {
  if (!isFlat(chunk)) {
    shredRows(chunk, batch, from, rows);
    return;
  }
  const vector = vectorAt(batch, nodeAt(chunk, 0));
  const values = chunk.values;
  appendLevels(chunk, vector.validity, from, rows);
  if (chunk.values > values) appendValues(chunk, values, vector, from, from + rows);
}

/** Encodes a leaf's chunk; gives an `EncodedChunk`, valid until the next call. Once a leaf and row group. */
export function rowGroupEncode(pointer: usize, leaf: u32): usize {
  const group = changetype<RowGroup>(pointer);
  encodeChunk(group.encoder, chunkOf(group, leaf));
  return changetype<usize>(group.encoder.encodedChunk);
}

/** The next page of that chunk: an `EncodedPage`, valid until the next call; 0: there is none. */
export function rowGroupPage(pointer: usize): usize {
  const group = changetype<RowGroup>(pointer);
  return encodePage(group.encoder) ? changetype<usize>(group.encoder.encodedPage) : 0;
}

/** Starts the next row group. */
export function rowGroupClear(pointer: usize): void {
  const group = changetype<RowGroup>(pointer);
  group.rows = 0;
  group.bytes = 0;
  for (let i: u32 = 0; i < group.leaves; i++) chunkClear(chunkOf(group, i));
}

export function rowGroupFree(pointer: usize): void {
  const group = changetype<RowGroup>(pointer);
  for (let i: u32 = 0; i < group.leaves; i++) chunkFree(chunkOf(group, i));
  encoderFree(group.encoder);
  heap.free(group.schema);
  heap.free(group.chunks);
  heap.free(pointer);
}
