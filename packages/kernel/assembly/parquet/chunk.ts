// A column chunk in the making: one column's share of the open row group.

import { bitmapBytes } from '../batch';
import { isText } from '../column';
import { Dictionary, dictionaryClear, dictionaryFree, dictionaryNew } from './dictionary';
import { Growable, growableFree, growableNew } from './growable';

@unmanaged
export class Chunk {
  type: u32;
  rows: u32;
  /** Rows with a value. */
  values: u32;
  /** One bit a row, 1 = there is a value; zeros behind the last row. */
  validity: Growable;
  /** The values in PLAIN encoding, without gaps; empty while a dictionary holds them. */
  plain: Growable;
  /** Null: the values are in `plain`. Text and JSON start with one in each row group. */
  dictionary: Dictionary | null;
}

/** Sets up memory that the caller allocated. */
export function chunkInit(chunk: Chunk, type: u32): void {
  chunk.type = type;
  chunk.validity = growableNew();
  chunk.plain = growableNew();
  chunk.dictionary = null;
  chunkClear(chunk);
}

/** Makes the chunk empty; what it has allocated serves the next row group. */
export function chunkClear(chunk: Chunk): void {
  chunk.rows = 0;
  chunk.values = 0;
  chunk.validity.used = 0;
  chunk.plain.used = 0;
  if (!isText(chunk.type)) return;
  const dictionary = chunk.dictionary;
  if (dictionary) dictionaryClear(dictionary);
  else chunk.dictionary = dictionaryNew();
}

/** Frees all but the chunk itself. */
export function chunkFree(chunk: Chunk): void {
  growableFree(chunk.validity);
  growableFree(chunk.plain);
  const dictionary = chunk.dictionary;
  if (dictionary) dictionaryFree(dictionary);
}

export function validityBytes(chunk: Chunk): u32 {
  return bitmapBytes(chunk.rows);
}
