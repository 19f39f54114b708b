// The logical size of rows, which decides where row groups end: a sum over rows, so that it is the same for any batches.

import { Batch, rootOf, Vector, vectorAt } from '../batch';
import { BOOLEAN, isNested, isText, STRUCT, widthOf } from '../column';
import { countBits } from './bits';

/**
 * A bit a column and row, rounded up to a byte a row; for each value its bytes in the batch (decimals 16), 1 (boolean),
 * or 4 and the bytes of the text; below nested columns a byte for each entry.
 */
export function rangeBytes(batch: Batch, from: u32, rows: u32): u64 {
  let bytes = <u64>rows * ((batch.columns + 7) >> 3);
  for (let i: u32 = 0; i < batch.columns; i++) bytes += vectorBytes(batch, rootOf(batch, i), from, rows);
  return bytes;
}

function vectorBytes(batch: Batch, node: u32, from: u32, entries: u32): u64 {
  const vector = vectorAt(batch, node);
  if (isNested(vector.type)) return nestedBytes(batch, node, from, entries);
  const values = <u64>countBits(vector.validity, from, entries);
  if (isText(vector.type)) return values * 4 + offsetSpan(vector, from, entries);
  return vector.type == BOOLEAN ? values : values * widthOf(vector.type);
}

function nestedBytes(batch: Batch, node: u32, from: u32, entries: u32): u64 {
  const vector = vectorAt(batch, node);
  const isStruct = vector.type == STRUCT;
  const start = isStruct ? from : load<u32>(vector.offsets + ((<usize>from) << 2));
  const below = isStruct ? entries : offsetSpan(vector, from, entries);
  let bytes: u64 = 0;
  let child = node + 1;
  while (child < node + vector.span) {
    bytes += below + vectorBytes(batch, child, start, below);
    child += vectorAt(batch, child).span;
  }
  return bytes;
}

/** Bytes of the texts, or entries of the children, that the entries have. */
function offsetSpan(vector: Vector, from: u32, entries: u32): u32 {
  const offset = vector.offsets + ((<usize>from) << 2);
  return load<u32>(offset + ((<usize>entries) << 2)) - load<u32>(offset);
}
