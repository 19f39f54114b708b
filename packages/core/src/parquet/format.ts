/** Numbers of parquet.thrift. https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
export const MAGIC = Buffer.from('PAR1');

export const PAGE_TYPES = { data: 0, dictionary: 2 } as const;
export const ENCODINGS = { PLAIN: 0, RLE: 3, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const;
export const CODECS = { zstd: 6 } as const;
export type Codec = keyof typeof CODECS;

/** The only repetition that occurs: every column may be null. */
export const OPTIONAL = 1;
