import { DuckDBInstance } from '@duckdb/node-api';
import { fromText } from '../from-text.ts';
import type { Output, Reader } from '../reader.ts';

const quotedText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** How DuckDB is told to read the parts. */
type Relation = (output: Output) => string;

const listOf = ({ parts }: Output): string => `[${parts.map(quotedText).join(', ')}]`;

const typesOf = ({ columns }: Output, type: string): string =>
  `{${columns.map(({ name }) => `${quotedText(name)}: '${type}'`).join(', ')}}`;

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    const connection = await instance.connect();
    const rows = (await connection.runAndReadAll(sql)).getRowObjectsJS();
    connection.closeSync();
    return rows;
  } finally {
    instance.closeSync();
  }
}

const columnsOf =
  (relation: Relation) =>
  async (output: Output): Promise<string[]> =>
    (await query(`DESCRIBE FROM ${relation(output)}`)).map((row) => String(row['column_name']));

/** Rows as DuckDB prints them as JSON: its client for JavaScript would take a leading U+FEFF off a text. */
async function* jsonRows(relation: Relation, output: Output): AsyncGenerator<Record<string, unknown>> {
  if (output.parts.length === 0) return;
  for (const { row } of await query(`SELECT to_json(t)::VARCHAR AS row FROM ${relation(output)} AS t`))
    yield JSON.parse(String(row)) as Record<string, unknown>;
}

function reader(name: string, relation: Relation): Reader {
  return { name, columns: columnsOf(relation), rows: (output) => jsonRows(relation, output) };
}

export const duckdbParquet = reader('DuckDB', (output) => `read_parquet(${listOf(output)})`);

/** Columns are found by DuckDB itself when asked for them; values are read as JSON, whatever they are. */
const json = (format: string): Reader => {
  const options = `format = '${format}', maximum_object_size = 134217728`;
  const found: Relation = (output) => `read_json(${listOf(output)}, ${options}, sample_size = -1)`;
  const raw: Relation = (output) =>
    `read_json(${listOf(output)}, ${options}, columns = ${typesOf(output, 'JSON')})`;
  return { name: 'DuckDB', columns: columnsOf(found), rows: (output) => jsonRows(raw, output) };
};
export const duckdbNdjson = json('newline_delimited');
export const duckdbJson = json('array');

const csv: Relation = (output) =>
  `read_csv(${listOf(output)}, header = true, delim = ',', quote = '"', escape = '"',
    nullstr = '', allow_quoted_nulls = false, strict_mode = true, max_line_size = 134217728,
    auto_detect = false, columns = ${typesOf(output, 'VARCHAR')})`;

export const duckdbCsv: Reader = {
  name: 'DuckDB',
  columns: columnsOf(
    (output) =>
      `read_csv(${listOf(output)}, header = true, delim = ',', quote = '"', escape = '"', all_varchar = true)`,
  ),
  async *rows(output) {
    for await (const row of jsonRows(csv, output)) {
      const cells = output.columns.map((column) => [
        column.name,
        fromText(column, row[column.name] as string | null),
      ]);
      yield Object.fromEntries(cells) as Record<string, unknown>;
    }
  },
};
