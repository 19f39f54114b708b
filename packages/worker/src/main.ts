/**
 * The worker's entry point: does the shards that its environment names and exits with a code of the environment
 * contract. The only file of the package that touches the process itself.
 */
import { hostname, totalmem } from 'node:os';
import { randomUUID } from 'node:crypto';
import { collectGarbage, storageOpener, WinnowError, WORKER_EXIT } from '@winnow/core';
import { parseEnvironment } from './environment.ts';
import { logPlaceOf } from './ecs-metadata.ts';
import { endingOf } from './ending.ts';
import { fewLines } from './few-lines.ts';
import { peakMemoryBytes } from './process-memory.ts';
import { runShards } from './run-shards.ts';
import { StopSignal } from './stop-signal.ts';
import { workerLog } from './worker-log.ts';

const MIB = 2 ** 20;

/** What the control group allows or, without one, what the machine has. */
function memoryOfProcess(): number {
  const constrained = process.constrainedMemory();
  const bytes = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return Math.floor(bytes / MIB);
}

/** The end of a process that works on although it should not: what is not committed is nobody's loss. */
const leave = (): never => process.exit(WORKER_EXIT.again);

const stop = new StopSignal();
let stopSeconds = 30;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stop.requested) leave();
    stop.request();
    // A process that comes to no border in time would be killed, which looks as if memory had been short.
    setTimeout(leave, stopSeconds * 900).unref();
  });
}
// Whoever started it is gone: it ends at the next border, since nobody counts this process any more.
process.stdout.on('error', () => stop.request());
// Nobody is left to tell.
process.stderr.on('error', () => undefined);
process.on('uncaughtException', (error) => {
  console.error(error.stack);
  process.exit(WORKER_EXIT.bug);
});

const log = workerLog(process.stdout);
try {
  const environment = parseEnvironment(process.env);
  stopSeconds = environment.stopSeconds;
  process.exitCode = await runShards(environment, {
    stop,
    openStorage: storageOpener(process.env),
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
      return { now: new Date(), cpuSeconds: (user + system) / 1e6, peakMemoryMiB };
    },
    now: () => performance.now(),
  });
} catch (error) {
  const { exitCode, message } = endingOf(error);
  const hint = error instanceof WinnowError && error.hint !== undefined ? ` (${error.hint})` : '';
  console.error(`winnow worker: ${message}${hint}`);
  process.exitCode = exitCode;
}
