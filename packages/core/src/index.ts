export type { ByteSink } from './byte-sink.ts';
export {
  CREATED_BY,
  MAX_ROW_GROUP_BYTES,
  MAX_ROW_GROUP_ROWS,
  ParquetWriter,
} from './parquet/parquet-writer.ts';
export type { ParquetOptions } from './parquet/parquet-writer.ts';
export { zstdPage, zstdTextFrame } from './zstd/compress.ts';
export { TEXT_FRAME_BYTES, TEXT_LEVEL, ZstdTextWriter } from './zstd/text-writer.ts';
export { readZstdLines } from './zstd/lines.ts';
export { CLI_EXIT, WORKER_EXIT } from './exit-codes.ts';
export { ENGINE } from './engine.ts';
export { ConfigurationError, ConflictError, OutOfMemoryError, StorageError, WinnowError } from './errors.ts';
export type { ErrorFacts, StorageErrorCode } from './errors.ts';
export { report, REPORT_LIST_ENTRIES, RUN_STATES } from './shapes/report.ts';
export type { Report, RunState } from './shapes/report.ts';
export type { RefusalReason } from './shapes/refusal.ts';
export { runFile } from './shapes/run.ts';
export type { RunFile } from './shapes/run.ts';
export { WINNOW_FOLDER } from './run-keys.ts';

export { didYouMean } from './spec/did-you-mean.ts';
export { canonicalJson } from './spec/canonical-json.ts';
export { parseSize, sizeText } from './spec/size.ts';
export { parseSpec } from './spec/parse-spec.ts';
export { problemsOf, SpecError } from './spec/problems.ts';
export type { NameOf, Problem } from './spec/problems.ts';
export { choice } from './spec/field-types.ts';
export type { QuarantineLimit } from './spec/field-types.ts';
export { parseYaml } from './spec/yaml-text.ts';
export type { Schema } from './spec/schema-field.ts';
export { absoluteSource, HASHED_FIELDS, specHash } from './spec/spec-hash.ts';
export { SETTING_FIELDS, SPEC_DEFAULTS, SPEC_FIELDS, specSchema } from './spec/spec.ts';
export type { Spec, SpecField, SpecInput } from './spec/spec.ts';
export type { CreateOutcome, PendingObject, Storage, StoredObject } from './storage/storage.ts';
export { diskStorage, type DiskStorageOptions } from './storage/disk-storage.ts';
export { sniff, SNIFF_BYTES, type Compression } from './input/compression.ts';
export { decode, type DecodedChunk, type DecodeOptions } from './input/decode.ts';
export { DecodeError } from './input/decode-error.ts';
export { memoryClassMiB } from './input/memory-class.ts';
export { ownedRange, type OwnedRange, type ReadRange } from './input/owned-range.ts';
export { openSource, type Source, type SourceObject, type SourceOptions } from './input/source.ts';
export { SubUnitStream, type SubUnitPiece } from './input/sub-units.ts';
