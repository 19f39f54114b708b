/**
 * The types a column can have. Their numbers are shared with `assembly/column.ts`.
 *
 * - `text`: UTF-8 text of a JSON string, escapes resolved
 * - `int64`: a JSON number written as a canonical integer within int64
 * - `double`: a JSON number whose value a double holds exactly, as its shortest print shows
 * - `boolean`: `true` or `false`
 * - `json`: the raw text of any JSON value, byte for byte
 */
export const COLUMN_TYPES = ['text', 'int64', 'double', 'boolean', 'json'] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** One column of a run's schema: the JSON key it is filled from and its type. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** The column that keeps unknown keys and values that do not fit, as raw JSON text. It is always the last one. */
export const REST_COLUMN = '_rest';

/** What happens to a key or a value that does not fit the schema. */
export type DriftPolicy = 'rest' | 'fail' | 'drop';
