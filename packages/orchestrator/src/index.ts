export { plan, run } from './library.ts';
export type { LibraryOptions, PlanOptions, RunHandle } from './library.ts';
export type { AlreadyDone, RunEvent } from './events.ts';
export { processEdge, type OperationsEdge } from './operations/edge.ts';
export { operationsOn } from './operations/wired.ts';
export type {
  ArrayBackend,
  ArrayChild,
  ArrayCounts,
  ArrayJob,
  ArrayJobs,
  FailedChild,
  JobSize,
  PrintedLog,
} from './backend/array-backend.ts';
export type { Backend } from './backend/backend.ts';
export type { Finding } from './doctor/finding.ts';
export type { FailureCause } from './failure-cause.ts';
export type { ReadLogStream } from './cloudwatch/log-stream.ts';
export type {
  AttemptName,
  Cancellation,
  CheckupRequest,
  CheckupSummary,
  Hooks,
  LogLine,
  LogRequest,
  LogsSummary,
  Operations,
  PlanHooks,
  PlannedFile,
  PlanSummary,
  RunReference,
  RunResult,
  RunStatus,
  Verification,
} from './operations/operations.ts';
export { loadConfig } from './config/load.ts';
export type { Config, ConfigSources } from './config/load.ts';
export { createLog } from './log.ts';
export type { Log } from './log.ts';
export { startMetrics } from './metrics/server.ts';
export type { MetricsServer } from './metrics/server.ts';
export { reportPage } from './report/html.ts';
export { reportText } from './report/text.ts';
export { makeSample } from './sample/make.ts';
export type { BadPlace, SampleManifest } from './sample/manifest.ts';
export type { SampleRequest } from './sample/request.ts';
