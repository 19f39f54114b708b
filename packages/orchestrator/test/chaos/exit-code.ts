import { CLI_EXIT } from '@winnow/core';
import type { Ended } from '../winnow.ts';

/** Signals that the command itself was sent. */
export interface SentSignals {
  readonly killed: boolean;
  readonly terminated: boolean;
}

/**
 * What is wrong with how a command ended, or undefined.
 *
 * | ended by             | is right where                                                              |
 * |----------------------|-----------------------------------------------------------------------------|
 * | 0                    | the run is closed, and its report was printed                               |
 * | 1                    | nobody asked it to end; its report was printed, or it met a fault of ours, before that |
 * | 143                  | it was sent SIGTERM                                                         |
 * | SIGTERM              | the same: before it listens, after it has listened, or by the second one    |
 * | SIGKILL              | it was sent SIGKILL                                                         |
 * | any other code or signal | never                                                                   |
 */
export function exitProblem(
  { code, signal, stdout, stderr }: Ended,
  sent: SentSignals,
  isClosed: boolean,
): string | undefined {
  const how = signal === null ? `exit code ${code ?? 'unknown'}` : signal;
  const tell = (why: string): string => `the command ended with ${how} ${why}: ${lastLine(stderr)}`;
  if (signal === 'SIGKILL') return sent.killed ? undefined : tell('although nobody sent it');
  if (signal === 'SIGTERM' || code === CLI_EXIT.terminated)
    return sent.terminated ? undefined : tell('although nobody sent SIGTERM');
  if (signal !== null) return tell('although nobody sent it');
  const isTold = stdout !== '';
  if (code === CLI_EXIT.ok) return isClosed && isTold ? undefined : tell('although the run is not closed');
  if (code === CLI_EXIT.incomplete)
    return !sent.terminated || isTold || INJECTED.test(lastLine(stderr))
      ? undefined
      : tell('although it was interrupted');
  return tell('which is for something else');
}

/** How the module that makes calls fail begins what it says. */
const INJECTED = /: injected, /;

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
