// DELTA_BINARY_PACKED for int64: differences to the value before, in blocks of 128 (four miniblocks of 32), each less
// the block's smallest, in as many bits as the miniblock's largest needs. Differences wrap around at 64 bits, as the
// specification asks. https://parquet.apache.org/docs/file-format/data-pages/encodings/

import { putVarint, zigzag } from './varint';

const BLOCK: u32 = 128;
const MINIBLOCKS: u32 = 4;
const MINIBLOCK: u32 = BLOCK / MINIBLOCKS;

/** Differences of one block. */
const differences = memory.data(1024);

/** `putDelta` writes less than this. */
export function deltaBound(count: u32): u32 {
  const blocks = (count + BLOCK - 1) / BLOCK;
  return 40 + blocks * (10 + MINIBLOCKS + BLOCK * 8);
}

/** Encodes `count` values; gives the address behind them. */
export function putDelta(at: usize, values: usize, count: u32): usize {
  let to = putVarint(at, BLOCK);
  to = putVarint(to, MINIBLOCKS);
  to = putVarint(to, count);
  to = putVarint(to, count ? zigzag(load<i64>(values)) : 0);
  for (let i: u32 = 1; i < count; i += BLOCK) {
    to = putBlock(to, values + ((<usize>i) << 3), min<u32>(BLOCK, count - i));
  }
  return to;
}

function putBlock(at: usize, values: usize, count: u32): usize {
  const smallest = subtract(values, count);
  let to = putVarint(at, zigzag(smallest));
  const widths = to;
  to += MINIBLOCKS;
  for (let i: u32 = 0; i < MINIBLOCKS; i++) {
    const miniblock = differences + ((<usize>i * MINIBLOCK) << 3);
    const width = widthOf(miniblock);
    store<u8>(widths + i, width);
    if (width) to = pack(to, miniblock, width);
  }
  return to;
}

/** Fills `differences`, less the smallest of them, which is the result; zeros behind the last. */
function subtract(values: usize, count: u32): i64 {
  let smallest = i64.MAX_VALUE;
  for (let i: usize = 0; i < (<usize>count) << 3; i += 8) {
    const difference = load<i64>(values + i) - load<i64>(values + i - 8);
    store<i64>(differences + i, difference);
    if (difference < smallest) smallest = difference;
  }
  for (let i: usize = 0; i < (<usize>count) << 3; i += 8) {
    store<i64>(differences + i, load<i64>(differences + i) - smallest);
  }
  memory.fill(differences + ((<usize>count) << 3), 0, (<usize>(BLOCK - count)) << 3);
  return smallest;
}

function widthOf(miniblock: usize): u32 {
  let all: u64 = 0;
  for (let i: usize = 0; i < (<usize>MINIBLOCK) << 3; i += 8) all |= load<u64>(miniblock + i);
  return 64 - <u32>clz(all);
}

/** 32 values of `width` (1 to 64) bits are `width` × 4 bytes. */
function pack(at: usize, miniblock: usize, width: u32): usize {
  let to = at;
  let word: u64 = 0;
  let filled: u32 = 0;
  for (let i: usize = 0; i < (<usize>MINIBLOCK) << 3; i += 8) {
    const value = load<u64>(miniblock + i);
    word |= value << filled;
    filled += width;
    if (filled >= 64) {
      store<u64>(to, word);
      to += 8;
      filled -= 64;
      word = filled ? value >> (width - filled) : 0;
    }
  }
  // Half a word is left where the width is odd.
  if (filled) store<u32>(to, <u32>word);
  return at + ((<usize>width) << 2);
}
