import type { CommittedEvent, MemoryHighEvent } from '../events.ts';

/** Shards of a submission whose intent stands in the run directory. */
export interface ProcessJob {
  readonly submission: number;
  /** URI of the run directory: all that a worker gets to know. */
  readonly runUri: string;
  /** Ascending. */
  readonly shards: readonly number[];
  /** What each process may use. */
  readonly memoryMiB: number;
}

/**
 * How an attempt at a shard ended, as far as the place where it ran can tell. Receipts decide what is done, attempt
 * records say why it failed; this is for when there is neither.
 */
export type BackendEvent =
  /** A word of a worker, for the log. */
  | { readonly kind: 'log'; readonly message: string }
  | { readonly kind: 'started'; readonly shard: number }
  /** Read by this attempt so far, committed or not. */
  | {
      readonly kind: 'progress';
      readonly shard: number;
      readonly records: number;
      readonly decoded: number;
      readonly memoryBytes: number;
    }
  | MemoryHighEvent
  | CommittedEvent
  | {
      readonly kind: 'ended';
      readonly shard: number;
      readonly exitCode: number | null;
      readonly signal: string | null;
      /** One line: what the system or the worker said last. */
      readonly message: string;
    };

/**
 * A place that runs shards as processes and tells of each what happens.
 *
 * `submit` starts the shards and yields what happens until each of them has ended exactly once; a shard that never
 * started because of `signal` has ended with exit code 75. When `signal` aborts, the backend sees to it that what it
 * started ends, then returns.
 */
export interface ProcessBackend {
  readonly kind: 'processes';
  readonly name: 'local';
  submit(job: ProcessJob, signal: AbortSignal): AsyncIterable<BackendEvent>;
}
