export { COLUMN_TYPES, REST_COLUMN } from './column.ts';
export type { Column, ColumnType, DriftPolicy } from './column.ts';
export { Kernel } from './kernel.ts';
export { ColumnBatch } from './batch.ts';
export type { VectorView } from './batch.ts';
export { PAGE_ENCODINGS, RowGroupEncoder } from './row-group-encoder.ts';
export type { EncodedChunk, PageEncoding, RowGroupLimits, ValueBound } from './row-group-encoder.ts';
