import type {
  Attempt,
  Clearability,
  Intention,
  QuarantinedRecord,
  RefusalReason,
  Report,
  RunFile,
  SchemaInspection,
  Spec,
  WorkingKind,
} from '@winnow/core';
import type { CheckupSpec } from '../doctor/checkup-spec.ts';
import type { Finding } from '../doctor/finding.ts';
import type { RunEvent } from '../events.ts';
import type { TakingPart } from './edge.ts';
import type { Log } from '../log.ts';
import type { Al3Manifest } from '../sample/al3/make.ts';
import type { Al3SampleRequest } from '../sample/al3/request.ts';
import type { SampleManifest } from '../sample/manifest.ts';
import type { SampleRequest } from '../sample/request.ts';

/** What an operation is given besides its subject. */
export interface Hooks {
  /** Absolute: relative paths in a spec and in a run reference start here. */
  readonly cwd: string;
  readonly onEvent: (event: RunEvent) => void;
  /**
   * Aborted by Ctrl-C or SIGTERM: stop at the next border and leave everything resumable. An operation that was cut
   * short rejects (with whatever it likes): the command then exits with 130 or 143.
   */
  readonly signal: AbortSignal;
  readonly log: Log;
}

export interface RunHooks extends Hooks, TakingPart {
  /** What to do with what the output holds; default `resume`. */
  readonly intention?: Intention | undefined;
}

export interface RedriveHooks extends Hooks {
  /** A file of mended records: lines with `input`, `offset` and `raw`. */
  readonly mendedFile?: string | undefined;
}

/** A run by the folder it writes to; without `runId` the latest in it. */
export interface RunReference {
  readonly output: string;
  readonly runId?: string;
}

/** How a run ended. */
export type RunResult =
  | { readonly kind: 'ran'; readonly report: Report }
  /** Finished before, and no inputs are new. */
  | {
      readonly kind: 'nothing-to-do';
      readonly runId: string;
      /** Inputs that changed since they were written, up to 1,000 of them: what was written stays. */
      readonly changed: readonly string[];
    };

/** One input as a dry run shows it. */
export interface PlannedFile {
  readonly input: string;
  /** Stored. */
  readonly bytes: number;
  /** Estimated. */
  readonly decoded: number;
  readonly firstUnit: number;
  readonly units: number;
  readonly refused?: RefusalReason;
}

export interface PlanHooks extends Hooks {
  /** Called for each input in order; the next one waits for it. */
  readonly onInput: (file: PlannedFile) => void | Promise<void>;
}

/** What a run would do. */
export interface PlanSummary {
  readonly specHash: string;
  readonly inputs: number;
  readonly refused: number;
  readonly units: number;
  readonly shards: number;
  /** Stored. */
  readonly bytes: number;
  /** Estimated. */
  readonly decoded: number;
  readonly unitBytes: number;
  /** Largest of the memory classes. */
  readonly memoryMiB: number;
  /** Processes that would run at once on this machine. */
  readonly concurrency: number;
  /** What a container would have, where the backend is AWS Batch on Fargate. */
  readonly container?: { readonly vcpus: number; readonly memoryMiB: number };
  /** What it is estimated to take there, on x86: minutes where all containers, or `--max-running` of them, find a place. */
  readonly cost?: {
    readonly minutes: number;
    /** US dollars, by what the queue has. */
    readonly usd: { readonly spot: number; readonly onDemand: number };
    readonly prices: NonNullable<Report['cost']['prices']>;
  };
  /** What to know before it is run, a sentence each: units that `--memory` is too little for. */
  readonly warnings: readonly string[];
  readonly columns: RunFile['frozen']['columns'];
}

/** Where a run stands, from its receipts. */
export interface RunStatus {
  readonly runId: string;
  readonly state: 'planned' | 'unfinished' | Report['state'];
  readonly units: { readonly total: number; readonly committed: number };
  readonly records: Report['records'];
  readonly bytes: {
    readonly planned: number;
    readonly read: number;
    readonly refused: number;
    readonly written: number;
  };
  readonly submissions: number;
  /** When `winnow gc` removed its working objects: its submissions are not known any more. */
  readonly clearedAt?: string;
}

/** What `verify` proved from the files alone. */
export interface Verification {
  readonly runId: string;
  readonly receipts: number;
  readonly parts: number;
  readonly rows: number;
  readonly bytes: number;
  /** A sentence each; none = everything is as the receipts say. */
  readonly problems: readonly string[];
  /** When `winnow gc` removed plan and receipts: the rest is held against the compacted ledger then. */
  readonly clearedAt?: string;
}

/** What `inspect quarantine` looks at. */
export interface QuarantineRequest {
  /** Without a run: all records that still wait in the output. */
  readonly run: RunReference;
  /** Those of this reason, of this input only. */
  readonly reason?: string | undefined;
  readonly input?: string | undefined;
  /** Called for each record in order; the next one waits for it. */
  readonly onRecord: (found: QuarantinedRecord) => void | Promise<void>;
  /** Called with a sentence that people are to read beside the records: an object is damaged, units are still to come. */
  readonly onNotice: (sentence: string) => void;
}

export interface QuarantineSummary {
  readonly runs: readonly string[];
  readonly records: number;
  /** Quarantine objects that could not be read to their end. */
  readonly damaged: readonly string[];
}

/** Which attempt it is: the `attempt`th of a submission at a shard. */
export type AttemptName = Pick<Attempt, 'shard' | 'submission' | 'attempt'>;

/** A line of an attempt's log. */
export interface LogLine {
  readonly attempt: AttemptName;
  /** The run directory has all; a service a few lines, as long as it keeps them. */
  readonly source: 'run-directory' | 'service';
  /** As it was written: JSON, or what a library or the system printed. */
  readonly text: string;
}

export interface LogRequest {
  readonly run: RunReference;
  /** All where it is left out. */
  readonly shard?: number | undefined;
  /** Called for each line in order; the next one waits for it. */
  readonly onLine: (line: LogLine) => void | Promise<void>;
}

export interface LogsSummary {
  readonly runId: string;
  readonly attempts: number;
  readonly lines: number;
  /** Attempts of which nothing is left, and shards that no attempt is known of. */
  readonly silent: number;
  /** When `winnow gc` removed what there was. */
  readonly clearedAt?: string;
}

/** What `cancel` ended. */
export interface Cancellation {
  readonly runId: string;
  /** The highest submission that was stopped; undefined where nothing was ever submitted. */
  readonly submission: number | undefined;
  /** Jobs of a service that were ended. */
  readonly jobs: number;
  /** All of it was done before: there was nothing to end. */
  readonly complete: boolean;
}

/** Whose shards a worker takes. */
export interface PullRequest {
  /** Without a run: every run of the output that lets anybody take its shards. */
  readonly run: RunReference;
  /** Processes at once; absent = as many as cores and memory allow. */
  readonly concurrency?: number | undefined;
}

/** Which runs `gc` is for. */
export interface GcRequest {
  readonly output: string;
  /** How long ago a run must have ended. */
  readonly olderThanMs: number;
  /** Only tells what would go where it is false. */
  readonly remove: boolean;
}

/** What went of a run, or would go. */
export interface ClearedRun {
  readonly runId: string;
  readonly objects: number;
  readonly bytes: number;
  readonly kinds: readonly { readonly kind: WorkingKind; readonly objects: number; readonly bytes: number }[];
}

/** A run that `gc` leaves as it is. */
export interface KeptRun {
  readonly runId: string;
  readonly reason: Exclude<Clearability['state'], 'clearable'>;
  readonly detail?: string;
}

export interface GcSummary {
  /** Whether it was done, or only told. */
  readonly removed: boolean;
  /** Those that had anything to remove. */
  readonly runs: readonly ClearedRun[];
  readonly kept: readonly KeptRun[];
}

/** What `inspect schema` looks at. */
export interface InspectSchemaRequest {
  /** Its source is sampled; its schema, where it has one, is held against the sample. */
  readonly spec: Spec;
  /** How many inputs are sampled at most. */
  readonly sampledInputs: number;
}

/** One input to look at. */
export interface ReadInputRequest {
  /** A file, or what names one only. */
  readonly source: string;
  /** Called once with its decoded bytes. */
  readonly read: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** What `doctor` looks at. */
export interface CheckupRequest {
  readonly spec: CheckupSpec;
  /** Called with each finding as it is made; the next look waits for it. */
  readonly onFinding: (finding: Finding) => void | Promise<void>;
}

export interface CheckupSummary {
  /** How many findings would keep a run from its end. */
  readonly failed: number;
  readonly findings: readonly Finding[];
}

/** Everything the commands do. Failures are `WinnowError`s; a `ConfigurationError` means that nothing was started. */
export interface Operations {
  run(spec: Spec, hooks: RunHooks): Promise<RunResult>;
  /** Does the quarantined records again. */
  redrive(spec: Spec, hooks: RedriveHooks): Promise<RunResult>;
  /** Takes shards of a run, with whoever else does, and tells how it ended. */
  pull(request: PullRequest, hooks: Hooks): Promise<Report>;
  plan(spec: Spec, hooks: PlanHooks): Promise<PlanSummary>;
  /** The latest run of an output that came as far as a plan. */
  latestPlanned(output: string, hooks: Hooks): Promise<RunFile>;
  status(run: RunReference, hooks: Hooks): Promise<RunStatus>;
  /** Follows a run that goes on elsewhere until it ends. */
  watch(run: RunReference, hooks: Hooks): Promise<Report>;
  report(run: RunReference, hooks: Hooks): Promise<Report>;
  /** Ends what works on a run; the same command as before goes on with it. */
  cancel(run: RunReference, hooks: Hooks): Promise<Cancellation>;
  logs(request: LogRequest, hooks: Hooks): Promise<LogsSummary>;
  verify(run: RunReference, hooks: Hooks): Promise<Verification>;
  inspectQuarantine(request: QuarantineRequest, hooks: Hooks): Promise<QuarantineSummary>;
  /** Removes what finished runs need no more. */
  gc(request: GcRequest, hooks: Hooks): Promise<GcSummary>;
  inspectSchema(request: InspectSchemaRequest, hooks: Hooks): Promise<SchemaInspection>;
  /** Reads one input for whoever looks at it. */
  readInput(request: ReadInputRequest, hooks: Hooks): Promise<void>;
  /** Looks at everything that a run of the spec would need, and starts none. */
  doctor(request: CheckupRequest, hooks: Hooks): Promise<CheckupSummary>;
  sample(request: SampleRequest, hooks: Hooks): Promise<SampleManifest>;
  sampleAl3(request: Al3SampleRequest, hooks: Hooks): Promise<Al3Manifest>;
}
