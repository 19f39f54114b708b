import type { ColumnBatch, VectorView } from './batch.ts';

/** One value as plain data: text and json as strings, null where there is none. */
export type CellValue = string | bigint | number | boolean | null;

const isSet = (bits: Uint8Array, row: number): boolean => ((bits[row >> 3] ?? 0) >> (row & 7)) % 2 === 1;

/** All values of one column. Copies; for checks and small data. */
export function vectorValues(vector: VectorView, rows: number): CellValue[] {
  const { values, offsets, validity } = vector;
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Array.from({ length: rows }, (_, row) => {
    if (!isSet(validity, row)) return null;
    switch (vector.type) {
      case 'int64':
        return view.getBigInt64(row * 8, true);
      case 'double':
        return view.getFloat64(row * 8, true);
      case 'boolean':
        return isSet(values, row);
      case 'text':
      case 'json':
        return bytes.toString('utf8', offsets[row], offsets[row + 1]);
    }
  });
}

/** All rows of a batch, each with its values in the order of the columns. Copies; for checks and small data. */
export function batchRows(batch: ColumnBatch): CellValue[][] {
  const { rows } = batch;
  const columns = Array.from({ length: batch.columns }, (_, index) =>
    vectorValues(batch.vector(index), rows),
  );
  return Array.from({ length: rows }, (_, row) => columns.map((values) => values[row] ?? null));
}
