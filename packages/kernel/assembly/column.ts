// Column types: the order of COLUMN_TYPES in src/column.ts.
export const TEXT: u32 = 0;
export const INT64: u32 = 1;
export const DOUBLE: u32 = 2;
export const BOOLEAN: u32 = 3;
export const JSON_TEXT: u32 = 4;

/** Text and JSON have offsets and bytes; the others a value of fixed width. */
// @ts-ignore: decorator
@inline
export function isText(type: u32): bool {
  return type == TEXT || type == JSON_TEXT;
}
