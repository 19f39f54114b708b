// The values of a vector → the chunk: into its dictionary, or behind the values it has in PLAIN encoding.

import { Vector } from '../batch';
import { BOOLEAN, DECIMAL, isText } from '../column';
import { bitsAt } from './bits';
import { Chunk, PLAIN_START } from './chunk';
import { Dictionary, dictionaryAppend, isFutile, MAX_DICTIONARY_BYTES } from './dictionary';
import { giveUpDictionary } from './encode';
import { appendBooleans, appendFixed, appendLongDecimals, appendShortDecimals, appendTexts } from './plain';

/** Appends the values of the entries [from, end), behind the `values` that the chunk has; does not count them. */
export function appendValues(chunk: Chunk, values: u32, vector: Vector, from: u32, end: u32): void {
  if (isText(chunk.type)) {
    const rest = chunk.dictionary ? appendToDictionary(chunk, values, vector, from, end) : from;
    if (rest < end) appendTexts(chunk.plain, vector, rest, end);
  } else if (chunk.type == BOOLEAN) {
    appendBooleans(chunk.plain, PLAIN_START, values, vector, from, end);
  } else if (chunk.type == DECIMAL) {
    if (chunk.width == 8) appendShortDecimals(chunk.plain, vector, from, end);
    else appendLongDecimals(chunk.plain, vector, from, end);
  } else if (chunk.width == 4) {
    appendFixed<u32>(chunk.plain, vector, from, end);
  } else {
    appendFixed<u64>(chunk.plain, vector, from, end);
  }
}

/** Gives the first entry that is not appended because the dictionary was given up, or `end`. */
function appendToDictionary(chunk: Chunk, values: u32, vector: Vector, from: u32, end: u32): u32 {
  const dictionary = chunk.dictionary as Dictionary;
  for (let row = from; row < end; row += 64) {
    let bits = bitsAt(vector.validity, row, min<u32>(64, end - row));
    for (; bits; bits &= bits - 1) {
      const at = row + <u32>ctz(bits);
      const offset = vector.offsets + ((<usize>at) << 2);
      const start = load<u32>(offset);
      const length = load<u32>(offset, 4) - start;
      // Too long for any dictionary: not even tried, to the same end.
      const tooLong = length > MAX_DICTIONARY_BYTES;
      if (!tooLong) dictionaryAppend(dictionary, vector.values + start, length);
      if (tooLong || isFutile(dictionary, ++values)) {
        giveUpDictionary(chunk);
        return tooLong ? at : at + 1;
      }
    }
  }
  return end;
}
