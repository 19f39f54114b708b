import { isDeepStrictEqual } from 'node:util';
import type { BadRecord } from '../src/bad-records.ts';
import { batchRows, type CellValue } from '../src/batch-rows.ts';
import type { ColumnBatch } from '../src/batch.ts';
import type { Column } from '../src/column.ts';
import { CSV, type CsvDialect } from '../src/csv-dialect.ts';
import { CsvHeaderError } from '../src/csv-header.ts';
import { type CsvCounts, type CsvInput, CsvReader, type CsvReaderOptions } from '../src/csv-reader.ts';
import type { DriftCount } from '../src/drift-counts.ts';
import type { Kernel } from '../src/kernel.ts';
import type { Expected } from './csv-oracle.ts';
import { checkVector } from './read-all.ts';

export interface CsvResult {
  readonly rows: CellValue[][];
  readonly bad: BadRecord[];
  readonly counts: CsvCounts;
  readonly drift: DriftCount[];
  readonly batches: number[];
}

export interface ChunkedCsv extends CsvInput {
  readonly offset: number;
  readonly chunks: readonly Uint8Array[];
}

/** Columns of text, `c0` and so on. */
export const texts = (count: number): Column[] =>
  Array.from({ length: count }, (_, index) => ({ name: `c${index}`, type: 'text' }));

/** Options of a reader that puts what does not fit into no column. */
export function csvOptions(
  columns: readonly Column[],
  dialect: Partial<CsvDialect> = {},
  more: Partial<CsvReaderOptions> = {},
): CsvReaderOptions {
  return {
    columns,
    drift: 'drop',
    dialect: { ...CSV, ...dialect },
    nulls: [''],
    fit: 'print',
    short: 'quarantine',
    maxRecordBytes: 1 << 20,
    ...more,
  };
}

/** Reads inputs one after the other with one reader; 'refused' where the header of one cannot be read. */
export function readCsv(
  kernel: Kernel,
  options: CsvReaderOptions,
  inputs: readonly ChunkedCsv[],
): CsvResult | 'refused' {
  const reader = new CsvReader(kernel, options);
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
  try {
    for (const { offset, chunks, ...input } of inputs) {
      reader.startInput(offset, input);
      for (const chunk of chunks) {
        reader.push(chunk);
        drain();
      }
      reader.endInput();
      drain();
      for (const record of reader.takeBad()) bad.push(record);
    }
    take(reader.flush());
    return { rows, bad, counts: reader.counts, drift: reader.takeDrift(), batches };
  } catch (error) {
    if (error instanceof CsvHeaderError) return 'refused';
    throw error;
  } finally {
    reader.dispose();
  }
}

export function readText(
  kernel: Kernel,
  options: CsvReaderOptions,
  text: string | Uint8Array,
  input: CsvInput = {},
): CsvResult {
  const chunks = [typeof text === 'string' ? Buffer.from(text) : text];
  const result = readCsv(kernel, options, [{ offset: 0, chunks, ...input }]);
  if (result === 'refused') throw new Error('the header was refused');
  return result;
}

/** The first place where a result is not what was expected; undefined where it is. */
export function csvDifference(
  result: CsvResult | 'refused',
  expected: Expected | 'refused',
): object | undefined {
  if (result === 'refused' || expected === 'refused') {
    return result === expected ? undefined : { result, expected };
  }
  const bad = result.bad.map(({ detail: _, ...record }) => record);
  const got: Expected = { rows: result.rows, counts: result.counts, drift: result.drift, bad };
  for (const list of ['bad', 'rows', 'drift'] as const) {
    const length = Math.max(got[list].length, expected[list].length);
    for (let index = 0; index < length; index++) {
      const [is, should] = [got[list][index], expected[list][index]];
      if (!isDeepStrictEqual(is, should)) return { list, index, is, should };
    }
  }
  return isDeepStrictEqual(got.counts, expected.counts)
    ? undefined
    : { counts: got.counts, expected: expected.counts };
}
