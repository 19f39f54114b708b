import type { Operations } from '../operations/operations.ts';
import type { Screen } from './progress/display.ts';

/** Everything of the outside that commands use, handed in by `main`. */
export interface CliContext {
  readonly operations: Operations;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly cwd: string;
  /** Reads a file whose path is relative to the working directory. */
  readonly readText: (path: string) => string;
  /** Results: a line on stdout. Resolves when more may be written. */
  readonly print: (line: string) => Promise<void>;
  /** stderr: text for people. */
  readonly screen: Screen;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  /** Sets the exit code of the command, which is 0 otherwise. */
  readonly exit: (code: number) => void;
}
