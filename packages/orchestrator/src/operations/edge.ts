import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import {
  bucketFacts,
  forwardClock,
  storageOpener,
  type BucketFacts,
  type OpenStorage,
  type Spec,
  type Waiting,
} from '@winnow/core';
import type { ArrayJobs } from '../backend/array-backend.ts';
import type { BatchApi, BatchSetupApi } from '../backend/aws-batch/batch-api.ts';
import type { Backend } from '../backend/backend.ts';
import type { GetSecret, Variables } from '../hooks/reveal-secrets.ts';
import type { AccountApi } from '../doctor/account/account-api.ts';
import type { Machine } from '../doctor/machine.ts';
import type { ReadLogStream } from '../cloudwatch/log-stream.ts';
import { localBackend, processCount } from '../backend/local.ts';

/** Whether this process takes shards itself where they are anybody's (`backend: pull`), or only plans and watches. */
export interface TakingPart {
  readonly takesPart?: boolean | undefined;
  /** The job that this process is one of several containers of. */
  readonly opener?: string | undefined;
}

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
  readonly backend: (spec: Spec, part?: TakingPart) => Promise<Backend>;
  /** Jobs of AWS Batch that are there already. */
  readonly batchJobs: () => Promise<ArrayJobs>;
  /** Where a service keeps what containers print. */
  readonly logStreams: () => Promise<ReadLogStream>;
  /** Of this process: hooks inherit it, and it says where their secrets are. */
  readonly environment: Variables;
  readonly getSecret: GetSecret;
  /** How many worker processes of this size run at once. */
  readonly processes: (spec: Pick<Spec, 'concurrency'>, memoryMiB: number) => number;
  /** What this process runs on. */
  readonly machine: () => Machine;
  /** AWS Batch, to look at how it is set up. */
  readonly batchSetup: () => Promise<BatchApi & BatchSetupApi>;
  /** The account around it, to look at. */
  readonly account: () => Promise<AccountApi>;
  /** How the bucket of an `s3://` URI is set up. */
  readonly bucketFacts: (uri: string) => Promise<BucketFacts>;
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
  const processesOf: OperationsEdge['processes'] = ({ concurrency }, memoryMiB) =>
    processCount({ concurrency, availableMiB }, memoryMiB, availableParallelism());
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
    backend: async (spec, { takesPart = false } = {}) => {
      if (spec.backend === 'aws-batch') return (await loadBatch()).openProcessBatch(spec, waiting);
      const processes = localBackend({
        concurrency: spec.concurrency,
        availableMiB,
        stopSeconds: STOP_SECONDS,
        environment,
        progressMs: PROGRESS_MS,
      });
      if (spec.backend !== 'pull') return processes;
      const slots = takesPart ? processesOf(spec, spec.memory) : 0;
      return { kind: 'claims', name: 'pull', processes, slots, availableMiB };
    },
    batchJobs: async () => (await loadBatch()).processBatchJobs(waiting),
    logStreams: async () => (await import('../cloudwatch/log-stream.ts')).cloudWatchLogs(),
    environment,
    getSecret: async (arn) => (await import('../hooks/secrets-manager.ts')).readSecret(arn),
    processes: processesOf,
    machine: () => ({
      nodeVersion: process.versions.node,
      hasZstd: typeof zstdCompressSync === 'function',
      availableMiB,
    }),
    batchSetup: async () => (await loadBatch()).processBatchSetup(waiting),
    account: async () => (await import('../doctor/account/sdk-account-api.ts')).sdkAccountApi(),
    bucketFacts: (uri) => bucketFacts(uri, environment),
  };
}
