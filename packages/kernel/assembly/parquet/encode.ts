// A column chunk → its pages: the choice of encoding. One data page a chunk, version 1: levels, then values.

import { BOOLEAN, DOUBLE, INT64, TEXT } from '../column';
import { Chunk } from './chunk';
import { deltaBound, putDelta } from './delta';
import { Dictionary, dictionaryFree, spellOut } from './dictionary';
import { DELTA_BINARY_PACKED, Encoded, PLAIN, RLE_DICTIONARY } from './encoded';
import { Growable, reserve } from './growable';
import { levelsBytes, putLevels } from './levels';
import { indicesBound, putIndices } from './rle';
import { booleanBounds, doubleBounds, int64Bounds, textBounds } from './statistics';

/** Encodes the chunk, in its own memory or in `page`: once, then it must be cleared. */
export function encodeChunk(chunk: Chunk, page: Growable, encoded: Encoded): void {
  memory.fill(changetype<usize>(encoded), 0, offsetof<Encoded>());
  encoded.values = chunk.values;
  page.used = 0;
  if (chunk.type == INT64 && encodeDelta(chunk, page, encoded)) return;
  if (chunk.dictionary && encodeIndices(chunk, page, encoded)) return;
  encodePlain(chunk, encoded);
}

/** DELTA_BINARY_PACKED, if that is smaller than PLAIN. */
function encodeDelta(chunk: Chunk, page: Growable, encoded: Encoded): bool {
  const start = reserve(page, levelsBytes(chunk) + deltaBound(chunk.values));
  const values = putLevels(start, chunk);
  const end = putDelta(values, chunk.plain.data, chunk.values);
  if (end - values >= <usize>chunk.plain.used) return false;
  int64Bounds(encoded, chunk.plain.data, chunk.values);
  encoded.encoding = DELTA_BINARY_PACKED;
  encoded.page = start;
  encoded.pageBytes = <u32>(end - start);
  return true;
}

/** RLE_DICTIONARY, if dictionary and indices together are smaller than PLAIN; else the dictionary is spelled out. */
function encodeIndices(chunk: Chunk, page: Growable, encoded: Encoded): bool {
  const dictionary = chunk.dictionary as Dictionary;
  const start = reserve(page, levelsBytes(chunk) + indicesBound(chunk.values));
  const indices = putLevels(start, chunk);
  const end = putIndices(indices, dictionary.indices.data, chunk.values, indexWidth(dictionary));
  if (<usize>dictionary.entries.used + (end - indices) >= <usize>dictionary.plainBytes) {
    giveUpDictionary(chunk);
    return false;
  }
  if (chunk.type == TEXT) textBounds(encoded, dictionary.entries.data, dictionary.entries.used);
  encoded.encoding = RLE_DICTIONARY;
  encoded.dictionary = dictionary.entries.data;
  encoded.dictionaryBytes = dictionary.entries.used;
  encoded.dictionaryEntries = dictionary.entryCount;
  encoded.page = start;
  encoded.pageBytes = <u32>(end - start);
  return true;
}

/** At least 1: some readers have never seen indices of no bits. */
function indexWidth(dictionary: Dictionary): u32 {
  return dictionary.entryCount > 2 ? 32 - <u32>clz(dictionary.entryCount - 1) : 1;
}

/** The values go on in PLAIN encoding. */
export function giveUpDictionary(chunk: Chunk): void {
  const dictionary = chunk.dictionary as Dictionary;
  spellOut(dictionary, chunk.plain);
  dictionaryFree(dictionary);
  chunk.dictionary = null;
}

/** The values are moved up in place to let the levels in: no second buffer of their size is needed. */
function encodePlain(chunk: Chunk, encoded: Encoded): void {
  const plain = chunk.plain;
  const bytes = plain.used;
  const levels = levelsBytes(chunk);
  reserve(plain, levels);
  const values = plain.data + levels;
  memory.copy(values, plain.data, bytes);
  putLevels(plain.data, chunk);
  plain.used = levels + bytes;
  if (chunk.type == INT64) int64Bounds(encoded, values, chunk.values);
  else if (chunk.type == DOUBLE) doubleBounds(encoded, values, chunk.values);
  else if (chunk.type == BOOLEAN) booleanBounds(encoded, values, chunk.values);
  else if (chunk.type == TEXT) textBounds(encoded, values, bytes);
  encoded.encoding = PLAIN;
  encoded.page = plain.data;
  encoded.pageBytes = plain.used;
}
