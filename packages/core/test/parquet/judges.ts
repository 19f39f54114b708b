/** Three readers that share no code with the writer, nor with each other: C++, JavaScript, Rust. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { parquetMetadata, parquetRead, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { readParquet } from 'parquet-wasm';
import type { Cell } from './table.ts';

export type Judge = (file: Buffer) => Promise<Cell[][]>;

const arrayBufferOf = (file: Buffer): ArrayBuffer => Uint8Array.from(file).buffer;

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
    const reader = await connection.runAndReadAll(sql.replace('FILE', `'${path}'`));
    connection.closeSync();
    return reader;
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}

export const duckdb: Judge = async (file) =>
  (await runDuckdb(file, 'SELECT * FROM read_parquet(FILE)')).getRows() as Cell[][];

const decoder = new TextDecoder();

export const hyparquet: Judge = async (file) => {
  let rows: Cell[][] = [];
  await parquetRead({
    file: arrayBufferOf(file),
    compressors,
    parsers: { jsonFromBytes: (bytes) => decoder.decode(bytes) },
    onComplete: (read: unknown[][]) => {
      rows = read.map((row) => row.map((cell) => (cell ?? null) as Cell));
    },
  });
  return rows;
};

export const hyparquetMetadata = (file: Buffer): FileMetaData => parquetMetadata(arrayBufferOf(file));

export const parquetWasm: Judge = (file) => {
  const table = tableFromIPC(readParquet(Uint8Array.from(file)).intoIPCStream());
  const rows: Cell[][] = Array.from({ length: table.numRows }, () => []);
  for (let c = 0; c < table.numCols; c++) {
    const vector = table.getChildAt(c);
    for (let r = 0; r < table.numRows; r++) rows[r]!.push((vector?.get(r) ?? null) as Cell);
  }
  return Promise.resolve(rows);
};

export const JUDGES: readonly (readonly [string, Judge])[] = [
  ['DuckDB', duckdb],
  ['hyparquet', hyparquet],
  ['parquet-wasm', parquetWasm],
];
