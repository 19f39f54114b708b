import { duckdbCsv, duckdbJson, duckdbNdjson, duckdbParquet } from './readers/duckdb.ts';
import { hyparquet } from './readers/hyparquet.ts';
import { nodeCsv, nodeJson, nodeNdjson } from './readers/node.ts';
import { parquetWasm } from './readers/parquet-wasm.ts';
import type { Reader } from './reader.ts';

export const FORMATS = ['parquet', 'ndjson', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Who judges a format: readers that share no code with the writer, nor with each other. */
export const JUDGES: Readonly<Record<Format, readonly Reader[]>> = {
  parquet: [duckdbParquet, hyparquet, parquetWasm],
  ndjson: [duckdbNdjson, nodeNdjson],
  json: [duckdbJson, nodeJson],
  csv: [duckdbCsv, nodeCsv],
};
