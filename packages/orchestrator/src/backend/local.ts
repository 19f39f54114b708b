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

type EndedEvent = Extract<BackendEvent, { kind: 'ended' }>;

/** Something is wrong with the run or this machine, or the run was cancelled. */
const HOLDS_FOR_ALL: readonly (number | null)[] = [WORKER_EXIT.configuration, WORKER_EXIT.cancelled];

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

  // The first shard that ended for a reason that holds for every one: no more processes are started.
  let forAll: EndedEvent | undefined;
  const tell = (event: BackendEvent): void => {
    if (event.kind === 'ended' && HOLDS_FOR_ALL.includes(event.exitCode)) forAll ??= event;
    queue.push(event);
  };

  const work = async (): Promise<void> => {
    while (waiting.length > 0 && !signal.aborted && forAll === undefined) {
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
    for (const shard of waiting) queue.push(neverStarted(shard, forAll));
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

function neverStarted(shard: number, forAll: EndedEvent | undefined): BackendEvent {
  if (forAll !== undefined) return { ...forAll, shard };
  return { kind: 'ended', shard, exitCode: WORKER_EXIT.again, signal: null, message: 'not started' };
}
