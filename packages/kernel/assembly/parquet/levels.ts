// Levels in the RLE / bit-packing hybrid with their length in front, as data pages of version 1 hold them. A flat column
// has one bit a row: 1 = there is a value.

import { reserve } from './growable';
import { bitsAt, copyBits, putBits } from './bits';
import { Chunk, isFlat, validityBytes } from './chunk';
import { PageCut } from './page-cut';
import { putRuns, runsBound } from './rle';
import { putVarint } from './varint';

/** Appends the validity of the batch's rows [from, from + rows) to a flat column. */
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
  chunk.entries += rows;
}

/** `putLevels` writes less than this. */
export function levelsBound(cut: PageCut): u32 {
  return 2 * runsBound(cut.entries);
}

/** Repetition levels, then definition levels; gives the address behind them. */
export function putLevels(at: usize, chunk: Chunk, cut: PageCut): usize {
  if (isFlat(chunk)) return putBitmap(at, chunk, cut);
  let to = at;
  if (chunk.maxRepetition) to = putLevel(to, chunk.repetitions.data, cut, chunk.maxRepetition);
  return putLevel(to, chunk.definitions.data, cut, chunk.maxDefinition);
}

function putLevel(at: usize, levels: usize, cut: PageCut, max: u32): usize {
  const end = putRuns<u8>(at + 4, levels + cut.entry, cut.entries, 32 - <u32>clz(max));
  store<u32>(at, <u32>(end - at) - 4);
  return end;
}

/** One repeated run, where all rows or none have a value; else one bit-packed run, which is the bitmap itself. */
function putBitmap(at: usize, chunk: Chunk, cut: PageCut): usize {
  let to = at + 4;
  if (cut.values == cut.rows || !cut.values) {
    to = putVarint(to, (<u64>cut.rows) << 1);
    store<u8>(to++, u32(cut.values != 0));
  } else {
    const bytes = (cut.rows + 7) >> 3;
    to = putVarint(to, ((<u64>bytes) << 1) | 1);
    copyBits(to, chunk.validity.data, cut.row, cut.rows);
    to += bytes;
  }
  store<u32>(at, <u32>(to - at) - 4);
  return to;
}
