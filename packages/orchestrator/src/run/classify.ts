import { WORKER_EXIT, type Attempt } from '@winnow/core';
import type { FailedAttempt, FailureCause } from './budget.ts';

/** How a process ended, as the place where it ran tells. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly message: string;
}

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
 * Why an attempt left units without receipts. The attempt's own record is believed first; where it says nothing
 * (killed, or it never started) the exit code is.
 *
 * | record                 | exit code | cause         |
 * |------------------------|-----------|---------------|
 * | names a cause          |           | that one      |
 * | committed, or none     | 0, 65     | no-receipt    |
 * | running, or none       | 70        | bug           |
 * | running, or none       | 75        | transient     |
 * | running, or none       | 76        | cancelled     |
 * | running, or none       | 78        | configuration |
 * | running, or none       | any other | killed        |
 */
export function classify(record: Attempt | undefined, end: ProcessEnd, memoryMiB: number): FailedAttempt {
  const recorded = record?.cause;
  const cause =
    recorded !== undefined && RECORDED.includes(recorded)
      ? (recorded as FailureCause)
      : causeOfExit(end.exitCode);
  return { cause, memoryMiB, neededMiB: record?.neededMiB };
}

function causeOfExit(exitCode: number | null): FailureCause {
  switch (exitCode) {
    case WORKER_EXIT.committed:
    case WORKER_EXIT.refused:
      return 'no-receipt';
    case WORKER_EXIT.bug:
      return 'bug';
    case WORKER_EXIT.again:
      return 'transient';
    case WORKER_EXIT.cancelled:
      return 'cancelled';
    case WORKER_EXIT.configuration:
      return 'configuration';
    default:
      return 'killed';
  }
}
