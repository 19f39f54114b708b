import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { forwardClock, storageOpener, type OpenStorage, type Spec, type Waiting } from '@winnow/core';
import type { ArrayJobs } from '../backend/array-backend.ts';
import type { Backend } from '../backend/backend.ts';
import type { ReadLogStream } from '../cloudwatch/log-stream.ts';
import { localBackend, processCount } from '../backend/local.ts';

/** What operations need of the process they are in: everything else comes as arguments. */
export interface OperationsEdge {
  /** Never goes back. */
  readonly now: () => Date;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Folders of this machine, and buckets. */
  readonly openStorage: OpenStorage;
  /** @throws ConfigurationError where it cannot be had: nothing was started */
  readonly backend: (spec: Spec) => Promise<Backend>;
  /** Jobs of AWS Batch that are there already. */
  readonly batchJobs: () => Promise<ArrayJobs>;
  /** Where a service keeps what containers print. */
  readonly logStreams: () => Promise<ReadLogStream>;
  /** How many worker processes of this size run at once. */
  readonly processes: (spec: Spec, memoryMiB: number) => number;
}

const MIB = 2 ** 20;
/** Left to the system and the orchestrator. */
const SHARE_FOR_WORKERS = 0.9;
const STOP_SECONDS = 30;
const PROGRESS_MS = 500;

/** The edge of this very process. */
export function processEdge(): OperationsEdge {
  const availableMiB = Math.floor((process.availableMemory() * SHARE_FOR_WORKERS) / MIB);
  const environment = process.env;
  const waiting: Waiting = {
    sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
    random: Math.random,
  };
  // Loaded where a run asks for it: a run on this machine needs none of it.
  const loadBatch = () => import('../backend/aws-batch/process-batch.ts');
  return {
    now: forwardClock(
      () => Date.now(),
      () => performance.now(),
    ),
    sleep: waiting.sleep,
    random: waiting.random,
    openStorage: storageOpener(environment),
    backend: async (spec) => {
      if (spec.backend === 'aws-batch') return (await loadBatch()).openProcessBatch(spec, waiting);
      return localBackend({
        concurrency: spec.concurrency,
        availableMiB,
        stopSeconds: STOP_SECONDS,
        environment,
        progressMs: PROGRESS_MS,
      });
    },
    batchJobs: async () => (await loadBatch()).processBatchJobs(waiting),
    logStreams: async () => (await import('../cloudwatch/log-stream.ts')).cloudWatchLogs(),
    processes: ({ concurrency }, memoryMiB) =>
      processCount({ concurrency, availableMiB }, memoryMiB, availableParallelism()),
  };
}
