// A column chunk → its pages, one at a time. The encoding is the one that makes the chunk's values smallest.

import { isText, TEXT } from '../column';
import { copyBits } from './bits';
import { Chunk, isInteger, plainBytes, plainValues } from './chunk';
import { Dictionary, dictionaryFree, indexWidth, spellOut } from './dictionary';
import { DELTA_BINARY_PACKED, EncodedChunk, EncodedPage, PLAIN, RLE_DICTIONARY } from './encoded';
import { Growable, growableFree, growableNew, reserve } from './growable';
import { levelsBound, putLevels } from './levels';
import { collect, NumberDictionary, numberDictionaryFree, numberDictionaryNew } from './number-dictionary';
import { nextPage, PageCut, startPages } from './page-cut';
import {
  encodeDelta,
  encodeIndices,
  pageStart,
  PageValues,
  pageValuesFree,
  pageValuesNew,
} from './page-values';
import { indexedTextBounds, numberBounds, stateTexts } from './statistics';

/** What encoding needs beside the chunk: one serves all chunks of a row group in turn. */
@unmanaged
export class Encoder {
  /** The chunk in hand, of which `cut` is the page given last. */
  chunk: Chunk;
  cut: PageCut;
  pages: u32;
  /** Null: PLAIN. */
  values: PageValues | null;
  delta: PageValues;
  indices: PageValues;
  numbers: NumberDictionary;
  levels: Growable;
  /** The page given last, where it is not in the chunk itself. */
  page: Growable;
  /** u8 an entry of the dictionary: whether the page has it. */
  seen: Growable;
  encodedChunk: EncodedChunk;
  encodedPage: EncodedPage;
}

export function encoderNew(): Encoder {
  const encoder = changetype<Encoder>(heap.alloc(offsetof<Encoder>()));
  encoder.cut = changetype<PageCut>(heap.alloc(offsetof<PageCut>()));
  encoder.delta = pageValuesNew();
  encoder.indices = pageValuesNew();
  encoder.numbers = numberDictionaryNew();
  encoder.levels = growableNew();
  encoder.page = growableNew();
  encoder.seen = growableNew();
  encoder.encodedChunk = changetype<EncodedChunk>(heap.alloc(offsetof<EncodedChunk>()));
  encoder.encodedPage = changetype<EncodedPage>(heap.alloc(offsetof<EncodedPage>()));
  return encoder;
}

export function encoderFree(encoder: Encoder): void {
  heap.free(changetype<usize>(encoder.cut));
  pageValuesFree(encoder.delta);
  pageValuesFree(encoder.indices);
  numberDictionaryFree(encoder.numbers);
  growableFree(encoder.levels);
  growableFree(encoder.page);
  growableFree(encoder.seen);
  heap.free(changetype<usize>(encoder.encodedChunk));
  heap.free(changetype<usize>(encoder.encodedPage));
  heap.free(changetype<usize>(encoder));
}

/** Chooses the encoding, and gives the dictionary if there is one: once a chunk, which must be cleared afterwards. */
export function encodeChunk(encoder: Encoder, chunk: Chunk): void {
  encoder.chunk = chunk;
  encoder.pages = 0;
  encoder.values = null;
  const encoded = encoder.encodedChunk;
  memory.fill(changetype<usize>(encoded), 0, offsetof<EncodedChunk>());
  encoded.encoding = PLAIN;
  if (chunk.dictionary) encodeTexts(encoder, chunk, encoded);
  else if (chunk.width && !chunk.plainOnly) encodeNumbers(encoder, chunk, encoded);
  startPages(encoder.cut);
}

/** RLE_DICTIONARY, if dictionary and indices together are smaller than PLAIN; else the dictionary is spelled out. */
function encodeTexts(encoder: Encoder, chunk: Chunk, encoded: EncodedChunk): void {
  const dictionary = chunk.dictionary as Dictionary;
  const width = indexWidth(dictionary.entryCount);
  encodeIndices(encoder.indices, chunk, encoder.cut, dictionary.indices.data, width, true);
  if (dictionary.entries.used + encoder.indices.bytes.used >= dictionary.plainBytes) {
    giveUpDictionary(chunk);
    return;
  }
  setDictionary(encoder, encoded, dictionary.entries, dictionary.entryCount);
}

/** The values go on in PLAIN encoding. */
export function giveUpDictionary(chunk: Chunk): void {
  const dictionary = chunk.dictionary as Dictionary;
  spellOut(dictionary, chunk.plain);
  dictionaryFree(dictionary);
  chunk.dictionary = null;
}

/** The smallest of PLAIN, DELTA_BINARY_PACKED (whole numbers) and RLE_DICTIONARY; of equal ones the first. */
function encodeNumbers(encoder: Encoder, chunk: Chunk, encoded: EncodedChunk): void {
  let smallest = plainBytes(chunk);
  if (isInteger(chunk)) {
    encodeDelta(encoder.delta, chunk, encoder.cut);
    if (encoder.delta.bytes.used < smallest) {
      smallest = encoder.delta.bytes.used;
      encoder.values = encoder.delta;
      encoded.encoding = DELTA_BINARY_PACKED;
    }
  }
  const numbers = encoder.numbers;
  if (!collect(numbers, plainValues(chunk), chunk.values, chunk.width, smallest)) return;
  const width = indexWidth(numbers.entryCount);
  encodeIndices(encoder.indices, chunk, encoder.cut, numbers.indices.data, width, false);
  if (numbers.entries.used + encoder.indices.bytes.used >= smallest) return;
  setDictionary(encoder, encoded, numbers.entries, numbers.entryCount);
}

function setDictionary(encoder: Encoder, encoded: EncodedChunk, entries: Growable, count: u32): void {
  encoder.values = encoder.indices;
  encoded.encoding = RLE_DICTIONARY;
  encoded.dictionary = entries.data;
  encoded.dictionaryBytes = entries.used;
  encoded.dictionaryEntries = count;
}

/**
 * Encodes the next page of the chunk: levels, then values, as version 1 has it. False: there is none. The page before it
 * may be overwritten.
 */
export function encodePage(encoder: Encoder): bool {
  const chunk = encoder.chunk;
  const cut = encoder.cut;
  if (!nextPage(cut, chunk, chunk.dictionary != null)) return false;
  const encoded = encoder.encodedPage;
  memory.fill(changetype<usize>(encoded), 0, offsetof<EncodedPage>());
  encoded.rows = cut.rows;
  encoded.entries = cut.entries;
  encoded.values = cut.values;
  setBounds(encoder, encoded);
  encoder.levels.used = 0;
  const start = reserve(encoder.levels, levelsBound(cut));
  encoder.levels.used = <u32>(putLevels(start, chunk, cut) - start);
  if (encoder.values) putEncoded(encoder, encoder.values as PageValues, encoded);
  else if (chunk.width || isText(chunk.type)) putPlain(encoder, encoded);
  else putBooleans(encoder, encoded);
  encoder.pages++;
  return true;
}

function setBounds(encoder: Encoder, encoded: EncodedPage): void {
  const chunk = encoder.chunk;
  const cut = encoder.cut;
  if (!cut.values) return;
  if (!isText(chunk.type)) {
    numberBounds(encoded, chunk, cut);
  } else if (chunk.type == TEXT) {
    const dictionary = chunk.dictionary;
    if (dictionary) indexedTextBounds(encoded, dictionary, cut, encoder.seen);
    else stateTexts(encoded);
  }
}

/** Levels and `bytes` bytes of values become the page. */
function putCopied(encoder: Encoder, encoded: EncodedPage, values: usize, bytes: u32): void {
  const levels = encoder.levels;
  const page = encoder.page;
  page.used = 0;
  const at = reserve(page, levels.used + bytes);
  memory.copy(at, levels.data, levels.used);
  memory.copy(at + levels.used, values, bytes);
  encoded.page = at;
  encoded.pageBytes = levels.used + bytes;
}

function putEncoded(encoder: Encoder, values: PageValues, encoded: EncodedPage): void {
  const start = pageStart(values, encoder.pages);
  const bytes = pageStart(values, encoder.pages + 1) - start;
  putCopied(encoder, encoded, values.bytes.data + start, bytes);
}

/**
 * Values stay in their place and levels are put in front of them, over values of the page before: no page of a large
 * text is held twice.
 */
function putPlain(encoder: Encoder, encoded: EncodedPage): void {
  const chunk = encoder.chunk;
  const cut = encoder.cut;
  const levels = encoder.levels;
  const values = plainValues(chunk) + cut.byte;
  if (!chunk.plain.data || values - chunk.plain.data < <usize>levels.used) {
    putCopied(encoder, encoded, values, cut.bytes);
    return;
  }
  encoded.page = values - levels.used;
  encoded.pageBytes = levels.used + cut.bytes;
  memory.copy(encoded.page, levels.data, levels.used);
}

function putBooleans(encoder: Encoder, encoded: EncodedPage): void {
  const chunk = encoder.chunk;
  const cut = encoder.cut;
  const levels = encoder.levels;
  const page = encoder.page;
  page.used = 0;
  const bytes = (cut.values + 7) >> 3;
  const at = reserve(page, levels.used + bytes);
  memory.copy(at, levels.data, levels.used);
  copyBits(at + levels.used, plainValues(chunk), cut.value, cut.values);
  encoded.page = at;
  encoded.pageBytes = levels.used + bytes;
}
