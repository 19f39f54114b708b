// Bytes that grow: nothing is allocated before the first byte, so that a row group of thousands of columns starts small.

import { SLACK } from '../batch';

const FIRST_CAPACITY: u32 = 64;

@unmanaged
export class Growable {
  data: usize;
  used: u32;
  /** Bytes that `data` has room for, without the SLACK behind them. */
  capacity: u32;
}

export function growableNew(): Growable {
  const bytes = changetype<Growable>(heap.alloc(offsetof<Growable>()));
  bytes.data = 0;
  bytes.used = 0;
  bytes.capacity = 0;
  return bytes;
}

export function growableFree(bytes: Growable): void {
  if (bytes.data) heap.free(bytes.data);
  heap.free(changetype<usize>(bytes));
}

/** Makes room for `more` bytes behind those in use, and SLACK; gives the address of the first. Moves `data`. */
export function reserve(bytes: Growable, more: u32): usize {
  const needed = bytes.used + more;
  if (needed > bytes.capacity || !bytes.data) grow(bytes, needed);
  return bytes.data + bytes.used;
}

function grow(bytes: Growable, needed: u32): void {
  const capacity = max<u32>(max<u32>(needed, FIRST_CAPACITY), bytes.capacity + (bytes.capacity >> 1));
  const size = <usize>capacity + SLACK;
  bytes.data = bytes.data ? heap.realloc(bytes.data, size) : heap.alloc(size);
  bytes.capacity = capacity;
}

/** Copies a few bytes quickly: reads and writes up to SLACK beyond `length`. */
export function copyShort(to: usize, from: usize, length: u32): void {
  if (length > 64) {
    memory.copy(to, from, length);
    return;
  }
  for (let i: u32 = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
}
