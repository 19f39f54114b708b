// PLAIN encoding: values one behind the other, without gaps for nulls.

import { Vector } from '../batch';
import { bitsAt, putBits } from './bits';
import { copyShort, Growable, reserve } from './growable';

/** Appends the values of the entries [from, end), which the batch holds in as many bytes as the file: those of a `T`. */
export function appendFixed<T>(plain: Growable, vector: Vector, from: u32, end: u32): void {
  let to = reserve(plain, (end - from) * sizeof<T>());
  for (let row = from; row < end; row += 64) {
    const count = min<u32>(64, end - row);
    let bits = bitsAt(vector.validity, row, count);
    const source = vector.values + <usize>row * sizeof<T>();
    if (<u32>popcnt(bits) == count) {
      memory.copy(to, source, <usize>count * sizeof<T>());
      to += <usize>count * sizeof<T>();
      continue;
    }
    for (; bits; bits &= bits - 1) {
      store<T>(to, load<T>(source + <usize>ctz(bits) * sizeof<T>()));
      to += sizeof<T>();
    }
  }
  plain.used = <u32>(to - plain.data);
}

/** Appends decimals that 8 bytes hold: the lower half of what the batch has. */
export function appendShortDecimals(plain: Growable, vector: Vector, from: u32, end: u32): void {
  let to = reserve(plain, (end - from) * 8);
  for (let row = from; row < end; row += 64) {
    let bits = bitsAt(vector.validity, row, min<u32>(64, end - row));
    for (; bits; bits &= bits - 1) {
      store<u64>(to, load<u64>(vector.values + ((<usize>row + <usize>ctz(bits)) << 4)));
      to += 8;
    }
  }
  plain.used = <u32>(to - plain.data);
}

/** Appends decimals as 16 bytes, the highest first. */
export function appendLongDecimals(plain: Growable, vector: Vector, from: u32, end: u32): void {
  let to = reserve(plain, (end - from) * 16);
  for (let row = from; row < end; row += 64) {
    let bits = bitsAt(vector.validity, row, min<u32>(64, end - row));
    for (; bits; bits &= bits - 1) {
      const source = vector.values + ((<usize>row + <usize>ctz(bits)) << 4);
      store<u64>(to, bswap(load<u64>(source, 8)));
      store<u64>(to, bswap(load<u64>(source)), 8);
      to += 16;
    }
  }
  plain.used = <u32>(to - plain.data);
}

/** Appends the booleans of the entries [from, end), a bit each, behind the `values` that are there from `start` on. */
export function appendBooleans(
  plain: Growable,
  start: u32,
  values: u32,
  vector: Vector,
  from: u32,
  end: u32,
): void {
  reserve(plain, ((end - from) >> 3) + 1);
  const bitmap = plain.data + start;
  for (let row = from; row < end; row += 64) {
    const count = min<u32>(64, end - row);
    const present = bitsAt(vector.validity, row, count);
    putBits(bitmap, values, gather(bitsAt(vector.values, row, count), present));
    values += <u32>popcnt(present);
  }
  plain.used = start + ((values + 7) >> 3);
}

/** The bits of `bits` that stand where `mask` has ones, moved together. */
function gather(bits: u64, mask: u64): u64 {
  let gathered: u64 = 0;
  let at: u64 = 0;
  for (; mask; mask &= mask - 1) gathered |= ((bits >> ctz(mask)) & 1) << at++;
  return gathered;
}

/** Appends the texts of the entries [from, end), each behind its length. */
export function appendTexts(plain: Growable, vector: Vector, from: u32, end: u32): void {
  const offsets = vector.offsets;
  const bytes = load<u32>(offsets + ((<usize>end) << 2)) - load<u32>(offsets + ((<usize>from) << 2));
  let to = reserve(plain, bytes + (end - from) * 4);
  for (let row = from; row < end; row += 64) {
    let bits = bitsAt(vector.validity, row, min<u32>(64, end - row));
    for (; bits; bits &= bits - 1) {
      const entry = offsets + ((<usize>row + <usize>ctz(bits)) << 2);
      const start = load<u32>(entry);
      to = putText(to, vector.values + start, load<u32>(entry, 4) - start);
    }
  }
  plain.used = <u32>(to - plain.data);
}

/** Gives the address behind the text. */
export function putText(at: usize, text: usize, length: u32): usize {
  store<u32>(at, length);
  copyShort(at + 4, text, length);
  return at + 4 + length;
}
