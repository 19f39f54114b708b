// The smallest and largest value of a chunk, as the footer states them. Never wrong: where the order of a type leaves a
// doubt, nothing is stated.

import { countBits } from './bits';
import { Encoded } from './encoded';

/** Numbers and booleans are stated from here: 8 bytes each. */
const bounds = memory.data(16);

function stateBounds(encoded: Encoded, bytes: u32, minExact: bool, maxExact: bool): void {
  encoded.hasBounds = 1;
  encoded.min = bounds;
  encoded.max = bounds + 8;
  encoded.minBytes = bytes;
  encoded.maxBytes = bytes;
  encoded.minExact = u32(minExact);
  encoded.maxExact = u32(maxExact);
}

export function int64Bounds(encoded: Encoded, values: usize, count: u32): void {
  if (!count) return;
  let smallest = load<i64>(values);
  let largest = smallest;
  for (let i: usize = 8; i < (<usize>count) << 3; i += 8) {
    const value = load<i64>(values + i);
    smallest = value < smallest ? value : smallest;
    largest = value > largest ? value : largest;
  }
  store<i64>(bounds, smallest);
  store<i64>(bounds, largest, 8);
  stateBounds(encoded, 8, true, true);
}

/**
 * The specification leaves the order of the two zeros open: a smallest zero is stated as -0, a largest as +0, and
 * neither is called exact. With a NaN among the values nothing is stated.
 */
export function doubleBounds(encoded: Encoded, values: usize, count: u32): void {
  if (!count) return;
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
  store<f64>(bounds, maxExact ? largest : 0.0, 8);
  stateBounds(encoded, 8, minExact, maxExact);
}

export function booleanBounds(encoded: Encoded, values: usize, count: u32): void {
  if (!count) return;
  const ones = countBits(values, 0, count);
  store<u8>(bounds, u32(ones == count));
  store<u8>(bounds, u32(ones != 0), 8);
  stateBounds(encoded, 1, true, true);
}

/** Over texts in PLAIN encoding, ordered by their bytes. The bounds stand in place, whole, however long. */
export function textBounds(encoded: Encoded, texts: usize, bytes: u32): void {
  if (!bytes) return;
  let smallest = texts;
  let largest = texts;
  let smallestHead = headOf(texts);
  let largestHead = smallestHead;
  const end = texts + bytes;
  for (let text = texts; text < end; text += 4 + load<u32>(text)) {
    const head = headOf(text);
    if (head < smallestHead || (head == smallestHead && compare(text, smallest) < 0)) {
      smallest = text;
      smallestHead = head;
    }
    if (head > largestHead || (head == largestHead && compare(text, largest) > 0)) {
      largest = text;
      largestHead = head;
    }
  }
  encoded.hasBounds = 1;
  encoded.min = smallest + 4;
  encoded.max = largest + 4;
  encoded.minBytes = load<u32>(smallest);
  encoded.maxBytes = load<u32>(largest);
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
