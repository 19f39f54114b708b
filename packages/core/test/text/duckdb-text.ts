import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Column, TextFormat } from '@winnow/kernel';
import type { Cell } from '../parquet/table.ts';

const SQL_TYPES: Readonly<Record<string, string>> = {
  text: 'VARCHAR',
  int64: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
  datetime: 'TIMESTAMP',
};

const sqlType = (column: Column): string =>
  column.type === 'decimal'
    ? `DECIMAL(${column.precision}, ${column.scale})`
    : (SQL_TYPES[column.type] ?? 'JSON');

/** A column as the cell values of a batch: whole numbers of days, microseconds and units. */
function cellSql(column: Column): string {
  const name = `"${column.name}"`;
  switch (column.type) {
    case 'decimal':
      return `(${name}::DECIMAL(38, ${column.scale}) * 1${'0'.repeat(column.scale)})::HUGEINT`;
    case 'date':
      return `${name} - DATE '1970-01-01'`;
    case 'timestamp':
    case 'datetime':
      return `epoch_us(${name})`;
    // The binding takes a byte order mark off the start of each text.
    case 'text':
      return `hex(encode(${name}))`;
    default:
      return name;
  }
}

function cellOf({ type }: Column, read: Cell): Cell {
  if (read === null) return null;
  if (type === 'text') return Buffer.from(read as string, 'hex').toString();
  return type === 'date' ? Number(read) : read;
}

/** All rows of a file as DuckDB reads it, told the columns' types. */
export async function readByDuckDb(
  file: Buffer,
  format: TextFormat,
  columns: readonly Column[],
): Promise<Cell[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-duckdb-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const path = join(folder, `file.${format}`);
    await writeFile(path, file);
    const types = `columns = {${columns.map((column) => `'${column.name}': '${sqlType(column)}'`).join(', ')}}`;
    const source =
      format === 'csv'
        ? `read_csv('${path}', header = true, auto_detect = false, quote = '"', escape = '"', delim = ',', new_line = '\\r\\n', allow_quoted_nulls = false, ${types})`
        : `read_json('${path}', format = '${format === 'json' ? 'array' : 'newline_delimited'}', ${types})`;
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(`SELECT ${columns.map(cellSql).join(', ')} FROM ${source}`);
    connection.closeSync();
    return reader.getRows().map((row) => row.map((cell, index) => cellOf(columns[index]!, cell as Cell)));
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}
