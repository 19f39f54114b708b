// A column chunk in the making: one leaf column's share of the open row group. A flat column is one leaf; a nested one
// has a leaf for each of its types that have values of their own.

import { bitmapBytes } from '../batch';
import { DATE, DECIMAL, DOUBLE, isText, LIST, MAP, widthOf } from '../column';
import { Dictionary, dictionaryClear, dictionaryFree, dictionaryNew } from './dictionary';
import { Growable, growableFree, growableNew } from './growable';

/** Where values begin in `plain`: the levels of a page of one row fit in front of them. */
export const PLAIN_START: u32 = 16;

/** The most digits that a decimal stored in 8 bytes has. */
const MAX_SHORT_PRECISION: u32 = 18;

@unmanaged
export class Chunk {
  type: u32;
  /** Bytes of a value in PLAIN encoding: 4, 8 or 16; 0 for texts and booleans. */
  width: u32;
  /** The definition level of a value. */
  maxDefinition: u32;
  /** Lists and maps around the value. */
  maxRepetition: u32;
  /** u32 a step: the batch's nodes from the column's down to the leaf itself. */
  path: usize;
  steps: u32;
  /** Encodings other than PLAIN are left out. */
  plainOnly: bool;
  rows: u32;
  /** Places for a value: a row of a flat column has one, a list with two elements two, an empty list or a null one. */
  entries: u32;
  /** Entries with a value. */
  values: u32;
  /** Of a flat column: one bit a row, 1 = there is a value; zeros behind the last row. */
  validity: Growable;
  /** Of a nested column: u8 an entry. */
  definitions: Growable;
  repetitions: Growable;
  /** The values in PLAIN encoding from PLAIN_START on, without gaps; none while a dictionary holds them. */
  plain: Growable;
  /** Null: the values are in `plain`. Text and JSON start with one in each row group. */
  dictionary: Dictionary | null;
}

/** Flat: no more than a column that may be null. */
// @ts-ignore: decorator
@inline
export function isFlat(chunk: Chunk): bool {
  return chunk.steps == 1;
}

/** Sets up memory that the caller allocated. `path` is the chunk's own from now on; `types` are those of its nodes. */
export function chunkInit(chunk: Chunk, path: usize, types: usize, steps: u32, parameter: u32): void {
  const type = load<u32>(types + ((<usize>steps - 1) << 2));
  chunk.type = type;
  chunk.width = type == DECIMAL && parameter >> 8 <= MAX_SHORT_PRECISION ? 8 : widthOf(type);
  chunk.path = path;
  chunk.steps = steps;
  chunk.plainOnly = false;
  setLevels(chunk, types);
  chunk.validity = growableNew();
  chunk.definitions = growableNew();
  chunk.repetitions = growableNew();
  chunk.plain = growableNew();
  chunk.dictionary = null;
}

/**
 * Everything may be null, which is one definition level each, but for the keys of a map; that a list or map has entries
 * is one more.
 */
function setLevels(chunk: Chunk, types: usize): void {
  let definition: u32 = 0;
  let repetition: u32 = 0;
  for (let step: u32 = 0; step < chunk.steps; step++) {
    if (!isKey(chunk, types, step)) definition++;
    const type = load<u32>(types + ((<usize>step) << 2));
    if (type != LIST && type != MAP) continue;
    definition++;
    repetition++;
  }
  chunk.maxDefinition = definition;
  chunk.maxRepetition = repetition;
}

/** The key is the first node behind the map's own. */
function isKey(chunk: Chunk, types: usize, step: u32): bool {
  if (!step || load<u32>(types + ((<usize>step - 1) << 2)) != MAP) return false;
  return nodeAt(chunk, step) == nodeAt(chunk, step - 1) + 1;
}

/** The batch's node that a step of the path leads to. */
// @ts-ignore: decorator
@inline
export function nodeAt(chunk: Chunk, step: u32): u32 {
  return load<u32>(chunk.path + ((<usize>step) << 2));
}

/** Whether DELTA_BINARY_PACKED can hold the values. */
export function isInteger(chunk: Chunk): bool {
  if (chunk.type == DATE) return true;
  return chunk.width == 8 && chunk.type != DOUBLE;
}

/** Makes the chunk empty; what it has allocated serves the next row group. */
export function chunkClear(chunk: Chunk): void {
  chunk.rows = 0;
  chunk.entries = 0;
  chunk.values = 0;
  chunk.validity.used = 0;
  chunk.definitions.used = 0;
  chunk.repetitions.used = 0;
  chunk.plain.used = PLAIN_START;
  if (!isText(chunk.type) || chunk.plainOnly) return;
  const dictionary = chunk.dictionary;
  if (dictionary) dictionaryClear(dictionary);
  else chunk.dictionary = dictionaryNew();
}

/** Frees all but the chunk itself. */
export function chunkFree(chunk: Chunk): void {
  heap.free(chunk.path);
  growableFree(chunk.validity);
  growableFree(chunk.definitions);
  growableFree(chunk.repetitions);
  growableFree(chunk.plain);
  const dictionary = chunk.dictionary;
  if (dictionary) dictionaryFree(dictionary);
}

/** Address of the first value in PLAIN encoding. */
// @ts-ignore: decorator
@inline
export function plainValues(chunk: Chunk): usize {
  return chunk.plain.data + PLAIN_START;
}

/** Bytes of the values in PLAIN encoding. */
// @ts-ignore: decorator
@inline
export function plainBytes(chunk: Chunk): u32 {
  return chunk.plain.used - PLAIN_START;
}

export function validityBytes(chunk: Chunk): u32 {
  return bitmapBytes(chunk.rows);
}
