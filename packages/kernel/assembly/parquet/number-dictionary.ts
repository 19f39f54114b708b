// The dictionary of a chunk of numbers: its distinct values, bit for bit, in order of first appearance, and an index a
// value. Made when the chunk is whole, from its values in PLAIN encoding, so that one serves all columns in turn.

import { isTooMuch } from './dictionary';
import { Growable, growableFree, growableNew, reserve } from './growable';

const FIRST_SLOTS: u32 = 256;

@unmanaged
export class NumberDictionary {
  /** The page: the entries in PLAIN encoding. */
  entries: Growable;
  entryCount: u32;
  /** u16 a value. */
  indices: Growable;
  /** Hash table, open addressing: u32 index + 1, 0 = free. A power of two of them. */
  slots: Growable;
  slotCount: u32;
}

export function numberDictionaryNew(): NumberDictionary {
  const dictionary = changetype<NumberDictionary>(heap.alloc(offsetof<NumberDictionary>()));
  dictionary.entries = growableNew();
  dictionary.indices = growableNew();
  dictionary.slots = growableNew();
  return dictionary;
}

export function numberDictionaryFree(dictionary: NumberDictionary): void {
  growableFree(dictionary.entries);
  growableFree(dictionary.indices);
  growableFree(dictionary.slots);
  heap.free(changetype<usize>(dictionary));
}

/**
 * Collects `count` values of `width` (4, 8 or 16) bytes. Gives up, and gives false, once it cannot become smaller than
 * `mostBytes` or is too much.
 */
export function collect(
  dictionary: NumberDictionary,
  values: usize,
  count: u32,
  width: u32,
  mostBytes: u32,
): bool {
  dictionary.entries.used = 0;
  dictionary.entryCount = 0;
  setSlots(dictionary, FIRST_SLOTS);
  dictionary.indices.used = 0;
  const indices = reserve(dictionary.indices, count * 2);
  let index: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const value = values + <usize>i * width;
    // Values that are few often repeat the one before.
    if (!i || !isSame(value - width, value, width)) index = indexOf(dictionary, value, width);
    store<u16>(indices + ((<usize>i) << 1), <u16>index);
    const bytes = dictionary.entries.used;
    if (bytes >= mostBytes || isTooMuch(dictionary.entryCount, bytes, i + 1)) return false;
  }
  return true;
}

function setSlots(dictionary: NumberDictionary, count: u32): void {
  dictionary.slots.used = 0;
  const slots = reserve(dictionary.slots, count * 4);
  memory.fill(slots, 0, (<usize>count) << 2);
  dictionary.slotCount = count;
}

function indexOf(dictionary: NumberDictionary, value: usize, width: u32): u32 {
  const slots = dictionary.slots.data;
  const mask = dictionary.slotCount - 1;
  let slot = hashOf(value, width) & mask;
  let index = load<u32>(slots + ((<usize>slot) << 2));
  while (index) {
    if (isSame(dictionary.entries.data + <usize>(index - 1) * width, value, width)) return index - 1;
    slot = (slot + 1) & mask;
    index = load<u32>(slots + ((<usize>slot) << 2));
  }
  memory.copy(reserve(dictionary.entries, width), value, width);
  dictionary.entries.used += width;
  store<u32>(slots + ((<usize>slot) << 2), ++dictionary.entryCount);
  if (dictionary.entryCount * 2 > dictionary.slotCount) growSlots(dictionary, width);
  return dictionary.entryCount - 1;
}

function growSlots(dictionary: NumberDictionary, width: u32): void {
  setSlots(dictionary, dictionary.slotCount * 2);
  const slots = dictionary.slots.data;
  const mask = dictionary.slotCount - 1;
  for (let i: u32 = 0; i < dictionary.entryCount; i++) {
    let slot = hashOf(dictionary.entries.data + <usize>i * width, width) & mask;
    while (load<u32>(slots + ((<usize>slot) << 2))) slot = (slot + 1) & mask;
    store<u32>(slots + ((<usize>slot) << 2), i + 1);
  }
}

// @ts-ignore: decorator
@inline
function isSame(entry: usize, value: usize, width: u32): bool {
  if (width == 4) return load<u32>(entry) == load<u32>(value);
  if (load<u64>(entry) != load<u64>(value)) return false;
  return width == 8 || load<u64>(entry, 8) == load<u64>(value, 8);
}

/** Decides no output. */
// @ts-ignore: decorator
@inline
function hashOf(value: usize, width: u32): u32 {
  let word = width == 4 ? <u64>load<u32>(value) : load<u64>(value);
  if (width == 16) word ^= load<u64>(value, 8) * 0xff51afd7ed558ccd;
  return <u32>((word * 0x9e3779b97f4a7c15) >> 40);
}
