import type { OpenStorage } from '@winnow/core';
import type { Usage } from './attempt-record.ts';
import type { LogPlace } from './ecs-metadata.ts';
import type { WatchedProcess } from './memory-watch.ts';
import type { StopSignal } from './stop-signal.ts';
import type { WorkerLog } from './worker-log.ts';

/** What only the process itself can tell or do. */
export interface WorkerProcess extends WatchedProcess {
  readonly openStorage: OpenStorage;
  readonly stop: StopSignal;
  readonly log: WorkerLog;
  /** Where a service keeps what this process prints. */
  readonly logPlace: LogPlace | undefined;
  readonly memoryMiB: number;
  /** Names this attempt: Batch's number, else a UUID. */
  readonly attempt: string;
  readonly host: string;
  readonly pid: number;
  readonly usage: () => Usage;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}
