import { batchRows, type CellValue } from '../src/batch-rows.ts';
import type { ColumnBatch, VectorView } from '../src/batch.ts';
import type { BadRecord } from '../src/bad-records.ts';
import type { DriftCount } from '../src/drift-counts.ts';
import type { Kernel } from '../src/kernel.ts';
import { NdjsonReader, type NdjsonReaderOptions, type ReaderCounts } from '../src/ndjson-reader.ts';

export interface Result {
  readonly rows: CellValue[][];
  readonly bad: BadRecord[];
  readonly counts: ReaderCounts;
  readonly drift: DriftCount[];
  /** Rows of each batch. */
  readonly batches: number[];
}

export interface Input {
  readonly offset: number;
  readonly chunks: readonly Uint8Array[];
}

/** What a batch promises of its vectors beyond their values. */
export function checkVector({ length, nulls, validity, offsets, children }: VectorView): void {
  const isNull = (entry: number): boolean => ((validity[entry >> 3] ?? 0) >> (entry & 7)) % 2 === 0;
  let counted = 0;
  for (let entry = 0; entry < length; entry++) {
    if (isNull(entry)) counted++;
    const bytes = (offsets[entry + 1] ?? 0) - (offsets[entry] ?? 0);
    if (bytes < 0 || (bytes > 0 && isNull(entry)))
      throw new Error(`entry ${entry} has ${bytes} values below it`);
  }
  if (counted !== nulls) throw new Error(`a vector has ${counted} nulls and says ${nulls}`);
  for (const child of children) checkVector(child);
}

/** Reads inputs one after the other with one reader, as a writer would. */
export function readInputs(kernel: Kernel, options: NdjsonReaderOptions, inputs: readonly Input[]): Result {
  const reader = new NdjsonReader(kernel, options);
  const rows: CellValue[][] = [];
  const bad: BadRecord[] = [];
  const batches: number[] = [];
  const take = (batch: ColumnBatch | undefined): void => {
    if (batch === undefined) return;
    batches.push(batch.rows);
    for (let column = 0; column < batch.columns; column++) checkVector(batch.vector(column));
    for (const row of batchRows(batch)) rows.push(row);
  };
  const drain = (): void => {
    for (let batch = reader.next(); batch; batch = reader.next()) take(batch);
  };
  for (const { offset, chunks } of inputs) {
    reader.startInput(offset);
    for (const chunk of chunks) {
      reader.push(chunk);
      drain();
    }
    reader.endInput();
    drain();
    bad.push(...reader.takeBad());
  }
  take(reader.flush());
  const result = { rows, bad, counts: reader.counts, drift: reader.takeDrift(), batches };
  reader.dispose();
  return result;
}

/** Cuts bytes at the given places. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const borders = [0, ...places.toSorted((a, b) => a - b), bytes.length];
  return borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
}

export function readAll(kernel: Kernel, options: NdjsonReaderOptions, bytes: Uint8Array): Result {
  return readInputs(kernel, options, [{ offset: 0, chunks: [bytes] }]);
}
