// What encoding a column chunk gives. 56 bytes, read by src/row-group-encoder.ts: keep both in step.

export const PLAIN: u32 = 0;
export const DELTA_BINARY_PACKED: u32 = 5;
export const RLE_DICTIONARY: u32 = 8;

@unmanaged
export class Encoded {
  /** Of the data page: Parquet's own number. */
  encoding: u32;
  /** Rows with a value. */
  values: u32;
  dictionary: usize;
  dictionaryBytes: u32;
  /** 0: there is no dictionary page. */
  dictionaryEntries: u32;
  page: usize;
  pageBytes: u32;
  /** 1: min and max are stated. */
  hasBounds: u32;
  min: usize;
  minBytes: u32;
  minExact: u32;
  max: usize;
  maxBytes: u32;
  maxExact: u32;
}
