import type { Architecture, Capacity, IntendedJob } from '@winnow/core';
import type { FailureCause } from '../failure-cause.ts';

/** A submission on its way to a service that runs arrays: its intent stands in the run directory. */
export interface ArrayJob {
  readonly runId: string;
  readonly submission: number;
  /** URI of the run directory. */
  readonly runUri: string;
  /** Consecutive ones, or those of a list object. */
  readonly shards:
    { readonly first: number; readonly count: number } | { readonly list: string; readonly count: number };
  readonly intended: IntendedJob;
}

/** How many children of an array are in which state. A plain job is an array of one. */
export interface ArrayCounts {
  readonly size: number;
  /** Not started; `runnable` of them only want a place. */
  readonly waiting: number;
  readonly runnable: number;
  /** Starting or running. */
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  /** No child will change any more. */
  readonly ended: boolean;
  /** What the service says of the whole. */
  readonly reason: string;
}

/** A child that failed for good, as far as the service tells. */
export interface FailedChild {
  /** In the array; 0 for a plain job. */
  readonly index: number;
  readonly exitCode: number | null;
  /** In the service's words, a line. */
  readonly message: string;
  /** What these words mean, where they mean something. */
  readonly said: FailureCause | undefined;
  /** How long each attempt ran, in their order; 0 where the service does not say. */
  readonly attemptSeconds: readonly number[];
}

/** A child of a job that is there already. */
export interface ArrayChild {
  readonly jobId: string;
  /** In the array; 0 for a plain job. */
  readonly index: number;
  /** Of the array; 1 is a plain job. */
  readonly size: number;
}

/** What an attempt printed, as far as the service has kept it. */
export interface PrintedLog {
  /** As the service numbers them. */
  readonly attempt: string;
  readonly lines: AsyncIterable<string>;
}

/** What a container has. */
export interface JobSize {
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/** How a container is billed, as far as it is known. */
export interface Billed {
  readonly capacity?: Capacity | undefined;
  readonly architecture?: Architecture | undefined;
}

/** What can be done with jobs that are there already: it needs no queue and no definition. */
export interface ArrayJobs {
  /** The job of a submission whose id was never written down; undefined where the service knows none. */
  find(job: Pick<ArrayJob, 'runUri' | 'submission' | 'intended'>): Promise<string | undefined>;
  /** A job that is missing in the answer is unknown, not gone. */
  poll(jobIds: readonly string[]): Promise<ReadonlyMap<string, ArrayCounts>>;
  /** Children that failed for good. */
  failures(jobId: string, counts: ArrayCounts): AsyncIterable<FailedChild>;
  /** What the attempts at a child printed, the last one last. */
  printed(child: ArrayChild): Promise<readonly PrintedLog[]>;
  /** Ends children that wait, which then count as `withdrawn`; those that run go on. */
  withdraw(jobIds: readonly string[]): Promise<void>;
  /** Ends all children, which then count as `cancelled`. */
  terminate(jobIds: readonly string[]): Promise<void>;
}

/**
 * A service that runs the shards of a submission as the children of one array, elsewhere and on its own: AWS Batch here;
 * an Indexed Job of Kubernetes has the same duties.
 */
export interface ArrayBackend extends ArrayJobs {
  readonly kind: 'arrays';
  readonly name: 'aws-batch';
  /** Most shards that one submission can have. */
  readonly maxShards: number;
  /**
   * What a job for processes of so much memory gets: the smallest that is enough.
   *
   * @throws ConfigurationError where there is none
   */
  sizeOf(memoryMiB: number): JobSize;
  /** How containers are billed: on the queue, or on the other one. */
  billed(fallback: boolean): Billed;
  /** The job that a submission is to become: written down before {@link submit}. */
  intend(facts: {
    readonly runUri: string;
    readonly runId: string;
    readonly submission: number;
    readonly memoryMiB: number;
    readonly fallback: boolean;
  }): IntendedJob;
  /**
   * Submits, or finds that it was submitted before: gives the job's id. Where a reply is lost the service is asked for
   * the name until it is known.
   */
  submit(job: ArrayJob, signal: AbortSignal): Promise<string>;
}
