import type { EncodedPage } from '@winnow/kernel';
import { boundOrder, type BoundOrder } from './bound-order.ts';
import type { LeafType } from './leaf.ts';
import { lowerBound, upperBound } from './text-bounds.ts';
import type { CompactWriter } from './thrift.ts';

/** A bound as it is stated. */
export interface Bound {
  readonly value: Buffer;
  /** Whether the value occurs as it stands, bit for bit. */
  readonly exact: boolean;
}

/** What may be said about a page, or about a chunk. */
export interface Statistics {
  /** Places and those of them without a value. */
  readonly entries: number;
  readonly nulls: number;
  readonly min: Bound | undefined;
  readonly max: Bound | undefined;
}

/** Copies what it takes from the kernel. */
export function pageStatistics({ type }: LeafType, page: EncodedPage): Statistics {
  const { entries, bounds } = page;
  const nulls = entries - page.values;
  if (bounds === undefined) return { entries, nulls, min: undefined, max: undefined };
  const { min, max } = bounds;
  if (type === 'text')
    return {
      entries,
      nulls,
      min: textBound(min.value, lowerBound),
      max: textBound(max.value, upperBound),
    };
  return {
    entries,
    nulls,
    min: { value: Buffer.from(min.value), exact: min.exact },
    max: { value: Buffer.from(max.value), exact: max.exact },
  };
}

function textBound(view: Uint8Array, shorten: (text: Buffer) => Buffer | undefined): Bound | undefined {
  const text = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  const value = shorten(text);
  return value && { value: Buffer.from(value), exact: value.equals(text) };
}

/** Of a chunk, from those of its pages. A bound that one page with values does not state is none of the chunk's. */
export function chunkStatistics(type: LeafType, pages: readonly Statistics[]): Statistics {
  const order = boundOrder(type);
  const filled = pages.filter(({ entries, nulls }) => nulls < entries);
  return {
    entries: pages.reduce((sum, { entries }) => sum + entries, 0),
    nulls: pages.reduce((sum, { nulls }) => sum + nulls, 0),
    min: outermost(
      filled.map(({ min }) => min),
      order,
    ),
    max: outermost(
      filled.map(({ max }) => max),
      (a, b) => order(b, a),
    ),
  };
}

/** The first in this order; of equal ones an exact one. */
function outermost(bounds: readonly (Bound | undefined)[], order: BoundOrder): Bound | undefined {
  const [first, ...others] = bounds;
  if (first === undefined) return undefined;
  let found = first;
  for (const bound of others) {
    if (bound === undefined) return undefined;
    const compared = order(bound.value, found.value);
    if (compared < 0 || (compared === 0 && bound.exact)) found = bound;
  }
  return found;
}

export function writeStatistics(writer: CompactWriter, statistics: Statistics): void {
  const { nulls, min, max } = statistics;
  writer.i64Field(3, nulls);
  if (max !== undefined) writer.binaryField(5, max.value);
  if (min !== undefined) writer.binaryField(6, min.value);
  if (max !== undefined) writer.booleanField(7, max.exact);
  if (min !== undefined) writer.booleanField(8, min.exact);
}
