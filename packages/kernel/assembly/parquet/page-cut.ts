// Where a chunk's pages end: before the row that would be one too many, or pass the bytes, so that readers can skip
// within a chunk. The cuts follow from the chunk's rows alone.

import { isText } from '../column';
import { bitsAt, countBits } from './bits';
import { Chunk, isFlat, plainBytes, plainValues } from './chunk';
import { startTexts, takeText, takeTexts } from './statistics';

/** Part of what is frozen, both of them. */
const PAGE_ROWS: u32 = 20000;
/** Of values in PLAIN encoding (2 bytes each where they are indices) and of nested levels. One row may have more. */
const PAGE_BYTES: u32 = 1 << 20;

/** One page: where it begins in the chunk, and how much it holds. */
@unmanaged
export class PageCut {
  row: u32;
  entry: u32;
  value: u32;
  /** In bytes of PLAIN encoding; of texts and fixed widths, not of booleans. */
  byte: u32;
  rows: u32;
  entries: u32;
  values: u32;
  bytes: u32;
}

/** Goes to where the first page begins; `nextPage` gives it. */
export function startPages(cut: PageCut): void {
  memory.fill(changetype<usize>(cut), 0, offsetof<PageCut>());
}

/**
 * Goes to the next page; false: there is none. `indexed`: of the values only indices are stored; else the bounds of
 * texts are taken on the way, for looking at each text again would cost as much as the rest.
 */
export function nextPage(cut: PageCut, chunk: Chunk, indexed: bool): bool {
  cut.row += cut.rows;
  cut.entry += cut.entries;
  cut.value += cut.values;
  cut.byte += cut.bytes;
  cut.rows = 0;
  cut.entries = 0;
  cut.values = 0;
  cut.bytes = 0;
  if (cut.row == chunk.rows) return false;
  startTexts();
  if (!isFlat(chunk)) cutNested(cut, chunk, indexed);
  else if (isText(chunk.type) && !indexed) cutTexts(cut, chunk);
  else cutFlat(cut, chunk);
  return true;
}

/** So many rows are never too many bytes. */
function cutFlat(cut: PageCut, chunk: Chunk): void {
  cut.rows = min<u32>(PAGE_ROWS, chunk.rows - cut.row);
  cut.entries = cut.rows;
  cut.values = chunk.values == chunk.rows ? cut.rows : countBits(chunk.validity.data, cut.row, cut.rows);
  cut.bytes = cut.values * chunk.width;
}

function cutTexts(cut: PageCut, chunk: Chunk): void {
  const rows = min<u32>(PAGE_ROWS, chunk.rows - cut.row);
  const bytes = plainBytes(chunk) - cut.byte;
  if (cut.row + rows == chunk.rows && bytes <= PAGE_BYTES) {
    cut.values = chunk.values - cut.value;
    cut.bytes = bytes;
    cut.rows = rows;
    takeTexts(plainValues(chunk) + cut.byte, bytes);
  } else {
    cut.rows = textRows(cut, chunk, rows);
  }
  cut.entries = cut.rows;
}

/** Counts values and bytes of up to `rows` rows; gives how many rows they are. */
function textRows(cut: PageCut, chunk: Chunk, rows: u32): u32 {
  const texts = plainValues(chunk) + cut.byte;
  for (let row: u32 = 0; row < rows; row += 64) {
    let bits = bitsAt(chunk.validity.data, cut.row + row, min<u32>(64, rows - row));
    for (; bits; bits &= bits - 1) {
      const at = row + <u32>ctz(bits);
      const size = 4 + load<u32>(texts + cut.bytes);
      if (at && isFull(cut.bytes, size)) return at;
      takeText(texts + cut.bytes);
      cut.bytes += size;
      cut.values++;
    }
  }
  return rows;
}

// @ts-ignore: decorator
@inline
function isFull(bytes: u32, more: u32): bool {
  return <u64>bytes + more > PAGE_BYTES;
}

/** Row by row: each begins at an entry of repetition level 0. */
function cutNested(cut: PageCut, chunk: Chunk, indexed: bool): void {
  let size: u32 = 0;
  let entry = cut.entry;
  while (entry < chunk.entries && cut.rows < PAGE_ROWS) {
    const end = rowEnd(chunk, entry);
    const values = countValues(chunk, entry, end);
    const bytes = valueBytes(chunk, cut.byte + cut.bytes, values, indexed);
    const more = (indexed ? values * 2 : bytes) + (end - entry);
    if (cut.rows && isFull(size, more)) break;
    size += more;
    cut.rows++;
    cut.values += values;
    cut.bytes += bytes;
    entry = end;
  }
  cut.entries = entry - cut.entry;
  if (isText(chunk.type) && !indexed) takeTexts(plainValues(chunk) + cut.byte, cut.bytes);
}

/** The first entry of the row behind. */
function rowEnd(chunk: Chunk, entry: u32): u32 {
  let end = entry + 1;
  if (!chunk.maxRepetition) return end;
  const repetitions = chunk.repetitions.data;
  while (end < chunk.entries && load<u8>(repetitions + end)) end++;
  return end;
}

function countValues(chunk: Chunk, from: u32, end: u32): u32 {
  const definitions = chunk.definitions.data;
  let values: u32 = 0;
  for (let entry = from; entry < end; entry++) {
    values += u32(<u32>load<u8>(definitions + entry) == chunk.maxDefinition);
  }
  return values;
}

/** In PLAIN encoding, from byte `at` on; nothing is known where texts are in a dictionary. */
function valueBytes(chunk: Chunk, at: u32, values: u32, indexed: bool): u32 {
  if (!isText(chunk.type)) return values * chunk.width;
  if (indexed) return 0;
  const texts = plainValues(chunk) + at;
  let bytes: u32 = 0;
  for (let i: u32 = 0; i < values; i++) bytes += 4 + load<u32>(texts + bytes);
  return bytes;
}
