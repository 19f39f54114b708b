import { DuckDBInstance } from '@duckdb/node-api';
import { withoutTrailingZeros } from './decimal.ts';
import { partsIn, REST } from './parts.ts';
import type { PartReader, SourceRecord } from './reader.ts';
import { sourceRecord } from './source-record.ts';

const quotedText = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const quotedName = (value: string): string => `"${value.replaceAll('"', '""')}"`;

/** A key as a JSON Pointer (RFC 6901) of one step. */
const pointer = (key: string): string => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Reads and adds up with DuckDB: SQL wherever SQL can say it. */
export async function openDuckDb(folder: string): Promise<PartReader> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await connection.runAndReadAll(sql)).getRowObjectsJS();
  const one = async (sql: string): Promise<unknown> => Object.values((await rowsOf(sql))[0] ?? {})[0];

  const files = partsIn(folder).map(quotedText).join(', ');
  // file_row_number and the names of the parts give the order of the records.
  await connection.run(`CREATE VIEW parts AS FROM read_parquet([${files}])`);
  await connection.run(
    `CREATE VIEW ordered AS FROM read_parquet([${files}], filename = '#file', file_row_number = true)`,
  );
  const types = new Map(
    (await rowsOf('DESCRIBE parts')).map((row) => [String(row['column_name']), String(row['column_type'])]),
  );
  const isJson = (column: string): boolean => types.get(column) === 'JSON';

  /** The text of a record's value under `key`: from its column, else from `_rest`. */
  const value = (key: string): string => {
    const column = isJson(key)
      ? `json_extract_string(${quotedName(key)}, '$')`
      : `CAST(${quotedName(key)} AS VARCHAR)`;
    const rest = `json_extract_string(CAST(${quotedName(REST)} AS JSON), ${quotedText(pointer(key))})`;
    return `coalesce(${[...(types.has(key) ? [column] : []), ...(types.has(REST) ? [rest] : []), 'NULL'].join(', ')})`;
  };
  const ORDER = 'ORDER BY "#file", file_row_number';

  // DuckDB's client for JavaScript takes a leading U+FEFF off a text: with a letter before it, it stays.
  const isText = (column: string): boolean => isJson(column) || types.get(column) === 'VARCHAR';
  const selected = (column: string): string =>
    isText(column)
      ? `'.' || CAST(${quotedName(column)} AS VARCHAR) AS ${quotedName(column)}`
      : quotedName(column);
  const unmarked = (row: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(row).map(([column, value]) => [
        column,
        typeof value === 'string' ? value.slice(1) : value,
      ]),
    );

  async function* records(): AsyncGenerator<SourceRecord> {
    const list = [...types.keys()].map(selected).join(', ');
    for (const row of await rowsOf(`SELECT ${list} FROM ordered ${ORDER}`))
      yield sourceRecord(unmarked(row), isJson);
  }
  return {
    name: 'DuckDB',
    rows: async () => Number(await one('SELECT count(*) FROM parts')),
    columns: () => Promise.resolve([...types.keys()]),
    async restKeys() {
      if (!types.has(REST)) return [];
      const keys = await rowsOf(
        `SELECT DISTINCT unnest(json_keys(CAST(${quotedName(REST)} AS JSON))) AS key FROM parts ORDER BY key`,
      );
      return keys.map(({ key }) => String(key));
    },
    sum: async (key) =>
      withoutTrailingZeros(
        String(await one(`SELECT CAST(sum(CAST(${value(key)} AS DECIMAL(38, 9))) AS VARCHAR) FROM parts`)),
      ),
    async range(key) {
      const number = `CAST(${value(key)} AS DOUBLE)`;
      const [row = {}] = await rowsOf(`SELECT min(${number}) AS least, max(${number}) AS most FROM parts`);
      return { min: Number(row['least']), max: Number(row['most']) };
    },
    distinct: async (key) => Number(await one(`SELECT count(DISTINCT ${value(key)}) FROM parts`)),
    sha256Sorted: async (key) =>
      String(
        await one(
          `SELECT sha256(string_agg(v, chr(10) ORDER BY v)) FROM (SELECT ${value(key)} AS v FROM parts)`,
        ),
      ),
    async texts(key) {
      const [row = {}] = await rowsOf(
        `SELECT sum(length(v)) AS chars, sha256(string_agg(v, chr(0) ${ORDER})) AS hash,
           count(*) FILTER (contains(v, chr(10))) AS newlines
         FROM (SELECT ${value(key)} AS v, "#file", file_row_number FROM ordered)`,
      );
      return {
        chars: Number(row['chars']),
        sha256: String(row['hash']),
        withNewline: Number(row['newlines']),
      };
    },
    async countBy(key) {
      const counts = await rowsOf(
        `SELECT ${value(key)} AS v, count(*) AS n FROM parts GROUP BY v HAVING v IS NOT NULL ORDER BY v`,
      );
      return Object.fromEntries(counts.map(({ v, n }) => [String(v), Number(n)]));
    },
    records,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
