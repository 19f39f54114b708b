/** Three readers that share no code with the writer, nor with each other: C++, JavaScript, Rust. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import type { Column, ValueType } from '@winnow/kernel';
import { parquetMetadata, parquetRead, type FileMetaData, type ParquetParsers } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { readParquet } from 'parquet-wasm';
import { arrowValues } from './arrow-values.ts';
import type { Cell, Table } from './table.ts';

export type Judge = (file: Buffer, columns: readonly Column[]) => Promise<Cell[][]>;

export const arrayBufferOf = (file: Buffer): ArrayBuffer => Uint8Array.from(file).buffer;

/** Runs SQL in which `FILE` stands for the file's path. */
export async function queryDuckdb(file: Buffer, sql: string): Promise<Record<string, DuckDBValue>[]> {
  const reader = await runDuckdb(file, sql);
  return reader.getRowObjects();
}

async function runDuckdb(file: Buffer, sql: string) {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-duckdb-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const path = join(folder, 'file.parquet');
    await writeFile(path, file);
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(sql.replaceAll('FILE', `'${path}'`));
    connection.closeSync();
    return reader;
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}

export const duckdb: Judge = async (file) =>
  (await runDuckdb(file, 'SELECT * FROM read_parquet(FILE)')).getRows().map((row) => row.map(duckdbCell));

function duckdbCell(value: DuckDBValue): Cell {
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) return value.micros;
  if (value instanceof DuckDBListValue) return value.items.map(duckdbCell);
  if (value instanceof DuckDBStructValue) return Object.values(value.entries).map(duckdbCell);
  if (value instanceof DuckDBMapValue)
    return value.entries.map((entry) => [duckdbCell(entry.key), duckdbCell(entry.value)]);
  return value as Cell;
}

const decoder = new TextDecoder();

/** hyparquet's own make `Date`s of moments, which are too short for microseconds. */
export const PARSERS = {
  jsonFromBytes: (bytes: Uint8Array) => decoder.decode(bytes),
  dateFromDays: (days: number) => days,
  timestampFromMicroseconds: (micros: bigint) => micros,
} as unknown as ParquetParsers;

/** Reads no decimals: it makes numbers of them. */
export const hyparquet: Judge = async (file, columns) => {
  let rows: Cell[][] = [];
  await parquetRead({
    file: arrayBufferOf(file),
    compressors,
    parsers: PARSERS,
    onComplete: (read: unknown[][]) => {
      rows = read.map((row) => row.map((cell, index) => hyparquetCell(cell, columns[index]!)));
    },
  });
  return rows;
};

function hyparquetCell(value: unknown, type: ValueType): Cell {
  if (value === null || value === undefined) return null;
  switch (type.type) {
    case 'struct':
      return type.fields.map((field) => hyparquetCell((value as Record<string, unknown>)[field.name], field));
    case 'list':
      return (value as unknown[]).map((element) => hyparquetCell(element, type.element));
    case 'map':
      return Object.entries(value).map(([key, mapped]) => [key, hyparquetCell(mapped, type.value)]);
    default:
      return value as Cell;
  }
}

export const hyparquetMetadata = (file: Buffer): FileMetaData =>
  parquetMetadata(arrayBufferOf(file), { parsers: PARSERS });

export const parquetWasm: Judge = (file, columns) => {
  const table = tableFromIPC(readParquet(Uint8Array.from(file)).intoIPCStream());
  const read = columns.map((_, c) => (table.getChildAt(c)?.data ?? []).flatMap(arrowValues));
  return Promise.resolve(
    Array.from({ length: table.numRows }, (_, r) => read.map((cells) => cells[r] ?? null)),
  );
};

export const JUDGES: readonly (readonly [string, Judge])[] = [
  ['DuckDB', duckdb],
  ['hyparquet', hyparquet],
  ['parquet-wasm', parquetWasm],
];

const holds = (type: ValueType, test: (type: ValueType) => boolean): boolean => {
  if (test(type)) return true;
  if (type.type === 'struct') return type.fields.some((field) => holds(field, test));
  if (type.type === 'list') return holds(type.element, test);
  return type.type === 'map' && holds(type.value, test);
};

/** Whether a judge can tell all values of the table apart. */
export const canJudge = (judge: Judge, { columns }: Table): boolean =>
  judge !== hyparquet || !columns.some((column) => holds(column, ({ type }) => type === 'decimal'));
