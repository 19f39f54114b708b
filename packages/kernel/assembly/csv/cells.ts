// A block of rows between splitting and converting: one cell for each field, row by row. Cells point into the input, so
// a block must be converted before the input moves.

/** What a record holds in one field: 8 bytes. */
@unmanaged
export class Cell {
  /** First byte of the text; of a boolean that fits: whether it is true. */
  start: u32;
  /** Length << 3 | kind; the length of a quoted text is without its quotes. */
  tag: u32;
}

export const CELL_BYTES: usize = 8;

// Kinds.
export const NULL: u32 = 0;
/** Without quotes. */
export const PLAIN: u32 = 1;
/** In quotes, without an escape between them. */
export const QUOTED: u32 = 2;
/** In quotes, with at least one escape. */
export const ESCAPED: u32 = 3;
/** Added to the kind of what did not fit, or has no column. */
export const DRIFTED: u32 = 4;

/** Cells of a block, at most: 512 KiB of them stays in the second-level cache. */
const MAX_CELLS: u32 = 65_536;
const MAX_BLOCK_ROWS: u32 = 256;

export function blockRowsFor(fields: u32): u32 {
  return max<u32>(1, min(MAX_BLOCK_ROWS, MAX_CELLS / max<u32>(fields, 1)));
}

// @ts-ignore: decorator
@inline
export function cellAt(cells: usize, index: u32): Cell {
  return changetype<Cell>(cells + <usize>index * CELL_BYTES);
}
