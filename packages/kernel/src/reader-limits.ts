import { countNodes } from './batch.ts';
import { checkColumns } from './check-columns.ts';
import { type Column, type DriftPolicy, REST_COLUMN } from './column.ts';

/** What readers of every format are told of their columns and records. */
export interface ReaderLimits {
  readonly columns: readonly Column[];
  readonly drift: DriftPolicy;
  readonly maxRecordBytes: number;
  readonly batchRows?: number;
}

/** The longest record that can be read: a cell of the kernel keeps a value's length in 27 bits. */
export const MAX_RECORD_BYTES = 128 * 1024 * 1024 - 1;
const MAX_BATCH_ROWS = 4096;
/** A batch with more columns than 256 has fewer rows: its fixed-width values stay within 8 MiB. */
const MAX_BATCH_VALUES = 1024 * 1024;
/** A batch ends with the record that brings it to this many bytes of input. */
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Rows that a batch of these columns holds. */
export function batchRowsOf(columns: readonly Column[], batchRows = MAX_BATCH_ROWS): number {
  const fit = Math.max(1, Math.floor(MAX_BATCH_VALUES / Math.max(1, countNodes(columns))));
  return Math.min(batchRows, MAX_BATCH_ROWS, fit);
}

/** Those that are filled from the record, without `_rest`. */
export function filledColumns({ columns, drift }: ReaderLimits): readonly Column[] {
  return drift === 'rest' ? columns.slice(0, -1) : columns;
}

/** @throws RangeError where one of the limits breaks a rule. */
export function checkLimits({ columns, drift, maxRecordBytes }: ReaderLimits): void {
  if (!(maxRecordBytes >= 1 && maxRecordBytes <= MAX_RECORD_BYTES)) {
    throw new RangeError(`maxRecordBytes must be from 1 to ${MAX_RECORD_BYTES}, got ${maxRecordBytes}`);
  }
  checkColumns(columns);
  const last = columns.at(-1);
  if (drift === 'rest' && (last?.name !== REST_COLUMN || last.type !== 'text')) {
    throw new RangeError(
      `under the drift policy rest the last column must be ${REST_COLUMN} of type text, got ${JSON.stringify(last)}`,
    );
  }
  if (drift !== 'rest' && columns.some(({ name }) => name === REST_COLUMN)) {
    throw new RangeError(`under the drift policy ${drift} no column may be called ${REST_COLUMN}`);
  }
}
