// Why a record is quarantined: the order of QUARANTINE_REASONS in src/reasons.ts.
export const NOT_AN_OBJECT: u32 = 0;
export const EXPECTED_KEY: u32 = 1;
export const EXPECTED_COLON: u32 = 2;
export const EXPECTED_COMMA: u32 = 3;
export const INVALID_VALUE: u32 = 4;
export const INVALID_NUMBER: u32 = 5;
export const INVALID_ESCAPE: u32 = 6;
export const CONTROL_CHARACTER: u32 = 7;
export const LONE_SURROGATE: u32 = 8;
export const UNEXPECTED_END: u32 = 9;
export const TRAILING_CONTENT: u32 = 10;
export const TOO_DEEP: u32 = 11;
export const DUPLICATE_KEY: u32 = 12;
export const TOO_MANY_KEYS: u32 = 13;
export const INVALID_UTF8: u32 = 14;
export const RECORD_TOO_LONG: u32 = 15;
export const DRIFT: u32 = 16;
// no-records is the next: told of documents, never of a line.
export const TOO_FEW_FIELDS: u32 = 18;
export const TOO_MANY_FIELDS: u32 = 19;
export const TEXT_AFTER_QUOTE: u32 = 20;
export const UNCLOSED_QUOTE: u32 = 21;
