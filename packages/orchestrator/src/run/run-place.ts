import type { Intent, LedgerNow, RunFile, ShardSegment, ShardTolerance, Storage } from '@winnow/core';
import type { Backend } from '../backend/backend.ts';
import type { RunEvent } from '../events.ts';
import type { Log } from '../log.ts';
import type { FailedAttempt } from './budget.ts';
import type { FailedShards } from './failed-shards.ts';

/** A run that is worked off, and what all of its submissions share. */
export interface RunPlace<B extends Backend = Backend> {
  readonly run: RunFile;
  readonly output: Storage;
  readonly grouping: readonly ShardSegment[];
  /** As it stood when this command began. */
  readonly ledger: LedgerNow;
  readonly settings: Intent['settings'];
  /** Shards that may be given up before the run is; undefined = any. */
  readonly tolerate: ShardTolerance | undefined;
  readonly backend: B;
  readonly now: () => Date;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly tell: (event: RunEvent) => void;
  readonly log: Log;
  /** By shard, over all submissions of this command. */
  readonly history: Map<number, FailedAttempt[]>;
}

/** A shard that is to be done, and what a process for it may use. */
export interface WaitingShard {
  readonly shard: number;
  readonly memoryMiB: number;
  /** It may begin from then on, in ms since 1970; absent = now. */
  readonly readyAtMs?: number;
}

/** A shard that was given up. */
export interface FailedShard {
  readonly shard: number;
  readonly cause: string;
  readonly message: string;
}

/** How the work on a run ended. */
export interface WorkDone {
  readonly failed: FailedShards;
  /** By `winnow cancel`. */
  readonly cancelled: boolean;
  /** Why the run was given up before every shard was tried; undefined where it was not. */
  readonly gaveUp?: string;
  /** Another process saw the end first: it closes the run. */
  readonly closedElsewhere?: true;
}
