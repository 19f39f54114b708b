import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { workerEvent, type WorkerEvent } from '@winnow/core';
import type { BackendEvent, ProcessJob } from './process-backend.ts';

/**
 * MiB of each half of the young generation. The engine's own choice follows the machine's memory, not the process's
 * limit: garbage of a million small bad records took 130 MiB more.
 */
const NODE_FLAGS = ['--max-semi-space-size=16'];

const STDERR_LINES_KEPT = 5;
/** How Node begins the line that says why it aborts; a stack of addresses follows. */
const FATAL = 'FATAL ERROR: ';

export interface WorkerProcess {
  /** Asks it to end; kills it when it has not after so long. Harmless when repeated or after its end. */
  stop(graceSeconds: number): void;
  /** Resolves when it has ended and every shard that it started was told as ended: with those it did not start. */
  readonly ended: Promise<number[]>;
}

interface StartOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly progressMs: number;
  readonly stopSeconds: number;
}

/** Starts the worker of this package's release for consecutive shards, told by environment variables only. */
export function startWorker(
  options: StartOptions,
  job: ProcessJob,
  shards: readonly number[],
  tell: (event: BackendEvent) => void,
): WorkerProcess {
  const program = fileURLToPath(import.meta.resolve('@winnow/worker/main'));
  const child = spawn(process.execPath, [...NODE_FLAGS, program], {
    env: { ...options.environment, ...workerEnvironment(options, job, shards) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C in a terminal reaches the orchestrator only, which then asks its workers to end.
    detached: true,
  });
  let killTimer: NodeJS.Timeout | undefined;
  return {
    stop: (graceSeconds) => {
      if (killTimer !== undefined || hasEnded(child)) return;
      child.kill('SIGTERM');
      killTimer = setTimeout(() => child.kill('SIGKILL'), graceSeconds * 1000);
    },
    ended: watch(child, shards, tell).finally(() => clearTimeout(killTimer)),
  };
}

function workerEnvironment(
  options: StartOptions,
  job: ProcessJob,
  shards: readonly number[],
): Record<string, string> {
  return {
    WINNOW_RUN: job.runUri,
    WINNOW_SUBMISSION: String(job.submission),
    WINNOW_SHARD_BASE: String(shards[0] ?? 0),
    WINNOW_SHARD_COUNT: String(shards.length),
    WINNOW_MEMORY: `${job.memoryMiB}MiB`,
    WINNOW_STOP_SECONDS: String(options.stopSeconds),
    WINNOW_PROGRESS_MS: String(options.progressMs),
    // Cut what a parent job of this machine may have left: the index is ours to give.
    AWS_BATCH_JOB_ARRAY_INDEX: '',
    JOB_COMPLETION_INDEX: '',
  };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function watch(
  child: ChildProcess,
  shards: readonly number[],
  tell: (event: BackendEvent) => void,
): Promise<number[]> {
  const unstarted = new Set(shards);
  let current: number | undefined;
  const take = (event: WorkerEvent): void => {
    if (event.event === 'shard-started') {
      unstarted.delete(event.shard);
      current = event.shard;
      tell({ kind: 'started', shard: event.shard });
    } else if (event.event === 'shard-ended') {
      current = undefined;
      tell({
        kind: 'ended',
        shard: event.shard,
        exitCode: event.exitCode,
        signal: null,
        message: event.message,
      });
    } else {
      tell(backendEventOf(event));
    }
  };
  const [ending, lastWords] = await Promise.all([
    waitForEnd(child),
    readLastLines(child),
    readEvents(child, take),
  ]);
  // A process that died on its way to its first shard is a failure of that shard: else it would be tried for ever.
  if (current === undefined && unstarted.size === shards.length) {
    current = shards[0];
    unstarted.delete(current ?? 0);
  }
  if (current !== undefined)
    tell({ kind: 'ended', shard: current, ...ending, message: lastWords || ending.message });
  return [...unstarted];
}

function backendEventOf(
  event: Exclude<WorkerEvent, { event: 'shard-started' | 'shard-ended' }>,
): BackendEvent {
  switch (event.event) {
    case 'log':
      return { kind: 'log', message: event.message };
    case 'progress': {
      const { event: kind, ...facts } = event;
      return { kind, ...facts };
    }
    case 'memory-high': {
      const { event: kind, ...facts } = event;
      return { kind, ...facts };
    }
    case 'committed': {
      const { event: kind, ...facts } = event;
      return { kind, ...facts };
    }
  }
}

interface Ending {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly message: string;
}

function waitForEnd(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ exitCode: null, signal: null, message: `cannot start: ${error.message}` }),
    );
    child.once('close', (exitCode, signal) => {
      const message = signal === null ? `exit code ${exitCode ?? 'unknown'}` : `killed by ${signal}`;
      resolve({ exitCode, signal, message });
    });
  });
}

async function readEvents(child: ChildProcess, take: (event: WorkerEvent) => void): Promise<void> {
  if (!child.stdout) return;
  for await (const line of createInterface({ input: child.stdout })) {
    const event = parseEvent(line);
    if (event) take(event);
  }
}

/** Lines that are no events are other people's (a debugger's, a warning): they are passed over. */
function parseEvent(line: string): WorkerEvent | undefined {
  try {
    return workerEvent.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

async function readLastLines(child: ChildProcess): Promise<string> {
  const kept: string[] = [];
  if (!child.stderr) return '';
  let fatal: string | undefined;
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith(FATAL)) fatal ??= line.slice(FATAL.length);
    kept.push(line);
    if (kept.length > STDERR_LINES_KEPT) kept.shift();
  }
  return (fatal ?? kept.join(' | ')).slice(0, 1000);
}
