// The smallest and largest value of a page, as the page index states them. Never wrong: where the order of a type leaves a
// doubt, nothing is stated.

import { BOOLEAN, DOUBLE } from '../column';
import { countBits } from './bits';
import { Chunk, plainValues } from './chunk';
import { Dictionary } from './dictionary';
import { EncodedPage } from './encoded';
import { Growable, reserve } from './growable';
import { PageCut } from './page-cut';

/** Numbers and booleans are stated from here: up to 16 bytes each. */
const bounds = memory.data(32);
const MAX: usize = 16;

function stateBounds(encoded: EncodedPage, bytes: u32, minExact: bool, maxExact: bool): void {
  encoded.hasBounds = 1;
  encoded.min = bounds;
  encoded.max = bounds + MAX;
  encoded.minBytes = bytes;
  encoded.maxBytes = bytes;
  encoded.minExact = u32(minExact);
  encoded.maxExact = u32(maxExact);
}

/** Of all that are no texts; the page has at least one. */
export function numberBounds(encoded: EncodedPage, chunk: Chunk, cut: PageCut): void {
  const values = plainValues(chunk) + cut.byte;
  if (chunk.type == BOOLEAN) booleanBounds(encoded, plainValues(chunk), cut.value, cut.values);
  else if (chunk.type == DOUBLE) doubleBounds(encoded, values, cut.values);
  else if (chunk.width == 16) longDecimalBounds(encoded, values, cut.values);
  else if (chunk.width == 4) integerBounds<i32>(encoded, values, cut.values);
  else integerBounds<i64>(encoded, values, cut.values);
}

function integerBounds<T>(encoded: EncodedPage, values: usize, count: u32): void {
  let smallest = load<T>(values);
  let largest = smallest;
  for (let i: usize = sizeof<T>(); i < <usize>count * sizeof<T>(); i += sizeof<T>()) {
    const value = load<T>(values + i);
    smallest = value < smallest ? value : smallest;
    largest = value > largest ? value : largest;
  }
  store<T>(bounds, smallest);
  store<T>(bounds + MAX, largest);
  stateBounds(encoded, sizeof<T>(), true, true);
}

/** Two's complement, the highest byte first: their order is that of the numbers, not that of the bytes. */
function longDecimalBounds(encoded: EncodedPage, values: usize, count: u32): void {
  let smallest = values;
  let largest = values;
  for (let value = values; value < values + ((<usize>count) << 4); value += 16) {
    if (isBelow(value, smallest)) smallest = value;
    if (isBelow(largest, value)) largest = value;
  }
  memory.copy(bounds, smallest, 16);
  memory.copy(bounds + MAX, largest, 16);
  stateBounds(encoded, 16, true, true);
}

function isBelow(a: usize, b: usize): bool {
  const aHigh = <i64>bswap(load<u64>(a));
  const bHigh = <i64>bswap(load<u64>(b));
  return aHigh < bHigh || (aHigh == bHigh && bswap(load<u64>(a, 8)) < bswap(load<u64>(b, 8)));
}

/**
 * The specification leaves the order of the two zeros open: a smallest zero is stated as -0, a largest as +0, and
 * neither is called exact. With a NaN among the values nothing is stated.
 */
function doubleBounds(encoded: EncodedPage, values: usize, count: u32): void {
  let smallest = load<f64>(values);
  let largest = smallest;
  let ordered = true;
  for (let i: usize = 0; i < (<usize>count) << 3; i += 8) {
    const value = load<f64>(values + i);
    smallest = value < smallest ? value : smallest;
    largest = value > largest ? value : largest;
    if (value != value) ordered = false;
  }
  if (!ordered) return;
  const minExact = smallest != 0;
  const maxExact = largest != 0;
  store<f64>(bounds, minExact ? smallest : -0.0);
  store<f64>(bounds + MAX, maxExact ? largest : 0.0);
  stateBounds(encoded, 8, minExact, maxExact);
}

function booleanBounds(encoded: EncodedPage, bitmap: usize, from: u32, count: u32): void {
  const ones = countBits(bitmap, from, count);
  store<u8>(bounds, u32(ones == count));
  store<u8>(bounds + MAX, u32(ones != 0));
  stateBounds(encoded, 1, true, true);
}

/** Over those entries of the dictionary that the page has. `seen` is scratch. */
export function indexedTextBounds(
  encoded: EncodedPage,
  dictionary: Dictionary,
  cut: PageCut,
  seen: Growable,
): void {
  const entries = dictionary.entryCount;
  seen.used = 0;
  const marks = reserve(seen, entries);
  memory.fill(marks, 0, entries);
  const indices = dictionary.indices.data + ((<usize>cut.value) << 1);
  for (let i: usize = 0; i < (<usize>cut.values) << 1; i += 2) store<u8>(marks + load<u16>(indices + i), 1);
  startTexts();
  for (let entry: u32 = 0; entry < entries; entry++) {
    if (!load<u8>(marks + entry)) continue;
    takeText(dictionary.entries.data + load<u32>(dictionary.starts.data + ((<usize>entry) << 2)));
  }
  stateTexts(encoded);
}

/** All of some texts in PLAIN encoding. */
export function takeTexts(texts: usize, bytes: u32): void {
  const end = texts + bytes;
  for (let text = texts; text < end; text += 4 + load<u32>(text)) takeText(text);
}

/** Before the first text of a page is taken. */
export function startTexts(): void {
  smallestText = 0;
}

/** Of the texts taken so far, each with its length in front; 0: there is none yet. */
let smallestText: usize = 0;
let smallestHead: u64 = 0;
let largestText: usize = 0;
let largestHead: u64 = 0;

// @ts-ignore: decorator
@inline
export function takeText(text: usize): void {
  const head = headOf(text);
  if (!smallestText) {
    smallestText = text;
    smallestHead = head;
    largestText = text;
    largestHead = head;
  }
  if (head < smallestHead || (head == smallestHead && compare(text, smallestText) < 0)) {
    smallestText = text;
    smallestHead = head;
  }
  if (head > largestHead || (head == largestHead && compare(text, largestText) > 0)) {
    largestText = text;
    largestHead = head;
  }
}

/** Ordered by their bytes; they stand in place, whole, however long. */
export function stateTexts(encoded: EncodedPage): void {
  encoded.hasBounds = 1;
  encoded.min = smallestText + 4;
  encoded.max = largestText + 4;
  encoded.minBytes = load<u32>(smallestText);
  encoded.maxBytes = load<u32>(largestText);
  encoded.minExact = 1;
  encoded.maxExact = 1;
}

/** The first 8 bytes as a number that orders like them; zeros where the text is shorter. */
function headOf(text: usize): u64 {
  const length = load<u32>(text);
  const head = bswap(load<u64>(text, 4));
  if (length >= 8) return head;
  return length ? head & (~(<u64>0) << (64 - ((<u64>length) << 3))) : 0;
}

function compare(a: usize, b: usize): i32 {
  if (a == b) return 0;
  const aBytes = load<u32>(a);
  const bBytes = load<u32>(b);
  const order = memory.compare(a + 4, b + 4, min(aBytes, bBytes));
  if (order) return order;
  return aBytes < bBytes ? -1 : i32(aBytes > bBytes);
}
