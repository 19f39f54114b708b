// The RLE / bit-packing hybrid for dictionary indices (u16) and levels (u8): where a value repeats often it is stored
// once with its count, everything else is packed in groups of 8.
// https://parquet.apache.org/docs/file-format/data-pages/encodings/

import { putVarint } from './varint';

/** A repetition must be worth leaving the packed run for. */
const MIN_REPEATED: u32 = 16;

/** `putIndices` and `putRuns` write less than this. */
export function runsBound(count: u32): u32 {
  return count * 3 + 64;
}

/** Encodes `count` u16 of up to `width` (1 to 16) bits, the width in front; gives the address behind them. */
export function putIndices(at: usize, indices: usize, count: u32, width: u32): usize {
  store<u8>(at, width);
  return putRuns<u16>(at + 1, indices, count, width);
}

/** Encodes `count` values of up to `width` (1 to 16) bits; gives the address behind them. */
export function putRuns<T>(at: usize, values: usize, count: u32, width: u32): usize {
  let to = at;
  /** Where the values begin that no run holds yet. They are whole groups of 8, except at the end. */
  let open: u32 = 0;
  let i: u32 = 0;
  while (i < count) {
    const repeated = repetition<T>(values, i, count);
    if (repeated < MIN_REPEATED) {
      i = min<u32>(i + 8, count);
      continue;
    }
    to = putPacked<T>(to, values, open, i, width);
    to = putRepeated(to, valueAt<T>(values, i), repeated, width);
    i += repeated;
    open = i;
  }
  return putPacked<T>(to, values, open, count, width);
}

// @ts-ignore: decorator
@inline
function valueAt<T>(values: usize, i: u32): u32 {
  return <u32>load<T>(values + <usize>i * sizeof<T>());
}

function repetition<T>(values: usize, from: u32, count: u32): u32 {
  const value = valueAt<T>(values, from);
  let end = from + 1;
  while (end < count && valueAt<T>(values, end) == value) end++;
  return end - from;
}

function putRepeated(at: usize, value: u32, count: u32, width: u32): usize {
  const to = putVarint(at, (<u64>count) << 1);
  store<u16>(to, <u16>value);
  return to + ((width + 7) >> 3);
}

/** The last group is filled up with zeros. */
function putPacked<T>(at: usize, values: usize, from: u32, end: u32, width: u32): usize {
  if (from == end) return at;
  const groups = (end - from + 7) >> 3;
  const start = putVarint(at, ((<u64>groups) << 1) | 1);
  let to = start;
  let word: u64 = 0;
  let filled: u32 = 0;
  for (let i = from; i < end; i++) {
    word |= (<u64>valueAt<T>(values, i)) << filled;
    filled += width;
    if (filled >= 32) {
      store<u32>(to, <u32>word);
      to += 4;
      word >>= 32;
      filled -= 32;
    }
  }
  const packed = <usize>groups * width;
  // Up to 7 values of 16 bits may be missing in the last group: 14 bytes.
  store<u64>(to, word);
  store<u64>(to, 0, 8);
  store<u64>(to, 0, 16);
  return start + packed;
}
