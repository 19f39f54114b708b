export type { ByteSink } from './byte-sink.ts';
export {
  CREATED_BY,
  MAX_ROW_GROUP_BYTES,
  MAX_ROW_GROUP_ROWS,
  ParquetWriter,
} from './parquet/parquet-writer.ts';
export type { ParquetOptions } from './parquet/parquet-writer.ts';
export { zstdPage, zstdTextFrame } from './zstd/compress.ts';
export { TEXT_FRAME_BYTES, ZstdTextWriter } from './zstd/text-writer.ts';
export { readZstdLines } from './zstd/lines.ts';
