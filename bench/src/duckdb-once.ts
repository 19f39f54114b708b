/** `node duckdb-once.ts DATASET INPUT OUTPUT`: the same file through DuckDB, with the settings that suit it best. */
import { DuckDBInstance } from '@duckdb/node-api';
import type { ColumnType } from '@winnow/kernel';
import { dataset } from './datasets.ts';

const SQL_TYPES: Readonly<Partial<Record<ColumnType, string>>> = {
  text: 'VARCHAR',
  int64: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  json: 'JSON',
};
const [, , name = '', input = '', output = ''] = process.argv;
const columns = dataset(name).columns.map(
  (column) => `'${column.name}': '${SQL_TYPES[column.type] ?? 'JSON'}'`,
);
const instance = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '256MB' });
const connection = await instance.connect();
await connection.run(
  `COPY (SELECT * FROM read_json('${input}', format='newline_delimited', maximum_object_size=4194304,
   columns={${columns.join(', ')}})) TO '${output}'
   (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 20000)`,
);
const counted = await connection.runAndReadAll(`SELECT count(*) FROM '${output}'`);
const { user, system } = process.cpuUsage();
const peakMiB = Math.round(process.resourceUsage().maxRSS / 1024);
const rows = Number(counted.getRows()[0]?.[0]);
console.log(JSON.stringify({ rows, cpuSeconds: (user + system) / 1e6, peakMiB }));
