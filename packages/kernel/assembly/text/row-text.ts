// The state of an encoder that makes text of rows: what is known of the columns, and the bytes made last.

import { Batch, vectorAt } from '../batch';
import { Growable, growableFree, growableNew } from '../parquet/growable';

// Formats: the order of TEXT_FORMATS in src/row-text-encoder.ts.
export const NDJSON: u32 = 0;
export const JSON_ARRAY: u32 = 1;
export const CSV: u32 = 2;

/** What is known of a vector before any batch comes. */
@unmanaged
export class TextNode {
  /** Of the batch's vector. */
  type: u32;
  parameter: u32;
  /** How it is written: as its type is, but that a text which is JSON already is raw JSON. */
  written: u32;
  /** Bytes that stand in front of the value inside of an object: `{"name":` of the first, `,"name":` of all others. */
  keyBytes: u32;
  key: usize;
}

/** src/row-text-encoder.ts reads the first 4 bytes: keep both in step. */
@unmanaged
export class RowText {
  /** What the last call made. */
  out: Growable;
  /** CSV: the JSON text of a nested value, before it is quoted. */
  cell: Growable;
  format: u32;
  /** CSV: texts that a spreadsheet would take for a formula are marked as text. */
  safe: u32;
  /** JSON array: an element stands before the next one. */
  started: u32;
  nodes: u32;
  /** `nodes` of them, one behind the other. */
  list: usize;
}

// @ts-ignore: decorator
@inline
export function textNode(text: RowText, node: u32): TextNode {
  return changetype<TextNode>(text.list + <usize>node * offsetof<TextNode>());
}

/** Every node must be set up with `rowTextNode` before use. */
export function rowTextNew(nodes: u32, format: u32, safe: bool): usize {
  const text = changetype<RowText>(heap.alloc(offsetof<RowText>()));
  text.out = growableNew();
  text.cell = growableNew();
  text.format = format;
  text.safe = u32(safe);
  text.started = 0;
  text.nodes = nodes;
  text.list = heap.alloc(<usize>nodes * offsetof<TextNode>());
  memory.fill(text.list, 0, <usize>nodes * offsetof<TextNode>());
  return changetype<usize>(text);
}

/** `key` is memory from `allocate`; the encoder gives it back. */
export function rowTextNode(
  pointer: usize,
  index: u32,
  type: u32,
  parameter: u32,
  written: u32,
  key: usize,
  keyBytes: u32,
): void {
  const node = textNode(changetype<RowText>(pointer), index);
  node.type = type;
  node.parameter = parameter;
  node.written = written;
  node.key = key;
  node.keyBytes = keyBytes;
}

/** Whether the batch has the columns of the encoder. */
export function rowTextAccepts(pointer: usize, batchPointer: usize): bool {
  const text = changetype<RowText>(pointer);
  const batch = changetype<Batch>(batchPointer);
  if (batch.nodes != text.nodes) return false;
  for (let i: u32 = 0; i < text.nodes; i++) {
    const vector = vectorAt(batch, i);
    const node = textNode(text, i);
    if (vector.type != node.type || vector.parameter != node.parameter) return false;
  }
  return true;
}

export function rowTextFree(pointer: usize): void {
  const text = changetype<RowText>(pointer);
  for (let i: u32 = 0; i < text.nodes; i++) heap.free(textNode(text, i).key);
  growableFree(text.out);
  growableFree(text.cell);
  heap.free(text.list);
  heap.free(pointer);
}
