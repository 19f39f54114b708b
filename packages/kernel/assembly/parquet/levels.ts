// Definition levels of an OPTIONAL column: one bit a row, 1 = there is a value, in the RLE / bit-packing hybrid with
// its length in front, as data pages of version 1 hold them.

import { reserve } from './growable';
import { bitsAt, putBits } from './bits';
import { Chunk, validityBytes } from './chunk';
import { putVarint, varintBytes } from './varint';

/** Appends the validity of the batch's rows [from, from + rows). */
export function appendLevels(chunk: Chunk, validity: usize, from: u32, rows: u32): void {
  chunk.validity.used = validityBytes(chunk);
  reserve(chunk.validity, (rows >> 3) + 1);
  const bitmap = chunk.validity.data;
  for (let i: u32 = 0; i < rows; i += 64) {
    const count = min<u32>(64, rows - i);
    const bits = bitsAt(validity, from + i, count);
    putBits(bitmap, chunk.rows + i, bits);
    chunk.values += <u32>popcnt(bits);
  }
  chunk.rows += rows;
}

/** One repeated run, where all rows or none have a value; else one bit-packed run, which is the bitmap itself. */
function isOneRun(chunk: Chunk): bool {
  return chunk.values == chunk.rows || chunk.values == 0;
}

function runHeader(chunk: Chunk): u64 {
  return isOneRun(chunk) ? (<u64>chunk.rows) << 1 : ((<u64>validityBytes(chunk)) << 1) | 1;
}

/** What `putLevels` writes. */
export function levelsBytes(chunk: Chunk): u32 {
  return 4 + varintBytes(runHeader(chunk)) + (isOneRun(chunk) ? 1 : validityBytes(chunk));
}

/** Gives the address behind the levels. */
export function putLevels(at: usize, chunk: Chunk): usize {
  let to = putVarint(at + 4, runHeader(chunk));
  if (isOneRun(chunk)) {
    store<u8>(to++, u32(chunk.values != 0));
  } else {
    memory.copy(to, chunk.validity.data, validityBytes(chunk));
    to += validityBytes(chunk);
  }
  store<u32>(at, <u32>(to - at) - 4);
  return to;
}
