import type { Report } from '@winnow/core';

/** What was committed before this command began: a resumed run starts there. */
export interface AlreadyDone {
  readonly units: number;
  readonly records: number;
  /** Bytes. */
  readonly decoded: number;
}

/** A sub-unit has its receipt. */
export interface CommittedEvent {
  readonly kind: 'committed';
  readonly shard: number;
  readonly unit: number;
  readonly sub: number;
  /** The last sub-unit of its unit. */
  readonly last: boolean;
  readonly records: number;
  readonly quarantined: number;
  /** Bytes of the sub-unit, decoded. */
  readonly decoded: number;
  /** The key that drifted in the most of its records. */
  readonly drift?: { readonly key: string; readonly records: number } | undefined;
}

/** A worker process came to `percent` of the memory that it may use: told once for 80 and once for 90. */
export interface MemoryHighEvent {
  readonly kind: 'memory-high';
  readonly shard: number;
  /** That it worked on. */
  readonly unit: number;
  readonly percent: number;
  readonly memoryMiB: number;
  readonly limitMiB: number;
}

/**
 * What happens in a run, in order, for progress, metrics and the library's users. The ledger alone tells what is done;
 * events only show it early.
 *
 * A shard's attempts follow each other: `shard-started`, any number of `progress` and `committed`, then `shard-done` or
 * `shard-failed` (`again`: it will be tried once more).
 */
export type RunEvent =
  /** The source is being listed and sampled. */
  | { readonly kind: 'planning' }
  | {
      readonly kind: 'planned';
      readonly runId: string;
      /** URI of the run directory. */
      readonly directory: string;
      readonly units: number;
      readonly shards: number;
      readonly inputs: number;
      /** Stored bytes. */
      readonly bytes: number;
      /** Estimated decoded bytes. */
      readonly decoded: number;
      readonly already: AlreadyDone;
    }
  | { readonly kind: 'shard-started'; readonly shard: number }
  | {
      readonly kind: 'progress';
      readonly shard: number;
      /** Read by this attempt since it started, committed or not. */
      readonly records: number;
      readonly decodedBytes: number;
      /** Resident memory of the worker process now, and what it may use. */
      readonly memoryBytes: number;
      readonly memoryLimitBytes: number;
    }
  | MemoryHighEvent
  | CommittedEvent
  | { readonly kind: 'shard-done'; readonly shard: number }
  | {
      readonly kind: 'shard-failed';
      readonly shard: number;
      readonly cause: string;
      readonly message: string;
      readonly again: boolean;
    }
  /** How far the arrays of a service are together. `decoded`: estimated bytes of theirs that no `committed` has told yet. */
  | {
      readonly kind: 'arrays';
      readonly arrays: number;
      /** Shards that have not begun. */
      readonly waiting: number;
      readonly running: number;
      readonly succeeded: number;
      readonly failed: number;
      readonly decoded: number;
    }
  /** Over all attempts of the run, when it is closed: how many took so many seconds, and had so much memory at most. */
  | {
      readonly kind: 'attempts';
      readonly seconds: ReadonlyMap<number, number>;
      readonly peakMemoryMiB: ReadonlyMap<number, number>;
    }
  /** This command ends, so many jobs go on elsewhere. */
  | { readonly kind: 'detached'; readonly jobs: number }
  /** The spec's retention let the working objects of these runs go, which ended more than so many milliseconds ago. */
  | {
      readonly kind: 'cleared';
      readonly runs: readonly string[];
      readonly objects: number;
      readonly bytes: number;
      readonly retention: number;
    }
  /** Something to know that stops nothing: a sentence for people. */
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'done'; readonly report: Report };
