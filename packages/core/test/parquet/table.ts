import type { Column, PlainType } from '@winnow/kernel';

/** int64 is a bigint, json its raw text. */
export type Cell = string | bigint | number | boolean | null;

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A table of one column. */
export const oneColumn = (type: PlainType, cells: readonly Cell[]): Table => ({
  columns: [{ name: 'c', type }],
  rows: cells.map((cell) => [cell]),
});

const show = (cell: Cell | undefined): string =>
  typeof cell === 'string'
    ? JSON.stringify(cell.length > 80 ? `${cell.slice(0, 80)}… (${cell.length})` : cell)
    : Object.is(cell, -0)
      ? '-0'
      : String(cell);

/** The first cell that is not the same, tells -0 from 0; undefined where all are. */
export function difference(table: Table, rows: readonly (readonly Cell[])[]): string | undefined {
  if (rows.length !== table.rows.length) return `${table.rows.length} rows were written, ${rows.length} read`;
  for (const [r, row] of table.rows.entries()) {
    for (const [c, cell] of row.entries()) {
      const read = rows[r]?.[c];
      if (!Object.is(cell, read)) {
        return `row ${r}, column ${table.columns[c]!.name}: ${show(cell)} was written, ${show(read)} read`;
      }
    }
  }
  return undefined;
}
