import { WORKER_EXIT, type Attempt } from '@winnow/core';
import type { FailureCause } from '../failure-cause.ts';
import type { FailedAttempt } from './budget.ts';

/** How a process or container ended, as the place where it ran tells. */
export interface AttemptEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** One line for people. */
  readonly message: string;
  /** What the service's own words mean, where they mean something. */
  readonly said?: FailureCause | undefined;
}

/** 128 + SIGABRT, and so on: as shells and container runtimes have it. */
const EXIT_OF_ABORT = 134;
const EXITS_OF_STOP: readonly (number | null)[] = [128 + 2, 128 + 15];
const STOPS: readonly (string | null)[] = ['SIGINT', 'SIGTERM'];

const RECORDED: readonly string[] = [
  'interrupted',
  'transient',
  'out-of-memory',
  'bug',
  'conflict',
  'configuration',
  'cancelled',
] satisfies FailureCause[];

/**
 * Why an attempt left units without receipts. Of a service that ran it the word is believed first (a worker that was
 * reclaimed knows only that it was interrupted), then the attempt's own record; where neither says anything (killed, or
 * it never started) the exit code is.
 *
 * | record                 | exit code | cause         |
 * |------------------------|-----------|---------------|
 * | names a cause          |           | that one      |
 * | committed, or none     | 0, 65     | no-receipt    |
 * | running, or none       | 70        | bug           |
 * | running                | 75        | interrupted   |
 * | none                   | 75        | transient     |
 * | running, or none       | 76        | cancelled     |
 * | running, or none       | 78        | configuration |
 * | running, or none       | abort     | out-of-memory |
 * | running, or none       | stop      | interrupted   |
 * | running, or none       | any other | killed        |
 *
 * 75 with a record that still says running: whoever asked the worker to end gave it no time to write more.
 *
 * Stop: SIGTERM or SIGINT, or 143 or 130 where only a code is known. So the system ends a process that had not even begun.
 *
 * Abort: SIGABRT, or 134 where only a code is known. So the JavaScript engine and the system's allocator end a process
 * that they have no more memory for: it cannot say so itself any more.
 */
export function classify(record: Attempt | undefined, end: AttemptEnd, memoryMiB: number): FailedAttempt {
  const recorded = record?.cause;
  const named =
    recorded !== undefined && RECORDED.includes(recorded) ? (recorded as FailureCause) : undefined;
  const cause = end.said ?? named ?? causeOfExit(end, record !== undefined);
  return { cause, memoryMiB, neededMiB: record?.neededMiB };
}

function causeOfExit({ exitCode, signal }: AttemptEnd, hasBegun: boolean): FailureCause {
  if (signal === 'SIGABRT') return 'out-of-memory';
  if (STOPS.includes(signal) || EXITS_OF_STOP.includes(exitCode)) return 'interrupted';
  switch (exitCode) {
    case WORKER_EXIT.committed:
    case WORKER_EXIT.refused:
      return 'no-receipt';
    case WORKER_EXIT.bug:
      return 'bug';
    case WORKER_EXIT.again:
      return hasBegun ? 'interrupted' : 'transient';
    case WORKER_EXIT.cancelled:
      return 'cancelled';
    case WORKER_EXIT.configuration:
      return 'configuration';
    case EXIT_OF_ABORT:
      return 'out-of-memory';
    default:
      return 'killed';
  }
}
