// Everything that other packages may use, by hand: grouped as the data goes.

export { forwardClock } from './forward-clock.ts';
export { CLI_EXIT, WORKER_EXIT } from './exit-codes.ts';
export { ENGINE } from './engine.ts';
export { assertGolden } from './golden.ts';
export { ConfigurationError, ConflictError, OutOfMemoryError, StorageError, WinnowError } from './errors.ts';
export type { ErrorFacts, StorageErrorCode } from './errors.ts';

// The shapes that parts meet in.
export { attempt, type Attempt } from './shapes/attempt.ts';
export {
  ARCHITECTURES,
  CAPACITIES,
  prices,
  type Architecture,
  type Capacity,
  type ContainerPrice,
  type Prices,
} from './shapes/prices.ts';
export { inputOutcome, type InputOutcome } from './shapes/generation.ts';
export { quarantineLine, type QuarantineLine } from './shapes/quarantine-line.ts';
export type { DriftFact, PartFact, Receipt } from './shapes/receipt.ts';
export type { Refusal, RefusalReason } from './shapes/refusal.ts';
export {
  report,
  REPORT_LIST_ENTRIES,
  RUN_STATES,
  type CostItem,
  type Report,
  type RunCost,
  type RunState,
} from './shapes/report.ts';
export { runFile, type Frozen, type MemoryClass, type RunFile } from './shapes/run.ts';
export { intent } from './shapes/submission.ts';
export type {
  Intent,
  IntendedJob,
  Outcome,
  QuarantineLimit,
  ShardOutcome,
  ShardSeconds,
  ShardSegment,
  ShardTolerance,
  SubmittedJob,
} from './shapes/submission.ts';
export type { Claim } from './shapes/claim.ts';
export { plannedBytes, type PlannedInput, type Unit } from './shapes/unit.ts';
export { workerEvent, type WorkerEvent } from './shapes/worker-event.ts';

// Names in an output.
export { compareKeys } from './key-order.ts';
export {
  generationOf,
  isStaged,
  partKey,
  partPrefix,
  partsFolder,
  publishedKey,
  readsQuarantine,
  runIdOf,
  runKeys,
  WINNOW_FOLDER,
  type ClaimedWork,
  type RunKeys,
} from './run-keys.ts';
export { collectGarbage } from './collect-garbage.ts';
export { atOnce } from './at-once.ts';
export { retryDelayMs, retrying } from './retry.ts';
export type { RetryKind, RetryTimes, Waiting } from './retry.ts';
export { runUri, splitRunUri } from './run-uri.ts';

// Spec.
export { canonicalJson } from './spec/canonical-json.ts';
export { didYouMean } from './spec/did-you-mean.ts';
export { choice, truth } from './spec/field-types.ts';
export { hookKind, type HookKind } from './spec/hook-text.ts';
export { parseSpec } from './spec/parse-spec.ts';
export { problemsOf, SpecError, type NameOf, type Problem } from './spec/problems.ts';
export type { Schema } from './spec/schema-field.ts';
export { durationText, parseDuration } from './spec/duration.ts';
export { parseSize, sizeText } from './spec/size.ts';
export { replaceSecrets, secretNames } from './spec/secret-names.ts';
export { absoluteRoot, HASHED_FIELDS, specHash } from './spec/spec-hash.ts';
export { codecOf, SPEC_DEFAULTS, SPEC_FIELDS, specSchema } from './spec/spec.ts';
export type { SchemaInput, Spec, SpecField, SpecInput, TypeInput } from './spec/spec.ts';
export { parseOrderedYaml, parseYaml } from './spec/yaml-text.ts';

// Schemas.
export type { PlaceFacts } from './schema/place-facts.ts';
export { placeName, type Path } from './schema/place.ts';
export { schemaText, typeText } from './schema/schema-text.ts';

// Storage and inputs.
export { bucketFacts, type BucketFacts } from './storage/bucket-facts.ts';
export { makeFolder } from './storage/disk-folders.ts';
export { diskStorage, type DiskStorageOptions } from './storage/disk-storage.ts';
export { RequestCounts } from './storage/request-counts.ts';
export { storageOpener, type OpenStorage } from './storage/open-storage.ts';
export { isS3Uri, s3Place, s3UriOf } from './storage/s3/s3-uri.ts';
export type { CreateOutcome, ListOptions, PendingObject, Storage, StoredObject } from './storage/storage.ts';
export { sniff, SNIFF_BYTES, type Compression } from './input/compression.ts';
export { decode, type DecodeOptions } from './input/decode.ts';
export { DecodeError } from './input/decode-error.ts';
export { mostDecodedBytes } from './input/input-limits.ts';
export type { DecodedChunk } from './input/decoded-chunk.ts';
export { ownedRange, type OwnedRange, type ReadRange } from './input/owned-range.ts';
export { openRecordLines, rangeOfArrayLines, type RecordLines } from './input/record-lines.ts';
export { parseRecordsPath } from './input/records-path.ts';
export type { TextLayout } from './input/text-layout.ts';
export type { TextOrigin } from './input/text-notes.ts';
export { openSource, type Source, type SourceObject } from './input/source.ts';
export { SubUnitStream, type SubUnitPiece } from './input/sub-units.ts';

// Plan.
export type { EarlierVersion } from './plan/earlier-versions.ts';
export { draftPlan, type DraftOptions, type MirrorOptions, type PlanDraft } from './plan/draft.ts';
export { inspectSchema, type InspectOptions, type SchemaInspection } from './plan/inspect-schema.ts';
export {
  columnsMemoryMiB,
  memoryClassFor,
  nextMemoryClass,
  processMemoryMiB,
  windowThatFits,
} from './memory-class.ts';
export { objectsInTheWay } from './plan/in-the-way.ts';
export { redoneInputs } from './plan/redone-inputs.ts';
export { newInputs, type NewInputsOptions } from './plan/new-inputs.ts';
export { SAMPLED_INPUTS } from './plan/sample-choice.ts';
export type { UnitShare } from './plan/unit-spool.ts';

// Outputs.
export type { ByteSink } from './byte-sink.ts';
export { openRecordWriter, type RecordWriter } from './record-writer.ts';
export { ParquetWriter, type ParquetOptions } from './parquet/parquet-writer.ts';
export { readZstdLines } from './zstd/lines.ts';
export { zstdTextFrame } from './zstd/compress.ts';
export { TEXT_LEVEL, ZstdTextWriter } from './zstd/text-writer.ts';

// Run, commit, ledger, close.
export { clearability, latestCleared, type Clearability } from './commit/clearable.ts';
export { readClearing } from './commit/cleared.ts';
export { clearRun } from './commit/clearing.ts';
export {
  beatClaim,
  endClaim,
  failClaim,
  listClaims,
  readFailedClaim,
  releaseClaim,
  takeClaim,
  type ClaimsNow,
} from './commit/claims.ts';
export { closeRun } from './commit/close.ts';
export { readInputs as readInputOutcomes } from './commit/close-inputs.ts';
export { earlierOutputs, type EarlierOutput } from './commit/earlier-outputs.ts';
export { givenUp, replacementsOf, type Replacements } from './commit/commit-files.ts';
export { commitSubUnit, readReceipt } from './commit/commit-sub-unit.ts';
export { refusalSuffix } from './commit/compare-receipts.ts';
export {
  assertEngine,
  decideRun,
  generationFacts,
  highestGeneration,
  readGeneration,
  type Intention,
} from './commit/generations.ts';
export { digestOf, standingSha256, storedDigest } from './commit/digest.ts';
export { createExactly, isNotFound, parseJson, readAll, readJson } from './commit/objects.ts';
export { judgeQuarantine } from './commit/quarantine-limit.ts';
export { MirrorQuarantine } from './commit/quarantined-inputs.ts';
export { decideRedrive, quarantinedObjects, runsInQuarantine } from './commit/redrive.ts';
export {
  mendedByInput,
  mendedKey,
  mendedText,
  readMended,
  type MendedRecord,
  type MendedRecords,
} from './mended-records.ts';
export { parseQuarantineKey } from './commit/object-names.ts';
export { textLines } from './commit/text-lines.ts';
export { createRun, joinRun, readRun, readUnits, writePlan } from './commit/run-file.ts';
export { groupShards, shardCount, shardUnits } from './commit/shards.ts';
export {
  createSubmission,
  highestStop,
  isStopped,
  readIntent,
  readOutcome,
  readSubmittedJob,
  requestStop,
  submissionNumbers,
  writeJob,
  writeOutcome,
  writeShardList,
} from './commit/submissions.ts';
export { beginWriting, previousRunId } from './commit/success.ts';
export { SweptNames } from './commit/sweep-outputs.ts';
export { sweepClosed } from './commit/sweep.ts';
export { verifyRun } from './commit/verify.ts';
export {
  workingObjects,
  WORKING_KINDS,
  type WorkingKind,
  type WorkingObject,
} from './commit/working-objects.ts';
export { zstdTextCodec } from './commit/zstd-text-codec.ts';
export {
  quarantinedRecords,
  type QuarantinedRecord,
  type QuarantineWatch,
} from './ledger/quarantined-records.ts';
export { orderedAhead } from './ledger/ordered-ahead.ts';
export { sumCompacted } from './ledger/sum-compacted.ts';
export { mostDrifting } from './ledger/most-drifting.ts';
export { unitProgress } from './ledger/unit-progress.ts';
export {
  ledgerReceipts,
  receiptNames,
  storedReceipts,
  type ReceiptGroup,
  type UnitRange,
} from './ledger/receipts.ts';
export { isCommitted } from './ledger/entries.ts';
export { sumLedger, type LedgerNow } from './ledger/sum-ledger.ts';

// AL3.
export { Al3Reader, type Al3Event } from './al3/al3-reader.ts';
export type { Diagnostic, DiagnosticCode } from './al3/diagnostic.ts';
export type { Dictionary, Element, GroupLayout } from './al3/dictionary/dictionary.ts';
export {
  loadDictionary,
  type DictionaryFile,
  type DictionaryFiles,
  type LoadedDictionary,
} from './al3/dictionary/load.ts';
export type { ElementValue } from './al3/element-value.ts';
export type { SourceGroup } from './al3/group.ts';
export { readRecord, type GroupRecord } from './al3/group-record.ts';
export type { TreeNode } from './al3/transaction.ts';
export { shownText } from './al3/shown-text.ts';
export { STARTER_DICTIONARY } from './al3/dictionary/starter.ts';
export type { JsonOptions } from './al3/tree-json.ts';
export { documentText } from './al3/document-text.ts';
export { MARKS } from './al3/decompress.ts';
export { writeGroup, type Al3Layout } from './al3/write-al3.ts';
export { TransactionReader } from './al3/transaction-reader.ts';
export { openTransactionWriter } from './al3/transaction-writer.ts';
export type { DiagnosticFact } from './shapes/al3.ts';
