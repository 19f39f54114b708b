// Keys of the objects that are open inside a record: has the innermost one had this key before? A stack of words: for
// each open object a header and a word a key. Clean data costs a short hash and a bit test a key; keys are only
// compared where both agree. An object of many keys gets a hash table.
import { equalBytes, hashBytes } from './bytes';
import { ESCAPED } from './kinds';
import { room, Scratch, scratchFree, scratchNew } from './scratch';
import { scanStringCall, unescape } from './string';

/** From here on an object has a hash table. A power of two. */
const MANY: u32 = 32;
/** What is kept from one value to the next, at most: 512 KiB each. */
const KEPT_WORDS: u32 = 65_536;
const KEPT_SLOTS: u32 = 131_072;

// A header: a bit for each hash modulo 64 that the object's keys have; the header of the object around it | where its
// table starts << 32; one less than the size of its table, 0 = none.
// A key: its first byte behind the quote | 31 bits of hash << 32 | whether it has escapes << 63.
const HEADER: u32 = 3;

let words: usize = 0;
let wordCapacity: u32 = 0;
let used: u32 = 0;
/** The header of the innermost object. */
let object: u32 = 0;

/** Tables, one behind the other: only that of the innermost object grows, so it is the last one. A slot has the index of
 * a key's word; 0 = free. Never more than half full. */
let slots: usize = 0;
let slotCapacity: u32 = 0;
let slotsUsed: u32 = 0;

/** Two unescaped keys, to compare. */
let scratchA: Scratch | null = null;
let scratchB: Scratch | null = null;

// @ts-ignore: decorator
@inline
function wordAt(index: u32): usize {
  return words + ((<usize>index) << 3);
}

/** Makes room for a header. */
function growWords(): void {
  const capacity = max<u32>(wordCapacity * 2, 1024);
  words = words ? heap.realloc(words, (<usize>capacity) << 3) : heap.alloc((<usize>capacity) << 3);
  wordCapacity = capacity;
}

function growSlots(needed: u32): void {
  const capacity = max<u32>(needed, slotCapacity * 2);
  slots = slots ? heap.realloc(slots, (<usize>capacity) << 2) : heap.alloc((<usize>capacity) << 2);
  slotCapacity = capacity;
}

/** No object is open. */
// @ts-ignore: decorator
@inline
export function forgetKeys(): void {
  used = 0;
  slotsUsed = 0;
  if (wordCapacity > KEPT_WORDS || slotCapacity > KEPT_SLOTS) releaseKeys();
}

/** Gives back all memory here; what is needed is made anew. Not while a value is being checked. */
export function releaseKeys(): void {
  if (words) heap.free(words);
  words = 0;
  wordCapacity = 0;
  if (slots) heap.free(slots);
  slots = 0;
  slotCapacity = 0;
  if (scratchA) scratchFree(scratchA!);
  scratchA = null;
  if (scratchB) scratchFree(scratchB!);
  scratchB = null;
}

// @ts-ignore: decorator
@inline
export function openObject(): void {
  if (used + HEADER > wordCapacity) growWords();
  const header = wordAt(used);
  store<u64>(header, 0);
  store<u64>(header, object, 8);
  store<u64>(header, 0, 16);
  object = used;
  used += HEADER;
}

// @ts-ignore: decorator
@inline
export function closeObject(): void {
  const header = wordAt(object);
  if (load<u32>(header, 16)) slotsUsed = load<u32>(header, 12);
  used = object;
  object = load<u32>(header, 8);
}

/** A hash of the length and up to eight bytes at either end. */
// @ts-ignore: decorator
@inline
function shortHash(p: usize, length: u32): u64 {
  let first = load<u64>(p);
  let last: u64 = 0;
  if (length < 8) first &= ((<u64>1) << ((<u64>length) << 3)) - 1;
  else last = rotl<u64>(load<u64>(p + length - 8), 23);
  const hash = (first ^ last ^ length) * 0x9e3779b97f4a7c15;
  return hash ^ (hash >> 29);
}

let textLength: u32 = 0;

/** The key whose word this is, escapes resolved; `textLength` is its length. */
function textOf(word: u64, scratch: Scratch): usize {
  const at = <usize>(<u32>word);
  textLength = <u32>(<usize>(<u32>scanStringCall(at)) - at);
  if (!(word >> 63)) return at;
  const to = room(scratch, textLength);
  textLength = unescape(at, textLength, to);
  return to;
}

function firstScratch(): Scratch {
  if (!scratchA) scratchA = scratchNew(256);
  return scratchA!;
}

function secondScratch(): Scratch {
  if (!scratchB) scratchB = scratchNew(256);
  return scratchB!;
}

// @ts-ignore: decorator
@inline
function isSameHash(a: u64, b: u64): bool {
  return !(((a ^ b) >> 32) << 33);
}

function isSameKey(a: u64, b: u64): bool {
  const textA = textOf(a, firstScratch());
  const lengthA = textLength;
  const textB = textOf(b, secondScratch());
  return lengthA == textLength && equalBytes(textA, textB, lengthA);
}

/** The word of a key with another hash. */
// @ts-ignore: decorator
@inline
function withHash(word: u64, hash: u64): u64 {
  return (word & 0x8000_0000_ffff_ffff) | ((hash >> 33) << 32);
}

/** Of all of the key: many keys may have the same ends. */
// @ts-ignore: decorator
@inline
function fullHash(text: usize, length: u32): u64 {
  return hashBytes(text, length) * 0x9e3779b97f4a7c15;
}

/** Enters the word of that index into a table; true = its key is there already. */
// @ts-ignore: decorator
@inline
function insert(table: usize, mask: u32, index: u32, compared: bool): bool {
  const word = load<u64>(wordAt(index));
  let slot = (<u32>(word >> 32)) & mask;
  let entry = load<u32>(table + ((<usize>slot) << 2));
  while (entry) {
    if (compared) {
      const other = load<u64>(wordAt(entry));
      if (isSameHash(other, word) && isSameKey(other, word)) return true;
    }
    slot = (slot + 1) & mask;
    entry = load<u32>(table + ((<usize>slot) << 2));
  }
  store<u32>(table + ((<usize>slot) << 2), index);
  return false;
}

/** Gives the innermost object a table of four times its `count` keys. */
function rebuild(count: u32): void {
  const header = wordAt(object);
  if (count == MANY) {
    store<u32>(header, slotsUsed, 12);
    for (let i: u32 = 0; i < count; i++) {
      const at = wordAt(object + HEADER + i);
      const word = load<u64>(at);
      const text = textOf(word, firstScratch());
      store<u64>(at, withHash(word, fullHash(text, textLength)));
    }
  }
  const start = load<u32>(header, 12);
  const size = count * 4;
  slotsUsed = start + size;
  if (slotsUsed > slotCapacity) growSlots(slotsUsed);
  store<u32>(header, size - 1, 16);
  const table = slots + ((<usize>start) << 2);
  memory.fill(table, 0, (<usize>size) << 2);
  for (let i: u32 = 0; i < count; i++) insert(table, size - 1, object + HEADER + i, false);
}

function addToMany(word: u64, text: usize, length: u32, count: u32): bool {
  const hash = fullHash(text, length);
  // `count` passes through each power of two: the table is as large as four times the one before, so at most half full.
  if ((count & (count - 1)) == 0) rebuild(count);
  store<u64>(wordAt(used), withHash(word, hash));
  const header = wordAt(object);
  const table = slots + ((<usize>load<u32>(header, 12)) << 2);
  return insert(table, load<u32>(header, 16), used++, true);
}

function isAmongFew(word: u64): bool {
  const end = wordAt(used);
  let p = wordAt(object + HEADER);
  while (p < end) {
    const other = load<u64>(p);
    if (isSameHash(other, word) && isSameKey(other, word)) return true;
    p += 8;
  }
  return false;
}

/**
 * Adds a key to the innermost object: its first byte behind the quote, its length, and whether it is STRING or ESCAPED.
 * True = the object has had it before.
 */
// @ts-ignore: decorator
@inline
export function addNestedKey(at: usize, length: u32, kind: u32): bool {
  if (used + HEADER > wordCapacity) growWords();
  let word: u64 = at;
  let text = at;
  if (kind == ESCAPED) {
    word |= 0x8000_0000_0000_0000;
    text = textOf(word, firstScratch());
    length = textLength;
  }
  const count = used - object - HEADER;
  if (count >= MANY) return addToMany(word, text, length, count);
  const hash = shortHash(text, length);
  word = withHash(word, hash);
  const header = wordAt(object);
  const bits = load<u64>(header);
  const bit = (<u64>1) << ((hash >> 33) & 63);
  if (bits & bit && isAmongFew(word)) return true;
  store<u64>(header, bits | bit);
  store<u64>(wordAt(used++), word);
  return false;
}
