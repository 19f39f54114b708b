// Column types: the order of COLUMN_TYPES in src/column.ts.
export const TEXT: u32 = 0;
export const INT64: u32 = 1;
export const DOUBLE: u32 = 2;
export const BOOLEAN: u32 = 3;
export const JSON_TEXT: u32 = 4;
export const DECIMAL: u32 = 5;
export const DATE: u32 = 6;
export const TIMESTAMP: u32 = 7;
export const DATETIME: u32 = 8;
export const STRUCT: u32 = 9;
export const LIST: u32 = 10;
export const MAP: u32 = 11;

/** Text and JSON have offsets and bytes. */
// @ts-ignore: decorator
@inline
export function isText(type: u32): bool {
  return type == TEXT || type == JSON_TEXT;
}

/** Whose values stand for what a text says: see ndjson/fit.ts. */
// @ts-ignore: decorator
@inline
export function isFitted(type: u32): bool {
  return type >= DECIMAL && type <= DATETIME;
}

/** Whose values are in child vectors. */
// @ts-ignore: decorator
@inline
export function isNested(type: u32): bool {
  return type >= STRUCT;
}

/** Lists and maps: their offsets point to entries of their children. */
// @ts-ignore: decorator
@inline
export function isRepeated(type: u32): bool {
  return type >= LIST;
}

/** Bytes of a value; 0 for texts, booleans and nested types. */
export function widthOf(type: u32): u32 {
  if (type == INT64 || type == DOUBLE || type == TIMESTAMP || type == DATETIME) return 8;
  if (type == DECIMAL) return 16;
  return type == DATE ? 4 : 0;
}
