import type { ColumnBatch, VectorView } from './batch.ts';

/**
 * One value as plain data: text and json as strings; int64, microseconds of timestamps and unscaled decimals as bigint;
 * days of dates since 1970-01-01 as number; a struct as the list of its fields' values, a map as the list of its
 * `[key, value]`; null where there is none.
 */
export type CellValue = string | bigint | number | boolean | null | readonly CellValue[];

const isSet = (bits: Uint8Array, row: number): boolean => ((bits[row >> 3] ?? 0) >> (row & 7)) % 2 === 1;

/** All values of a vector. Copies; for checks and small data. */
export function vectorValues(vector: VectorView): CellValue[] {
  const { values, validity } = vector;
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const children = vector.children.map(vectorValues);
  return Array.from({ length: vector.length }, (_, entry) =>
    isSet(validity, entry) ? valueAt(vector, entry, view, children) : null,
  );
}

function valueAt(
  { type, values, offsets }: VectorView,
  entry: number,
  view: DataView,
  children: readonly (readonly CellValue[])[],
): CellValue {
  const [start = 0, end = 0] = offsets.subarray(entry, entry + 2);
  switch (type) {
    case 'int64':
    case 'timestamp':
    case 'datetime':
      return view.getBigInt64(entry * 8, true);
    case 'double':
      return view.getFloat64(entry * 8, true);
    case 'date':
      return view.getInt32(entry * 4, true);
    case 'decimal':
      return (view.getBigInt64(entry * 16 + 8, true) << 64n) | view.getBigUint64(entry * 16, true);
    case 'boolean':
      return isSet(values, entry);
    case 'text':
    case 'json':
      return Buffer.from(values.buffer, values.byteOffset + start, end - start).toString();
    case 'struct':
      return children.map((field) => field[entry] ?? null);
    case 'list':
      return children[0]?.slice(start, end) ?? [];
    case 'map': {
      const [keys, mapped] = children;
      return (keys ?? []).slice(start, end).map((key, place) => [key, mapped?.[start + place] ?? null]);
    }
  }
}

/** All rows of a batch, each with its values in the order of the columns. Copies; for checks and small data. */
export function batchRows(batch: ColumnBatch): CellValue[][] {
  const columns = Array.from({ length: batch.columns }, (_, index) => vectorValues(batch.vector(index)));
  return Array.from({ length: batch.rows }, (_, row) => columns.map((values) => values[row] ?? null));
}
