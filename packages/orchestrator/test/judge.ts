import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** All rows of an output's parts, read by hyparquet, in the order of the parts' names. */
export async function readRows(output: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const name of (await readdir(output)).filter((part) => part.endsWith('.parquet')).sort()) {
    const file = await asyncBufferFromFile(join(output, name));
    rows.push(...(await parquetReadObjects({ file, compressors })));
  }
  return rows;
}

/** The first row of a query over an output's parts, by DuckDB; the relation is called `output`. */
export async function askDuckDb(output: string, select: string): Promise<unknown[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  try {
    const parts = `read_parquet('${join(output, '*.parquet').replaceAll("'", "''")}')`;
    const result = await connection.runAndReadAll(`WITH output AS (FROM ${parts}) ${select}`);
    return result.getRows()[0] ?? [];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
