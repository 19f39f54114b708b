import type { Column, ColumnType } from '@winnow/kernel';
import { OPTIONAL } from './format.ts';
import type { CompactWriter } from './thrift.ts';

/** How parquet.thrift calls a type of ours. `logical` is the field of the union LogicalType, an empty struct. */
interface ParquetType {
  readonly physical: number;
  readonly converted?: number;
  readonly logical?: number;
}

const BYTE_ARRAY = 6;

export const PARQUET_TYPES: Readonly<Record<ColumnType, ParquetType>> = {
  text: { physical: BYTE_ARRAY, converted: 0, logical: 1 },
  int64: { physical: 2 },
  double: { physical: 5 },
  boolean: { physical: 0 },
  json: { physical: BYTE_ARRAY, converted: 19, logical: 12 },
  decimal: { physical: 2 },
  date: { physical: 1 },
  timestamp: { physical: 2 },
  datetime: { physical: 2 },
  struct: { physical: BYTE_ARRAY },
  list: { physical: BYTE_ARRAY },
  map: { physical: BYTE_ARRAY },
};

/** The schema's elements as field `id`: the root, then its columns. */
export function writeSchema(writer: CompactWriter, id: number, columns: readonly Column[]): void {
  writer.structList(id, [undefined, ...columns], (column) => {
    if (column === undefined) {
      writer.binaryField(4, 'schema');
      writer.i32Field(5, columns.length);
    } else {
      writeColumn(writer, column);
    }
  });
}

function writeColumn(writer: CompactWriter, column: Column): void {
  const { physical, converted, logical } = PARQUET_TYPES[column.type];
  writer.i32Field(1, physical);
  writer.i32Field(3, OPTIONAL);
  writer.binaryField(4, column.name);
  if (converted !== undefined) writer.i32Field(6, converted);
  if (logical !== undefined) writer.structField(10, () => writer.structField(logical, () => undefined));
}
