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

export { compareKeys } from './key-order.ts';
export { runKeys, runIdOf, partKey, partPrefix, type RunKeys } from './run-keys.ts';
export { runUri, splitRunUri } from './run-uri.ts';
export { attempt, type Attempt } from './shapes/attempt.ts';
export type { Intent, Outcome, ShardSegment } from './shapes/submission.ts';
export type { Frozen, MemoryClass } from './shapes/run.ts';
export type { PartFact, Receipt, DriftFact } from './shapes/receipt.ts';
export { quarantineLine, type QuarantineLine } from './shapes/quarantine-line.ts';
export type { Refusal } from './shapes/refusal.ts';
export type { PlannedInput, Unit } from './shapes/unit.ts';
export { workerEvent, type WorkerEvent } from './shapes/worker-event.ts';
export { sniff, type Compression } from './input/compression.ts';
export { decode, type DecodeOptions } from './input/decode.ts';
export { DecodeError } from './input/decode-error.ts';
export type { DecodedChunk } from './input/decoded-chunk.ts';
export { openSource, type Source, type SourceObject } from './input/source.ts';
export { ownedRange, type OwnedRange, type ReadRange } from './input/owned-range.ts';
export { SubUnitStream, type SubUnitPiece } from './input/sub-units.ts';
export { draftPlan, type DraftOptions, type PlanDraft } from './plan/draft.ts';
export { newInputs } from './plan/new-inputs.ts';
export { plannedBytes } from './plan/cut.ts';
export { MEMORY_CLASSES_MIB, memoryClassFor, nextMemoryClass, windowThatFits } from './plan/memory-class.ts';
export { SchemaInference } from './schema/infer.ts';
export { readJson } from './commit/objects.ts';
export { assertEngine, decideRun, highestGeneration, readGeneration } from './commit/generations.ts';
export { createRun, readRun, readUnits, writePlan } from './commit/run-file.ts';
export { commitSubUnit, readReceipt } from './commit/commit-sub-unit.ts';
export { refusalSuffix } from './commit/compare-receipts.ts';
export {
  createSubmission,
  highestStop,
  isStopped,
  readIntent,
  submissionNumbers,
  writeOutcome,
} from './commit/submissions.ts';
export { groupShards, shardCount, shardUnits } from './commit/shards.ts';
export { closeRun } from './commit/close.ts';
export { beginWriting } from './commit/success.ts';
export { readInputs as readInputOutcomes } from './commit/close-inputs.ts';
export { zstdTextCodec } from './commit/zstd-text-codec.ts';
export { unitProgress } from './ledger/committed-units.ts';
export { sumLedger, type LedgerNow } from './ledger/sum-ledger.ts';
export { receiptNames } from './ledger/receipts.ts';
