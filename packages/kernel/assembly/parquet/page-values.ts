// The values of a chunk in an encoding other than PLAIN, page by page: how large it is must be known before it is chosen.

import { Chunk, plainValues } from './chunk';
import { deltaBound, putDelta } from './delta';
import { Growable, growableFree, growableNew, reserve } from './growable';
import { nextPage, PageCut, startPages } from './page-cut';
import { putIndices, runsBound } from './rle';

@unmanaged
export class PageValues {
  bytes: Growable;
  /** u32 a page: where it ends in `bytes`. */
  ends: Growable;
}

export function pageValuesNew(): PageValues {
  const values = changetype<PageValues>(heap.alloc(offsetof<PageValues>()));
  values.bytes = growableNew();
  values.ends = growableNew();
  return values;
}

export function pageValuesFree(values: PageValues): void {
  growableFree(values.bytes);
  growableFree(values.ends);
  heap.free(changetype<usize>(values));
}

/** Where page `index` begins. */
export function pageStart(values: PageValues, index: u32): u32 {
  return index ? load<u32>(values.ends.data + ((<usize>index - 1) << 2)) : 0;
}

/** Encodes whole numbers as DELTA_BINARY_PACKED. */
export function encodeDelta(values: PageValues, chunk: Chunk, cut: PageCut): void {
  start(values, cut);
  while (nextPage(cut, chunk, false)) {
    const at = reserve(values.bytes, deltaBound(cut.values));
    const numbers = plainValues(chunk) + cut.byte;
    endPage(
      values,
      chunk.width == 4 ? putDelta<i32>(at, numbers, cut.values) : putDelta<i64>(at, numbers, cut.values),
    );
  }
}

/** Encodes `indices`, u16 a value, of `width` bits; `indexed` as for `nextPage`. */
export function encodeIndices(
  values: PageValues,
  chunk: Chunk,
  cut: PageCut,
  indices: usize,
  width: u32,
  indexed: bool,
): void {
  start(values, cut);
  while (nextPage(cut, chunk, indexed)) {
    const at = reserve(values.bytes, runsBound(cut.values));
    endPage(values, putIndices(at, indices + ((<usize>cut.value) << 1), cut.values, width));
  }
}

function start(values: PageValues, cut: PageCut): void {
  values.bytes.used = 0;
  values.ends.used = 0;
  startPages(cut);
}

function endPage(values: PageValues, end: usize): void {
  values.bytes.used = <u32>(end - values.bytes.data);
  store<u32>(reserve(values.ends, 4), values.bytes.used);
  values.ends.used += 4;
}
