export { closeRun } from './commit/close.ts';
export type { CloseContext } from './commit/close.ts';
export { laterOutcome, readInputs } from './commit/close-inputs.ts';
export { commitSubUnit, readReceipt } from './commit/commit-sub-unit.ts';
export type { CommitResult, PendingFile, SubUnitResult } from './commit/commit-sub-unit.ts';
export { compareReceipts, receiptText, refusalSuffix } from './commit/compare-receipts.ts';
export type { ReceiptComparison } from './commit/compare-receipts.ts';
export { digestOf, storedDigest } from './commit/digest.ts';
export type { Digest } from './commit/digest.ts';
export type { Finding } from './commit/finding.ts';
export {
  assertEngine,
  decideRun,
  generationFacts,
  highestGeneration,
  nextStep,
  readGeneration,
  readSuccess,
} from './commit/generations.ts';
export type {
  Command,
  DecideOptions,
  Decision,
  GenerationFacts,
  NewInputs,
  NextStep,
} from './commit/generations.ts';
export { createBytes, createExactly, createJson, jsonBytes, readAll, readJson } from './commit/objects.ts';
export { SHARE_JUDGED_AFTER_RECORDS, judgeQuarantine } from './commit/quarantine-limit.ts';
export type { QuarantineLimit } from './commit/quarantine-limit.ts';
export { makeReport, runState } from './commit/report.ts';
export type { ReportFacts, ReportLists } from './commit/report.ts';
export {
  MAX_UNITS,
  UNITS_PER_PLAN_OBJECT,
  createRun,
  planSha,
  plannedBytes,
  readRun,
  readUnits,
  writePlan,
} from './commit/run-file.ts';
export { groupShards, shardCount, shardUnits, submittedShards } from './commit/shards.ts';
export {
  createSubmission,
  highestStop,
  isStopped,
  nextSubmission,
  readIntent,
  readIntents,
  readOutcome,
  requestStop,
  submissionNumbers,
  writeOutcome,
} from './commit/submissions.ts';
export { beginWriting, previousRunId } from './commit/success.ts';
export type { RunIdentity } from './commit/success.ts';
export { sweepClosed } from './commit/sweep.ts';
export type { TextCodec, TextSink, TextWriter } from './commit/text-codec.ts';
export { verifyRun } from './commit/verify.ts';
export type { ObjectCheck } from './commit/verify-objects.ts';
export { receiptProblems, unitProblems } from './ledger/balance.ts';
export type { LedgerProblem } from './ledger/balance.ts';
export { committedUnits, unitProgress } from './ledger/committed-units.ts';
export type { CommittedUnits, UnitProgress } from './ledger/committed-units.ts';
export { ledgerEntries } from './ledger/entries.ts';
export type { LedgerEntry } from './ledger/entries.ts';
export { compareKeys } from './ledger/key-order.ts';
export { ledgerReceipts, storedReceipts } from './ledger/receipts.ts';
export { Ledger, isBalanced, isComplete } from './ledger/sums.ts';
export type { LedgerSums } from './ledger/sums.ts';
