import {
  ConfigurationError,
  ConflictError,
  OutOfMemoryError,
  WinnowError,
  WORKER_EXIT,
  type Attempt,
} from '@winnow/core';

/** Thrown where work stops because somebody asked for it. */
export class Stopped extends WinnowError {
  readonly why: 'interrupted' | 'cancelled';
  constructor(why: 'interrupted' | 'cancelled') {
    super(why === 'interrupted' ? 'interrupted by a signal' : 'the run was cancelled');
    this.why = why;
  }
}

export type Ending = Pick<Attempt, 'state' | 'cause' | 'message' | 'neededMiB'> & {
  readonly exitCode: number;
};

/**
 * | error                        | state       | cause         | exit code |
 * |------------------------------|-------------|---------------|-----------|
 * | asked to stop by a signal    | interrupted |               | 75        |
 * | cancelled                    | cancelled   | cancelled     | 76        |
 * | more memory needed           | failed      | out-of-memory | 137       |
 * | bad configuration or version | failed      | configuration | 78        |
 * | two attempts, two results    | failed      | conflict      | 70        |
 * | may pass                     | failed      | transient     | 75        |
 * | anything else                | failed      | bug           | 70        |
 */
export function endingOf(error: unknown): Ending {
  const message = error instanceof Error ? error.message : String(error);
  const failed = (cause: string, exitCode: number): Ending => ({ state: 'failed', cause, message, exitCode });
  if (error instanceof Stopped) {
    return error.why === 'interrupted'
      ? { state: 'interrupted', cause: 'interrupted', message, exitCode: WORKER_EXIT.again }
      : { state: 'cancelled', cause: 'cancelled', message, exitCode: WORKER_EXIT.cancelled };
  }
  if (error instanceof OutOfMemoryError) {
    return { ...failed('out-of-memory', WORKER_EXIT.outOfMemory), neededMiB: error.neededMiB };
  }
  if (error instanceof ConfigurationError) return failed('configuration', WORKER_EXIT.configuration);
  if (error instanceof ConflictError) return failed('conflict', WORKER_EXIT.bug);
  if (error instanceof WinnowError && error.retryable) return failed('transient', WORKER_EXIT.again);
  return failed('bug', WORKER_EXIT.bug);
}
