// DELTA_BINARY_PACKED for whole numbers: differences to the value before, in blocks of 128 (four miniblocks of 32), each
// less the block's smallest, in as many bits as the miniblock's largest needs. Differences wrap around at the width of
// the values, as the specification asks. https://parquet.apache.org/docs/file-format/data-pages/encodings/

import { putVarint, zigzag } from './varint';

const BLOCK: u32 = 128;
const MINIBLOCKS: u32 = 4;
const MINIBLOCK: u32 = BLOCK / MINIBLOCKS;

/** Differences of one block, 8 bytes each. */
const differences = memory.data(1024);

/** `putDelta` writes less than this. */
export function deltaBound(count: u32): u32 {
  const blocks = (count + BLOCK - 1) / BLOCK;
  return 40 + blocks * (10 + MINIBLOCKS + BLOCK * 8);
}

/** Encodes `count` values of type `T`, i32 or i64; gives the address behind them. */
export function putDelta<T>(at: usize, values: usize, count: u32): usize {
  let to = putVarint(at, BLOCK);
  to = putVarint(to, MINIBLOCKS);
  to = putVarint(to, count);
  to = putVarint(to, count ? zigzag(<i64>load<T>(values)) : 0);
  for (let i: u32 = 1; i < count; i += BLOCK) {
    to = putBlock<T>(to, values + <usize>i * sizeof<T>(), min<u32>(BLOCK, count - i));
  }
  return to;
}

function putBlock<T>(at: usize, values: usize, count: u32): usize {
  const smallest = subtract<T>(values, count);
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
function subtract<T>(values: usize, count: u32): i64 {
  let smallest = <T>(sizeof<T>() == 4 ? <i64>i32.MAX_VALUE : i64.MAX_VALUE);
  for (let i: usize = 0; i < <usize>count; i++) {
    const value = values + i * sizeof<T>();
    const difference = <T>(load<T>(value) - load<T>(value - sizeof<T>()));
    store<T>(differences + (i << 3), difference);
    if (difference < smallest) smallest = difference;
  }
  for (let i: usize = 0; i < (<usize>count) << 3; i += 8) {
    const above = <T>(load<T>(differences + i) - smallest);
    store<u64>(differences + i, sizeof<T>() == 4 ? <u64>(<u32>above) : <u64>above);
  }
  memory.fill(differences + ((<usize>count) << 3), 0, (<usize>(BLOCK - count)) << 3);
  return <i64>smallest;
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
