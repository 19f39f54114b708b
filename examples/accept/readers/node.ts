import { readFileSync } from 'node:fs';
import { fromText } from '../from-text.ts';
import type { Output, Reader } from '../reader.ts';

type Row = Record<string, unknown>;

/** What the engine of JavaScript reads: `JSON.parse` over each line or over the whole part. */
function json(rowsOf: (text: string) => Row[]): Reader {
  const read = function* ({ parts }: Output): Generator<Row> {
    for (const part of parts) yield* rowsOf(readFileSync(part, 'utf8'));
  };
  return {
    name: 'JSON.parse',
    columns(output) {
      const [first] = read(output);
      return Promise.resolve(Object.keys(first ?? {}));
    },
    async *rows(output) {
      for (const row of read(output)) yield await Promise.resolve(row);
    },
  };
}

export const nodeNdjson = json((text) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row),
);
export const nodeJson = json((text) => JSON.parse(text) as Row[]);

/** RFC 4180 as it is written: `undefined` for a cell without anything, `''` for a quoted empty one. */
export function parseCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let row: (string | null)[] = [];
  while (CELL.lastIndex < text.length) {
    const at = CELL.lastIndex;
    const cell = CELL.exec(text);
    if (!cell)
      throw new RangeError(`no RFC 4180 at character ${at}: ${JSON.stringify(text.slice(at, at + 60))}`);
    const [, quoted, plain, end] = cell;
    row.push(quoted === undefined ? plain || null : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

export const nodeCsv: Reader = {
  name: 'RFC 4180',
  columns: ({ parts: [first] }) =>
    Promise.resolve(
      (first === undefined ? [] : (parseCsv(readFileSync(first, 'utf8'))[0] ?? [])).map(String),
    ),
  async *rows({ parts, columns }) {
    for (const part of parts) {
      const [, ...rows] = parseCsv(readFileSync(part, 'utf8'));
      for (const row of rows) {
        const cells = columns.map((column, index) => [column.name, fromText(column, row[index] ?? null)]);
        yield await Promise.resolve(Object.fromEntries(cells) as Row);
      }
    }
  },
};
