/** Numbers of parquet.thrift. https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
export const MAGIC = Buffer.from('PAR1');

export const PAGE_TYPES = { data: 0, dictionary: 2 } as const;
export const ENCODINGS = { PLAIN: 0, RLE: 3, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const;
export const REPETITIONS = { required: 0, optional: 1, repeated: 2 } as const;
export const PHYSICAL = { BOOLEAN: 0, INT32: 1, INT64: 2, DOUBLE: 5, BYTE_ARRAY: 6, FIXED: 7 } as const;
export const BOUNDARY_ORDERS = { unordered: 0, ascending: 1, descending: 2 } as const;

export const CODECS = { none: 0, snappy: 1, zstd: 6 } as const;
export type Codec = keyof typeof CODECS;
export const CODEC_NAMES = ['zstd', 'snappy', 'none'] as const satisfies readonly Codec[];

/**
 * - `default`: the encoding that is smallest, and a page index
 * - `compatible`: only what readers of ten years ago know too: PLAIN values and no page index
 */
export const PARQUET_PROFILES = ['default', 'compatible'] as const;
export type ParquetProfile = (typeof PARQUET_PROFILES)[number];
