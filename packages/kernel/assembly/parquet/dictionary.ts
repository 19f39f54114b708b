// The dictionary of a text or JSON chunk: its distinct values in order of first appearance, found again through a hash
// table, and an index a value.
//
// Whether it is kept depends on the values of the chunk alone, never on how batches cut them: `isFutile` is asked
// after each value.

import { copyShort, Growable, growableFree, growableNew, reserve } from './growable';
import { putText } from './plain';

/** More entries than this, or bytes in them, are no dictionary any more: DuckDB, parquet-rs and others hold similar limits. */
const MAX_ENTRIES: u32 = 32768;
export const MAX_DICTIONARY_BYTES: u32 = 1 << 20;
/** Of so many values at most 70 % may be distinct. */
const TRIAL_VALUES: u32 = 1024;

const FIRST_SLOTS: u32 = 16;

/** Whether `entries` distinct ones of `values` values that take `bytes` bytes are better off without a dictionary. */
// @ts-ignore: decorator
@inline
export function isTooMuch(entries: u32, bytes: u32, values: u32): bool {
  return (
    entries > MAX_ENTRIES ||
    bytes > MAX_DICTIONARY_BYTES ||
    (values == TRIAL_VALUES && entries * 10 > TRIAL_VALUES * 7)
  );
}

/** Bits of an index. At least 1: some readers have never seen indices of no bits. */
export function indexWidth(entries: u32): u32 {
  return entries > 2 ? 32 - <u32>clz(entries - 1) : 1;
}

@unmanaged
export class Dictionary {
  /** The page: the entries in PLAIN encoding. */
  entries: Growable;
  /** u32 an entry: where it begins in `entries`. */
  starts: Growable;
  /** u16 a value. */
  indices: Growable;
  /** Hash table, open addressing: u32 hash (never 0), u32 index. None before the first value: many columns have none. */
  slots: usize;
  /** A power of two. */
  slotCount: u32;
  entryCount: u32;
  /** What all values take in PLAIN encoding. */
  plainBytes: u32;
}

export function dictionaryNew(): Dictionary {
  const dictionary = changetype<Dictionary>(heap.alloc(offsetof<Dictionary>()));
  dictionary.entries = growableNew();
  dictionary.starts = growableNew();
  dictionary.indices = growableNew();
  dictionary.slotCount = 0;
  dictionary.slots = 0;
  dictionaryClear(dictionary);
  return dictionary;
}

export function dictionaryClear(dictionary: Dictionary): void {
  dictionary.entries.used = 0;
  dictionary.starts.used = 0;
  dictionary.indices.used = 0;
  dictionary.entryCount = 0;
  dictionary.plainBytes = 0;
  if (dictionary.slots) memory.fill(dictionary.slots, 0, (<usize>dictionary.slotCount) << 3);
}

export function dictionaryFree(dictionary: Dictionary): void {
  growableFree(dictionary.entries);
  growableFree(dictionary.starts);
  growableFree(dictionary.indices);
  if (dictionary.slots) heap.free(dictionary.slots);
  heap.free(changetype<usize>(dictionary));
}

/** True once the values so far are better off without a dictionary. `values` counts them. */
export function isFutile(dictionary: Dictionary, values: u32): bool {
  return isTooMuch(dictionary.entryCount, dictionary.entries.used, values);
}

/** Appends a value. */
export function dictionaryAppend(dictionary: Dictionary, text: usize, length: u32): void {
  if (!dictionary.slots) growSlots(dictionary);
  dictionary.plainBytes += 4 + length;
  const index = indexOf(dictionary, text, length);
  store<u16>(reserve(dictionary.indices, 2), <u16>index);
  dictionary.indices.used += 2;
}

function indexOf(dictionary: Dictionary, text: usize, length: u32): u32 {
  const hash = hashOf(text, length);
  const mask = dictionary.slotCount - 1;
  let slot = slotOf(hash, mask);
  for (;;) {
    const address = dictionary.slots + ((<usize>slot) << 3);
    const known = load<u32>(address);
    if (!known) break;
    if (known == hash && isEntry(dictionary, load<u32>(address, 4), text, length))
      return load<u32>(address, 4);
    slot = (slot + 1) & mask;
  }
  return addEntry(dictionary, slot, hash, text, length);
}

function addEntry(dictionary: Dictionary, slot: u32, hash: u32, text: usize, length: u32): u32 {
  const index = dictionary.entryCount++;
  const address = dictionary.slots + ((<usize>slot) << 3);
  store<u32>(address, hash);
  store<u32>(address, index, 4);
  store<u32>(reserve(dictionary.starts, 4), dictionary.entries.used);
  dictionary.starts.used += 4;
  putText(reserve(dictionary.entries, 4 + length), text, length);
  dictionary.entries.used += 4 + length;
  if (dictionary.entryCount * 2 > dictionary.slotCount) growSlots(dictionary);
  return index;
}

function growSlots(dictionary: Dictionary): void {
  const old = dictionary.slots;
  const end = old + ((<usize>dictionary.slotCount) << 3);
  dictionary.slotCount = max<u32>(FIRST_SLOTS, dictionary.slotCount * 2);
  const mask = dictionary.slotCount - 1;
  const slots = heap.alloc((<usize>dictionary.slotCount) << 3);
  memory.fill(slots, 0, (<usize>dictionary.slotCount) << 3);
  for (let from = old; from < end; from += 8) {
    const hash = load<u32>(from);
    if (!hash) continue;
    let slot = slotOf(hash, mask);
    while (load<u32>(slots + ((<usize>slot) << 3))) slot = (slot + 1) & mask;
    store<u64>(slots + ((<usize>slot) << 3), load<u64>(from));
  }
  dictionary.slots = slots;
  if (old) heap.free(old);
}

/** The lowest bit of a hash is always 1. */
function slotOf(hash: u32, mask: u32): u32 {
  return (hash >> 1) & mask;
}

/** Never 0. Multiply and fold, 8 bytes at a time (constants of MurmurHash3's finaliser); decides no output. */
function hashOf(text: usize, length: u32): u32 {
  let hash = (<u64>length + 1) * 0x9e3779b97f4a7c15;
  let left = length;
  while (left > 8) {
    hash = (hash ^ load<u64>(text)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
    text += 8;
    left -= 8;
  }
  hash = (hash ^ firstBytes(text, left)) * 0xc4ceb9fe1a85ec53;
  return (<u32>(hash >> 32)) | 1;
}

/** The first `count` (0 to 8) bytes, zeros above them. */
function firstBytes(at: usize, count: u32): u64 {
  return count ? load<u64>(at) & (~(<u64>0) >> (64 - ((<u64>count) << 3))) : 0;
}

function isEntry(dictionary: Dictionary, index: u32, text: usize, length: u32): bool {
  let entry = dictionary.entries.data + load<u32>(dictionary.starts.data + ((<usize>index) << 2));
  if (load<u32>(entry) != length) return false;
  entry += 4;
  let left = length;
  while (left > 8) {
    if (load<u64>(entry) != load<u64>(text)) return false;
    entry += 8;
    text += 8;
    left -= 8;
  }
  return firstBytes(entry, left) == firstBytes(text, left);
}

/** Writes all values in PLAIN encoding. */
export function spellOut(dictionary: Dictionary, plain: Growable): void {
  let to = reserve(plain, dictionary.plainBytes);
  const end = dictionary.indices.data + dictionary.indices.used;
  for (let index = dictionary.indices.data; index < end; index += 2) {
    const start = load<u32>(dictionary.starts.data + ((<usize>load<u16>(index)) << 2));
    const entry = dictionary.entries.data + start;
    const length = load<u32>(entry) + 4;
    copyShort(to, entry, length);
    to += length;
  }
  plain.used += dictionary.plainBytes;
}
