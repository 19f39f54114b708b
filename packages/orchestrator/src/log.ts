import { createLogger, format, transports, type Logger } from 'winston';
import { Writable } from 'node:stream';
import type { LogLevel } from './config/edge.ts';

export type Log = Logger;

/**
 * The log: a JSON object a line with `level`, `message`, `timestamp` and the facts given, from `level` on.
 *
 * @param write takes a line without its end; on a terminal it goes above the progress bar
 */
export function createLog(level: LogLevel, write: (line: string) => void): Log {
  const stream = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      write(line.trimEnd());
      done();
    },
  });
  return createLogger({
    level,
    format: format.combine(format.timestamp(), format.errors({ stack: level === 'debug' }), format.json()),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's own transport, by its types
    transports: [new transports.Stream({ stream })],
  });
}
