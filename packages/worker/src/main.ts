/**
 * The worker's entry point: does the shards that its environment names and exits with a code of the environment
 * contract. The only file of the package that touches the process itself.
 */
import { hostname, totalmem } from 'node:os';
import { randomUUID } from 'node:crypto';
import { parseEnvironment } from './environment.ts';
import { endingOf } from './ending.ts';
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

const stop = new StopSignal();
const log = workerLog(process.stdout);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // The second one ends it at once; what is not committed is nobody's loss.
    if (stop.requested) process.exit(75);
    stop.request();
  });
}

try {
  const environment = parseEnvironment(process.env);
  process.exitCode = await runShards(environment, {
    stop,
    log,
    memoryMiB: environment.memoryMiB ?? memoryOfProcess(),
    attempt: environment.jobAttempt ?? randomUUID(),
    host: hostname(),
    pid: process.pid,
    residentBytes: () => process.memoryUsage.rss(),
    usage: () => {
      const { user, system } = process.cpuUsage();
      const { maxRSS } = process.resourceUsage();
      return { now: new Date(), cpuSeconds: (user + system) / 1e6, peakMemoryMiB: Math.ceil(maxRSS / 1024) };
    },
    now: () => performance.now(),
  });
} catch (error) {
  const { exitCode, message } = endingOf(error);
  console.error(`winnow worker: ${message}`);
  process.exitCode = exitCode;
}
