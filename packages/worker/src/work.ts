import { hostname, totalmem } from 'node:os';
import { randomUUID } from 'node:crypto';
import {
  collectGarbage,
  forwardClock,
  RequestCounts,
  storageOpener,
  WinnowError,
  WORKER_EXIT,
} from '@winnow/core';
import { parseEnvironment } from './environment.ts';
import { logPlaceOf } from './ecs-metadata.ts';
import { endingOf } from './ending.ts';
import { fewLines } from './few-lines.ts';
import { peakMemoryBytes } from './process-memory.ts';
import { runShards } from './run-shards.ts';
import type { StopSignal } from './stop-signal.ts';
import { workerLog } from './worker-log.ts';

const MIB = 2 ** 20;

/** What the control group allows or, without one, what the machine has. */
function memoryOfProcess(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return Math.floor(bytes / MIB);
}

/**
 * Does the shards that the environment of this process names, and sets its exit code to one of the environment contract.
 */
export async function work(stop: StopSignal): Promise<void> {
  // Whoever started it is gone: it ends at the next border, since nobody counts this process any more.
  process.stdout.on('error', () => stop.request());
  // Nobody is left to tell.
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', (error) => {
    console.error(error.stack);
    process.exit(WORKER_EXIT.bug);
  });

  const log = workerLog(process.stdout);
  const timeOfDay = forwardClock(
    () => Date.now(),
    () => performance.now(),
  );
  try {
    const environment = parseEnvironment(process.env);
    const requests = new RequestCounts();
    stop.graceSeconds = environment.stopSeconds;
    process.exitCode = await runShards(environment, {
      stop,
      openStorage: storageOpener(process.env, requests),
      // Where progress is read from the output, so is all else; elsewhere it is billed.
      log: environment.progressMs > 0 ? log : fewLines(log),
      logPlace: await logPlaceOf(environment.metadataUri),
      memoryMiB: environment.memoryMiB ?? memoryOfProcess(),
      attempt: environment.jobAttempt ?? randomUUID(),
      host: hostname(),
      pid: process.pid,
      residentBytes: () => process.memoryUsage.rss(),
      collectGarbage,
      usage: () => {
        const { user, system } = process.cpuUsage();
        const peakMemoryMiB = Math.ceil(peakMemoryBytes() / MIB);
        return {
          now: timeOfDay(),
          cpuSeconds: (user + system) / 1e6,
          peakMemoryMiB,
          requests: { writes: requests.writes, reads: requests.reads },
        };
      },
      now: () => performance.now(),
    });
  } catch (error) {
    const { exitCode, message } = endingOf(error);
    const hint = error instanceof WinnowError && error.hint !== undefined ? ` (${error.hint})` : '';
    console.error(`winnow worker: ${message}${hint}`);
    process.exitCode = exitCode;
  }
}
