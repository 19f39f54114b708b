// What encoding a column chunk gives, read by src/row-group-encoder.ts: keep both in step.

export const PLAIN: u32 = 0;
export const DELTA_BINARY_PACKED: u32 = 5;
export const RLE_DICTIONARY: u32 = 8;

/** 16 bytes. */
@unmanaged
export class EncodedChunk {
  /** Of the data pages: Parquet's own number. */
  encoding: u32;
  dictionary: usize;
  dictionaryBytes: u32;
  /** 0: there is no dictionary page. */
  dictionaryEntries: u32;
}

/** 48 bytes. */
@unmanaged
export class EncodedPage {
  page: usize;
  pageBytes: u32;
  rows: u32;
  /** Values and places without one. */
  entries: u32;
  values: u32;
  /** 1: min and max are stated. */
  hasBounds: u32;
  min: usize;
  minBytes: u32;
  minExact: u32;
  max: usize;
  maxBytes: u32;
  maxExact: u32;
}
