// A block of rows between scanning and converting: one cell for each row and column, column by column. Cells point
// into the input, so a block must be converted before the input moves.

/** What a record holds for one column: 16 bytes. */
@unmanaged
export class Cell {
  /** First byte of the value; of a string: the byte behind its quote. */
  start: u32;
  /** Length << 4 | kind; 0 = absent. The length of a string is without its quotes. */
  tag: u32;
  /** An i64 or the bits of a double. */
  bits: u64;
}

export const CELL_BYTES: usize = 16;

/** Cells of a block, at most: 1 MiB of them stays in the second-level cache. */
const MAX_CELLS: u32 = 65_536;
const MAX_BLOCK_ROWS: u32 = 256;

export function blockRowsFor(columns: u32): u32 {
  return max<u32>(1, min(MAX_BLOCK_ROWS, MAX_CELLS / max<u32>(columns, 1)));
}

// @ts-ignore: decorator
@inline
export function cellAt(cells: usize, row: u32): Cell {
  return changetype<Cell>(cells + <usize>row * CELL_BYTES);
}
