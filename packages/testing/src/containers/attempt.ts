import type { ContainerProcess, ProcessEnding } from './container-process.ts';
import type { LogLine } from './log.ts';
import type { AttemptEnding } from './retry-strategy.ts';

/** Why an attempt was told to end: by Spot, by who asked for it, or by its time-out. */
export type Interruption = 'reclaimed' | 'stopped' | 'timed-out';

/** An attempt that has ended, with times in milliseconds as Batch gives them. */
export interface AttemptRecord extends AttemptEnding {
  readonly attempt: number;
  readonly startedAt: number;
  readonly stoppedAt: number;
  readonly interruption: Interruption | undefined;
}

export interface RunningAttempt {
  /** From 1. */
  readonly attempt: number;
  readonly pid: number | undefined;
  readonly startedAt: number;
  /** SIGTERM, then SIGKILL. The first reason given stands. */
  interrupt(why: Interruption, graceSeconds: number): void;
  /** SIGKILL by nobody who would tell. */
  kill(): void;
  readonly ended: Promise<AttemptRecord>;
}

interface AttemptOptions {
  readonly attempt: number;
  /** Starts what runs; undefined where the image is not known. */
  readonly start: ((tell: (line: LogLine) => void) => ContainerProcess) | undefined;
  readonly imageName: string;
  readonly timeoutSeconds: number | undefined;
  readonly graceSeconds: number;
  readonly tell: (line: LogLine) => void;
}

export function startAttempt(options: AttemptOptions): RunningAttempt {
  const { attempt, start, imageName, timeoutSeconds, graceSeconds, tell } = options;
  const startedAt = Date.now();
  if (start === undefined) {
    const reason = `CannotPullContainerError: no process is known for the image ${imageName}`;
    const ending = { ...NOT_STARTED, reason };
    const record = { attempt, startedAt, stoppedAt: startedAt, interruption: undefined, ...ending };
    const nothing = (): void => undefined;
    return {
      ...{ attempt, pid: undefined, startedAt, interrupt: nothing, kill: nothing },
      ended: Promise.resolve(record),
    };
  }
  const running = start(tell);
  let interruption: Interruption | undefined;
  const interrupt = (why: Interruption, grace: number): void => {
    interruption ??= why;
    running.stop(grace);
  };
  const timer =
    timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => interrupt('timed-out', graceSeconds), timeoutSeconds * 1000);
  const ended = running.ended.then((processEnding) => {
    clearTimeout(timer);
    const ending = endingOf(processEnding, interruption);
    return { attempt, startedAt, stoppedAt: Date.now(), interruption, ...ending };
  });
  return { attempt, pid: running.pid, startedAt, interrupt, kill: () => running.kill(), ended };
}

const NOT_STARTED = { exitCode: undefined, statusReason: 'Task failed to start' };

/** In AWS's words: what Batch shows of an attempt, and what its retry rules are matched against. */
export function endingOf(ending: ProcessEnding, interruption: Interruption | undefined): AttemptEnding {
  if ('startError' in ending)
    return { ...NOT_STARTED, reason: `CannotStartContainerError: ${ending.startError}` };
  return { exitCode: ending.exitCode, reason: undefined, statusReason: statusReasonOf(interruption) };
}

function statusReasonOf(interruption: Interruption | undefined): string {
  switch (interruption) {
    case 'reclaimed':
      return 'Your Spot Task was interrupted.';
    case 'timed-out':
      return 'Job attempt duration exceeded timeout';
    default:
      return 'Essential container in task exited';
  }
}
