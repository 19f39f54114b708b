import { availableParallelism } from 'node:os';
import { WORKER_EXIT } from '@winnow/core';
import type { BackendEvent, ProcessBackend, ProcessJob } from './process-backend.ts';
import { EventQueue } from './event-queue.ts';
import { takeShards } from './take-shards.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

export interface LocalBackendOptions {
  /** Processes at once; 0 = as many as there are cores. */
  readonly concurrency: number;
  /** Memory that all processes together may use. */
  readonly availableMiB: number;
  /** How long after SIGTERM until SIGKILL. */
  readonly stopSeconds: number;
  /** What the workers inherit. */
  readonly environment: NodeJS.ProcessEnv;
  /** How often a worker tells its progress. */
  readonly progressMs: number;
}

/** How many processes of this size run at once: never none, and never more than fit into memory. */
export function processCount(
  options: Pick<LocalBackendOptions, 'concurrency' | 'availableMiB'>,
  memoryMiB: number,
  cores: number = availableParallelism(),
): number {
  const wanted = options.concurrency > 0 ? options.concurrency : cores;
  return Math.max(1, Math.min(wanted, Math.floor(options.availableMiB / memoryMiB)));
}

/** Runs shards as processes on this machine. A process does several consecutive shards in turn. */
export function localBackend(options: LocalBackendOptions): ProcessBackend {
  return {
    kind: 'processes',
    name: 'local',
    submit: (job, signal) => runJob(options, job, signal),
  };
}

async function* runJob(
  options: LocalBackendOptions,
  job: ProcessJob,
  signal: AbortSignal,
): AsyncGenerator<BackendEvent> {
  const queue = new EventQueue<BackendEvent>();
  const waiting = [...job.shards];
  const processes = new Set<WorkerProcess>();
  const slots = Math.min(processCount(options, job.memoryMiB), waiting.length);
  const stop = (): void => processes.forEach((worker) => worker.stop(options.stopSeconds));
  signal.addEventListener('abort', stop);

  // What is wrong with the run or this machine is so for every shard: no more processes are started for it.
  let misconfigured: string | undefined;
  const tell = (event: BackendEvent): void => {
    if (event.kind === 'ended' && event.exitCode === WORKER_EXIT.configuration) misconfigured = event.message;
    queue.push(event);
  };

  const work = async (): Promise<void> => {
    while (waiting.length > 0 && !signal.aborted && misconfigured === undefined) {
      const shards = takeShards(waiting, slots);
      const worker = startWorker(options, job, shards, tell);
      processes.add(worker);
      const unstarted = await worker.ended;
      processes.delete(worker);
      // Shards that the process did not come to are nobody's failure: back to where they were.
      waiting.unshift(...unstarted);
    }
  };
  const all = Promise.all(Array.from({ length: slots }, work)).finally(() => {
    for (const shard of waiting) queue.push(neverStarted(shard, misconfigured));
    queue.end();
  });
  try {
    yield* queue;
    await all;
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    await all;
  }
}

function neverStarted(shard: number, misconfigured: string | undefined): BackendEvent {
  const exitCode = misconfigured === undefined ? WORKER_EXIT.again : WORKER_EXIT.configuration;
  return { kind: 'ended', shard, exitCode, signal: null, message: misconfigured ?? 'not started' };
}
