import { StopSignal } from './stop-signal.ts';

/** `WORKER_EXIT.again`. This file loads nothing of `core`: signals are taken before that is there. */
export const EXIT_INTERRUPTED = 75;

const LOOK_EVERY_MS = 100;

/**
 * Takes SIGTERM and SIGINT. The first one asks for the end, the second one is the end, and so is the time: a process that
 * came to no border would be killed, which looks as if memory had been short. What is not committed is nobody's loss.
 *
 * A process that was asked to end never exits with 0, not even where the signal met its last step.
 */
export function takeSignals(process: NodeJS.Process): StopSignal {
  const stop = new StopSignal(() => performance.now());
  const leaveInTime = (): void => {
    if (stop.isOver) process.exit(EXIT_INTERRUPTED);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stop.requested) process.exit(EXIT_INTERRUPTED);
      stop.request();
      leaveInTime();
      setInterval(leaveInTime, LOOK_EVERY_MS).unref();
    });
  }
  process.on('exit', (code) => {
    if (code === 0 && stop.requested) process.exitCode = EXIT_INTERRUPTED;
  });
  return stop;
}
