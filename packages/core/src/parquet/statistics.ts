import type { Column, EncodedChunk } from '@winnow/kernel';
import { lowerBound, upperBound } from './text-bounds.ts';
import type { CompactWriter } from './thrift.ts';

/** A bound as the footer states it. */
export interface Bound {
  readonly value: Buffer;
  /** Whether the value occurs in the chunk as it stands, bit for bit. */
  readonly exact: boolean;
}

export interface Statistics {
  readonly nulls: number;
  readonly min: Bound | undefined;
  readonly max: Bound | undefined;
}

/** What may be said about a chunk of `rows` rows. Copies what it takes from the kernel. */
export function statisticsOf(type: Column['type'], chunk: EncodedChunk, rows: number): Statistics {
  const nulls = rows - chunk.values;
  if (chunk.bounds === undefined) return { nulls, min: undefined, max: undefined };
  const { min, max } = chunk.bounds;
  if (type !== 'text') {
    return {
      nulls,
      min: { value: Buffer.from(min.value), exact: min.exact },
      max: { value: Buffer.from(max.value), exact: max.exact },
    };
  }
  return { nulls, min: textBound(min.value, lowerBound), max: textBound(max.value, upperBound) };
}

function textBound(view: Uint8Array, shorten: (text: Buffer) => Buffer | undefined): Bound | undefined {
  const text = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  const value = shorten(text);
  return value && { value: Buffer.from(value), exact: value.equals(text) };
}

export function writeStatistics(writer: CompactWriter, statistics: Statistics): void {
  const { nulls, min, max } = statistics;
  writer.i64Field(3, nulls);
  if (max !== undefined) writer.binaryField(5, max.value);
  if (min !== undefined) writer.binaryField(6, min.value);
  if (max !== undefined) writer.booleanField(7, max.exact);
  if (min !== undefined) writer.booleanField(8, min.exact);
}
