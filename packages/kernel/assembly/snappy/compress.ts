// Snappy's raw block format: the length, then literals and copies. Blocks of 64 KiB are compressed on their own, as the
// reference implementation does; the bytes depend on the input alone.
// https://github.com/google/snappy/blob/main/format_description.txt

import { putVarint } from '../parquet/varint';

const BLOCK: usize = 65536;
const HASH_BITS: u32 = 14;
/** u16 a hash: the place in the block, seen last, of four bytes that have it. */
const table = memory.data(32768);
/** Matches are not looked for in the last bytes of a block: 8 may be read there. */
const MARGIN: usize = 15;

/** `snappyCompress` writes less than this for so many bytes. */
export function snappyBound(bytes: u32): u32 {
  return 64 + bytes + bytes / 6;
}

/** Compresses `bytes` bytes; gives how many are written. */
export function snappyCompress(from: usize, bytes: u32, to: usize): u32 {
  let out = putVarint(to, bytes);
  const end = from + bytes;
  for (let block = from; block < end; block += BLOCK) {
    out = compressBlock(block, min<usize>(block + BLOCK, end), out);
  }
  return <u32>(out - to);
}

function compressBlock(block: usize, end: usize, to: usize): usize {
  if (end - block <= MARGIN) return putLiteral(to, block, <u32>(end - block));
  memory.fill(table, 0, 32768);
  const last = end - MARGIN;
  let out = to;
  /** Begins what is not written yet. */
  let open = block;
  let at = block + 1;
  while (at < last) {
    const match = findMatch(block, at, last);
    at = foundAt;
    if (!match) break;
    out = putLiteral(out, open, <u32>(at - open));
    const length = matchLength(match, at, end);
    out = putCopy(out, <u32>(at - match), length);
    at += length;
    open = at;
    // Both ends of a copy are good places to be found again.
    if (at < last) remember(block, at - 1);
  }
  return open < end ? putLiteral(out, open, <u32>(end - open)) : out;
}

/** Where `findMatch` stopped. */
let foundAt: usize = 0;

/** The place before `at`, or one behind it, of the same four bytes; 0: none up to `last`. Steps grow where nothing is found. */
function findMatch(block: usize, at: usize, last: usize): usize {
  let skip: usize = 32;
  while (at < last) {
    const slot = slotOf(at);
    const candidate = block + <usize>load<u16>(slot);
    store<u16>(slot, <u16>(at - block));
    if (load<u32>(candidate) == load<u32>(at)) {
      foundAt = at;
      return candidate;
    }
    at += skip >> 5;
    skip++;
  }
  foundAt = at;
  return 0;
}

function remember(block: usize, at: usize): void {
  store<u16>(slotOf(at), <u16>(at - block));
}

// @ts-ignore: decorator
@inline
function slotOf(at: usize): usize {
  return table + ((<usize>((load<u32>(at) * 0x1e35a7bd) >> (32 - HASH_BITS))) << 1);
}

/** Bytes that are equal at both places, at least 4. */
function matchLength(match: usize, at: usize, end: usize): u32 {
  let length: usize = 4;
  while (at + length + 8 <= end) {
    const difference = load<u64>(match + length) ^ load<u64>(at + length);
    if (difference) return <u32>(length + ((<usize>ctz(difference)) >> 3));
    length += 8;
  }
  while (at + length < end && load<u8>(match + length) == load<u8>(at + length)) length++;
  return <u32>length;
}

function putLiteral(to: usize, from: usize, length: u32): usize {
  if (!length) return to;
  const above = length - 1;
  let out = to;
  if (above < 60) {
    store<u8>(out++, above << 2);
  } else if (above < 256) {
    store<u8>(out, 60 << 2);
    store<u8>(out, above, 1);
    out += 2;
  } else {
    store<u8>(out, 61 << 2);
    store<u16>(out, <u16>above, 1);
    out += 3;
  }
  memory.copy(out, from, length);
  return out + length;
}

/** Pieces of up to 64 bytes, each of at least 4. */
function putCopy(to: usize, offset: u32, length: u32): usize {
  let out = to;
  let left = length;
  while (left >= 68) {
    out = putLongCopy(out, offset, 64);
    left -= 64;
  }
  if (left > 64) {
    out = putLongCopy(out, offset, 60);
    left -= 60;
  }
  if (left >= 12 || offset >= 2048) return putLongCopy(out, offset, left);
  store<u8>(out, 1 | ((left - 4) << 2) | ((offset >> 8) << 5));
  store<u8>(out, offset, 1);
  return out + 2;
}

/** Two bytes of offset. */
function putLongCopy(to: usize, offset: u32, length: u32): usize {
  store<u8>(to, 2 | ((length - 1) << 2));
  store<u16>(to, <u16>offset, 1);
  return to + 3;
}
