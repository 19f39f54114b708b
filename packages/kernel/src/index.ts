export { COLUMN_TYPES, MAX_PRECISION, REST_COLUMN } from './column.ts';
export type { Column, ColumnType, DriftPolicy, PlainType, ValueType } from './column.ts';
export { exactDouble } from './exact-double.ts';
export { Kernel } from './kernel.ts';
export { KernelMemoryError } from './kernel-memory.ts';
export { childrenOf, columnNodes } from './column-node.ts';
export type { ColumnNode } from './column-node.ts';
export { ColumnBatch } from './batch.ts';
export type { VectorView } from './batch.ts';
export { PAGE_ENCODINGS, RowGroupEncoder } from './row-group-encoder.ts';
export type {
  EncodedChunk,
  EncodedPage,
  PageEncoding,
  RowGroupLimits,
  ValueBound,
} from './row-group-encoder.ts';
export { SnappyCompressor } from './snappy.ts';
export { RowTextEncoder, TEXT_FORMATS } from './row-text-encoder.ts';
export type { RowTextOptions, TextFormat } from './row-text-encoder.ts';
export { CSV, CSV_NEWLINES } from './csv-dialect.ts';
export type { CsvDialect, CsvNewline } from './csv-dialect.ts';
export { CsvHeaderError } from './csv-header.ts';
export { CsvReader } from './csv-reader.ts';
export type { CsvCounts, CsvInput, CsvReaderOptions } from './csv-reader.ts';
export { MAX_RECORD_BYTES } from './reader-limits.ts';
export { NdjsonReader } from './ndjson-reader.ts';
export type { NdjsonReaderOptions, ReaderCounts } from './ndjson-reader.ts';
export { ArrayScanner, SCAN_EVENTS } from './array-scanner.ts';
export type { OpenText, ScanEvent, ScanEventKind, ScannedLines } from './array-scanner.ts';
export { textFault } from './record-origin.ts';
export type { RecordFault, RecordOrigin, TextFault } from './record-origin.ts';
export { KEPT_BYTES, tooLongDetail } from './bad-records.ts';
export type { BadRecord } from './bad-records.ts';
export { OTHER_KEYS } from './drift-counts.ts';
export type { DriftCount } from './drift-counts.ts';
export { QUARANTINE_REASONS } from './reasons.ts';
export type { QuarantineReason } from './reasons.ts';
export { selfTestReader } from './self-test.ts';
export { batchRows, vectorValues } from './batch-rows.ts';
export type { CellValue } from './batch-rows.ts';
