/**
 * The types a column can have. Their numbers are shared with `assembly/column.ts`.
 *
 * - `text`: UTF-8 text of a JSON string, escapes resolved
 * - `int64`: a JSON number written as a canonical integer within int64
 * - `double`: a JSON number whose value a double holds exactly, as its shortest print shows
 * - `boolean`: `true` or `false`
 * - `json`: the raw text of any JSON value, byte for byte
 * - `decimal`: a decimal of up to `precision` digits, `scale` of them behind the point
 * - `date`: a day of the Gregorian calendar, years 0001 to 9999
 * - `timestamp`: a moment, in microseconds, written with its offset to UTC
 * - `datetime`: what a calendar and a clock show, in microseconds, without a zone
 * - `struct`: an object with known keys; `list`: an array of one type; `map`: an object with any keys and one type
 */
export const COLUMN_TYPES = [
  'text',
  'int64',
  'double',
  'boolean',
  'json',
  'decimal',
  'date',
  'timestamp',
  'datetime',
  'struct',
  'list',
  'map',
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** Types that need no more than their name. */
export type PlainType = Exclude<ColumnType, 'decimal' | 'struct' | 'list' | 'map'>;

/** Digits of a decimal: both of them fit 128 bits. */
export const MAX_PRECISION = 38;

/** What a column holds. Every value may be null, at every level. */
export type ValueType =
  | { readonly type: PlainType }
  /** `precision` from 1 to {@link MAX_PRECISION}, `scale` from 0 to `precision`. */
  | { readonly type: 'decimal'; readonly precision: number; readonly scale: number }
  /** At least one field; their names differ. */
  | { readonly type: 'struct'; readonly fields: readonly Column[] }
  | { readonly type: 'list'; readonly element: ValueType }
  /** Keys are text. */
  | { readonly type: 'map'; readonly value: ValueType };

/** One column of a run's schema, or a field of a struct: the JSON key it is filled from and its type. */
export type Column = { readonly name: string } & ValueType;

/** The column that keeps unknown keys and values that do not fit, as raw JSON text. It is always the last one. */
export const REST_COLUMN = '_rest';

/** What happens to a key or a value that does not fit the schema. */
export type DriftPolicy = 'rest' | 'fail' | 'drop';

/** Their numbers are shared with `assembly/ndjson/policy.ts`. */
export const DRIFT_POLICIES: readonly DriftPolicy[] = ['rest', 'fail', 'drop'];
