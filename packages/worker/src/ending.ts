import {
  ConfigurationError,
  ConflictError,
  OutOfMemoryError,
  StorageError,
  WinnowError,
  WORKER_EXIT,
  type Attempt,
} from '@winnow/core';
import { Stopped } from './stopped.ts';

export type Ending = Pick<Attempt, 'state' | 'cause' | 'message' | 'neededMiB'> & {
  readonly exitCode: number;
};

/**
 * | error                        | state       | cause         | exit code |
 * |------------------------------|-------------|---------------|-----------|
 * | asked to stop by a signal    | interrupted | interrupted   | 75        |
 * | cancelled                    | cancelled   | cancelled     | 76        |
 * | more memory needed           | failed      | out-of-memory | 137       |
 * | bad configuration or version | failed      | configuration | 78        |
 * | the storage denies access    | failed      | configuration | 78        |
 * | two attempts, two results    | failed      | conflict      | 70        |
 * | may pass, storage is full    | failed      | transient     | 75        |
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
  if (error instanceof ConfigurationError || isStorage(error, 'denied')) {
    return failed('configuration', WORKER_EXIT.configuration);
  }
  if (error instanceof ConflictError) return failed('conflict', WORKER_EXIT.bug);
  if ((error instanceof WinnowError && error.retryable) || isStorage(error, 'full')) {
    return failed('transient', WORKER_EXIT.again);
  }
  return failed('bug', WORKER_EXIT.bug);
}

const isStorage = (error: unknown, code: StorageError['code']): boolean =>
  error instanceof StorageError && error.code === code;
