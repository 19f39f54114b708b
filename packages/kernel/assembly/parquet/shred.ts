// A nested column → the definition and repetition levels of one of its leaves, and the leaf's values ("record
// shredding", https://parquet.apache.org/docs/file-format/nestedencoding/): for every place where there is or could be
// a value, how much of its path is there, and at which list or map a new entry begins. Works on ranges of entries, for
// what is below a list lies there one behind the other.

import { Batch, Vector, vectorAt } from '../batch';
import { STRUCT } from '../column';
import { appendValues } from './append';
import { countBits } from './bits';
import { Chunk, nodeAt } from './chunk';
import { reserve } from './growable';

/** Appends rows of the batch to a nested column's chunk. */
export function shredRows(chunk: Chunk, batch: Batch, from: u32, rows: u32): void {
  shred(chunk, batch, 0, from, from + rows, 0, 0, 0);
  chunk.rows += rows;
}

/**
 * The entries [from, end) of the vector at `step` of the path, whose parents are there up to `definition`. The first of
 * them has repetition level `first`, each other `rest`.
 */
function shred(
  chunk: Chunk,
  batch: Batch,
  step: u32,
  from: u32,
  end: u32,
  first: u32,
  rest: u32,
  definition: u32,
): void {
  const vector = vectorAt(batch, nodeAt(chunk, step));
  if (step + 1 == chunk.steps) {
    shredLeaf(chunk, vector, from, end, first, rest, definition);
  } else if (vector.type == STRUCT) {
    shredStruct(chunk, batch, step, from, end, first, rest, definition);
  } else {
    for (let entry = from; entry < end; entry++) {
      shredRepeated(chunk, batch, step, entry, entry == from ? first : rest, rest, definition);
    }
  }
}

/** Its fields have the struct's own entries: a stretch that is there goes down at once. */
function shredStruct(
  chunk: Chunk,
  batch: Batch,
  step: u32,
  from: u32,
  end: u32,
  first: u32,
  rest: u32,
  definition: u32,
): void {
  const validity = vectorAt(batch, nodeAt(chunk, step)).validity;
  let entry = from;
  while (entry < end) {
    const repetition = entry == from ? first : rest;
    if (isSet(validity, entry)) {
      const start = entry;
      while (entry < end && isSet(validity, entry)) entry++;
      shred(chunk, batch, step + 1, start, entry, repetition, rest, definition + 1);
    } else {
      appendLevel(chunk, repetition, definition);
      entry++;
    }
  }
}

/** One list or map: null, empty, or its entries one level deeper. */
function shredRepeated(
  chunk: Chunk,
  batch: Batch,
  step: u32,
  entry: u32,
  repetition: u32,
  rest: u32,
  definition: u32,
): void {
  const vector = vectorAt(batch, nodeAt(chunk, step));
  if (!isSet(vector.validity, entry)) {
    appendLevel(chunk, repetition, definition);
    return;
  }
  const offset = vector.offsets + ((<usize>entry) << 2);
  const start = load<u32>(offset);
  const end = load<u32>(offset, 4);
  if (start == end) appendLevel(chunk, repetition, definition + 1);
  else shred(chunk, batch, step + 1, start, end, repetition, rest + 1, definition + 2);
}

function shredLeaf(
  chunk: Chunk,
  vector: Vector,
  from: u32,
  end: u32,
  first: u32,
  rest: u32,
  definition: u32,
): void {
  const entries = end - from;
  const definitions = reserve(chunk.definitions, entries);
  // A map's key is always there: its level is that of its parents.
  const more = chunk.maxDefinition - definition;
  for (let i: u32 = 0; i < entries; i++) {
    store<u8>(definitions + i, definition + (isSet(vector.validity, from + i) ? more : 0));
  }
  chunk.definitions.used += entries;
  if (chunk.maxRepetition) {
    const repetitions = reserve(chunk.repetitions, entries);
    memory.fill(repetitions, <u8>rest, entries);
    store<u8>(repetitions, first);
    chunk.repetitions.used += entries;
  }
  chunk.entries += entries;
  const values = chunk.values;
  chunk.values += countBits(vector.validity, from, entries);
  if (chunk.values > values) appendValues(chunk, values, vector, from, end);
}

/** An entry without a value. */
function appendLevel(chunk: Chunk, repetition: u32, definition: u32): void {
  store<u8>(reserve(chunk.definitions, 1), definition);
  chunk.definitions.used++;
  if (chunk.maxRepetition) {
    store<u8>(reserve(chunk.repetitions, 1), repetition);
    chunk.repetitions.used++;
  }
  chunk.entries++;
}

// @ts-ignore: decorator
@inline
function isSet(validity: usize, entry: u32): bool {
  return ((load<u8>(validity + (entry >> 3)) >> (entry & 7)) & 1) != 0;
}
