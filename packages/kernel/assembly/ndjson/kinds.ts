// What the scanner found a value to be. 0 = the record has no such key.
export const NULL: u32 = 1;
export const TRUE: u32 = 2;
export const FALSE: u32 = 3;
/** A canonical integer within int64; its value is known. */
export const INTEGER: u32 = 4;
/** A number whose nearest double is known and prints as the same decimal. */
export const REAL: u32 = 5;
/** Any other number: only its text is known. */
export const NUMERAL: u32 = 6;
/** A string without escapes. */
export const STRING: u32 = 7;
/** A string with at least one escape. */
export const ESCAPED: u32 = 8;
export const OBJECT: u32 = 9;
export const ARRAY: u32 = 10;
/** A known key whose value did not fit its column: the column is null there. */
export const DRIFTED: u32 = 11;

// @ts-ignore: decorator
@inline
export function isString(kind: u32): bool {
  return kind == STRING || kind == ESCAPED;
}

// JSON types, as bits: the order of JSON_TYPES in src/drift-counts.ts.
/** The JSON type of a kind, as a number. */
export function jsonType(kind: u32): u32 {
  if (kind == NULL) return 0;
  if (kind == TRUE || kind == FALSE) return 1;
  if (kind <= NUMERAL) return 2;
  if (kind <= ESCAPED) return 3;
  return kind == OBJECT ? 4 : 5;
}
