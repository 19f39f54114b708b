// What a scan tells besides the lines it makes: the order of SCAN_EVENTS in src/array-scanner.ts.
export const ARRAY_BEGINS: u32 = 0;
export const DOCUMENT_BEGINS: u32 = 1;
/** A comma where an element should stand. */
export const EMPTY_ELEMENT: u32 = 2;
/** The array's closing bracket where an element should stand. */
export const TRAILING_COMMA: u32 = 3;
/** A document ended without its array of records. */
export const NO_RECORDS: u32 = 4;
/** A brace behind a value of a document: it did not end, and the next one begins. */
export const DOCUMENT_IN_DOCUMENT: u32 = 5;
// The byte there was made a zero, so that the reader refuses the record that it begins.
/** Behind an array, and no further one. */
export const STRAY_CONTENT: u32 = 6;
/** Between documents, and none. */
export const STRAY_DOCUMENT: u32 = 7;
/** No key, colon, value or comma where a document should have one. */
export const STRAY_KEY: u32 = 8;
export const STRAY_COLON: u32 = 9;
export const STRAY_VALUE: u32 = 10;
export const STRAY_COMMA: u32 = 11;
