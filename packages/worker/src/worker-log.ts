import type { WorkerEvent } from '@winnow/core';
import { createLogger, format, transports } from 'winston';

/** Writes what happens as JSON, a line each, with the time. */
export type WorkerLog = (event: WorkerEvent) => void;

/** The stream is the process's standard output: backends read progress from it, Batch sends it to CloudWatch. */
export function workerLog(stream: NodeJS.WritableStream): WorkerLog {
  const logger = createLogger({
    format: format.combine(format.timestamp(), format.json()),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's own transport, by its types
    transports: [new transports.Stream({ stream })],
  });
  return (event) => {
    const level = event.event === 'memory-high' ? 'warn' : 'info';
    logger.log({ level, message: event.event, ...event });
  };
}
