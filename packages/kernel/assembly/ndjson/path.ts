// Where in a record the value in hand stands, as a JSON Pointer (RFC 6901): only spelled out for what drifts.
import { SLACK } from '../batch';
import { room, Scratch, scratchNew } from './scratch';
import { unescape } from './string';

/** One step down: a key as written, or the index in a list. */
@unmanaged
class Step {
  /** Behind the key's opening quote; 0 for an index. */
  key: usize;
  /** Of the key as written, or the index. */
  number: u32;
  isEscaped: bool;
  /** The key is one of a map's: as free as an index. */
  isMapKey: bool;
}

/** More than any schema is deep: see MAX_SCHEMA_DEPTH in src/check-columns.ts. */
const MAX_STEPS: usize = 64;
const steps: usize = memory.data(1024);
let depth: u32 = 0;
let scratch: Scratch = changetype<Scratch>(0);

function stepAt(index: u32): Step {
  return changetype<Step>(steps + <usize>index * offsetof<Step>());
}

/** Must run once before anything else here. */
export function preparePaths(): void {
  if (!changetype<usize>(scratch)) scratch = scratchNew(1024);
  assert(MAX_STEPS * offsetof<Step>() <= 1024);
  depth = 0;
}

// @ts-ignore: decorator
@inline
export function clearPath(): void {
  depth = 0;
}

// @ts-ignore: decorator
@inline
export function pushKey(key: usize, length: u32, isEscaped: bool, isMapKey: bool): void {
  const step = stepAt(depth++);
  step.key = key;
  step.number = length;
  step.isEscaped = isEscaped;
  step.isMapKey = isMapKey;
}

// @ts-ignore: decorator
@inline
export function pushIndex(index: u32): void {
  const step = stepAt(depth++);
  step.key = 0;
  step.number = index;
}

/** The same list's next element. */
// @ts-ignore: decorator
@inline
export function nextIndex(): void {
  stepAt(depth - 1).number++;
}

// @ts-ignore: decorator
@inline
export function popStep(): void {
  depth--;
}

/** The length of what `pointerText` gave last. */
export let pointerLength: u32 = 0;

/**
 * The pointer as a JSON string with its quotes, in memory that belongs to the caller. As a `pattern`, indices and keys
 * of maps are `*`, so that what drifts in every element has one name.
 */
export function pointerText(pattern: bool): usize {
  let most: usize = 2;
  // A byte as written becomes three at most (\n is \u000a again); an index has up to ten digits.
  for (let i: u32 = 0; i < depth; i++) most += stepAt(i).key ? 1 + <usize>stepAt(i).number * 3 : 11;
  const text = heap.alloc(most + SLACK);
  let to = text;
  store<u8>(to++, 0x22);
  for (let i: u32 = 0; i < depth; i++) {
    const step = stepAt(i);
    store<u8>(to++, 0x2f);
    if (pattern && (!step.key || step.isMapKey)) store<u8>(to++, 0x2a);
    else to = step.key ? putKey(to, step) : putIndex(to, step.number);
  }
  store<u8>(to++, 0x22);
  pointerLength = <u32>(to - text);
  return text;
}

function putIndex(to: usize, index: u32): usize {
  let divisor: u32 = 1;
  while (index / divisor > 9) divisor *= 10;
  for (; divisor; divisor /= 10) store<u8>(to++, 0x30 + ((index / divisor) % 10));
  return to;
}

function putKey(to: usize, step: Step): usize {
  let from = step.key;
  let length = step.number;
  if (step.isEscaped) {
    from = room(scratch, length);
    length = unescape(step.key, length, from);
  }
  for (let i: u32 = 0; i < length; i++) to = putByte(to, load<u8>(from + i));
  return to;
}

function putByte(to: usize, byte: u32): usize {
  if (byte == 0x7e || byte == 0x2f) {
    // ~ is ~0, / is ~1.
    store<u8>(to, 0x7e);
    store<u8>(to, byte == 0x7e ? 0x30 : 0x31, 1);
    return to + 2;
  }
  if (byte == 0x22 || byte == 0x5c) {
    store<u8>(to, 0x5c);
    store<u8>(to, byte, 1);
    return to + 2;
  }
  if (byte >= 0x20) {
    store<u8>(to, byte);
    return to + 1;
  }
  // \u00XX
  store<u32>(to, 0x3030755c);
  store<u8>(to, 0x30 + (byte >> 4), 4);
  store<u8>(to, (byte & 15) < 10 ? 0x30 + (byte & 15) : 0x57 + (byte & 15), 5);
  return to + 6;
}
