import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { storageOpener, type OpenStorage, type Spec } from '@winnow/core';
import { localBackend, processCount } from '../backend/local.ts';
import type { Backend } from '../backend/backend.ts';

/** What operations need of the process they are in: everything else comes as arguments. */
export interface OperationsEdge {
  readonly now: () => Date;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Folders of this machine, and buckets. */
  readonly openStorage: OpenStorage;
  readonly backend: (spec: Spec) => Backend;
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
  return {
    now: () => new Date(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    openStorage: storageOpener(environment),
    backend: ({ concurrency }) =>
      localBackend({
        concurrency,
        availableMiB,
        stopSeconds: STOP_SECONDS,
        environment,
        progressMs: PROGRESS_MS,
      }),
    processes: ({ concurrency }, memoryMiB) =>
      processCount({ concurrency, availableMiB }, memoryMiB, availableParallelism()),
  };
}
