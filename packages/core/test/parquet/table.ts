import type { CellValue, Column, PlainType, ValueType } from '@winnow/kernel';

/** As `CellValue` says: int64 is a bigint, json its raw text, a struct the list of its fields' values. */
export type Cell = CellValue;

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

/** A table of one column. */
export const oneColumn = (type: PlainType | ValueType, cells: readonly Cell[]): Table => ({
  columns: [{ name: 'c', ...(typeof type === 'string' ? { type } : type) }],
  rows: cells.map((cell) => [cell]),
});

export const list = (element: ValueType): ValueType => ({ type: 'list', element });
export const map = (value: ValueType): ValueType => ({ type: 'map', value });
export const struct = (fields: Readonly<Record<string, ValueType>>): ValueType => ({
  type: 'struct',
  fields: Object.entries(fields).map(([name, type]) => ({ name, ...type })),
});
export const decimal = (precision: number, scale: number): ValueType => ({
  type: 'decimal',
  precision,
  scale,
});

/** One line that tells apart all values, -0 and 0 too. */
export function show(cell: Cell | undefined): string {
  if (typeof cell === 'string')
    return JSON.stringify(cell.length > 80 ? `${cell.slice(0, 80)}… (${cell.length})` : cell);
  if (typeof cell === 'bigint') return `${cell}n`;
  if (Array.isArray(cell)) return `[${cell.map((inner) => show(inner as Cell)).join(', ')}]`;
  return Object.is(cell, -0) ? '-0' : String(cell);
}

function isSame(a: Cell | undefined, b: Cell | undefined): boolean {
  if (!Array.isArray(a)) return Object.is(a, b);
  return (
    Array.isArray(b) &&
    a.length === b.length &&
    a.every((inner, index) => isSame(inner as Cell, b[index] as Cell))
  );
}

/** The first cell that is not the same, tells -0 from 0; undefined where all are. */
export function difference(table: Table, rows: readonly (readonly Cell[])[]): string | undefined {
  if (rows.length !== table.rows.length) return `${table.rows.length} rows were written, ${rows.length} read`;
  for (const [r, row] of table.rows.entries()) {
    for (const [c, cell] of row.entries()) {
      const read = rows[r]?.[c];
      if (!isSame(cell, read)) {
        return `row ${r}, column ${table.columns[c]!.name}: ${show(cell)} was written, ${show(read)} read`;
      }
    }
  }
  return undefined;
}
