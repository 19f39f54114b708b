import { CLI_EXIT } from '@winnow/core';
import { readFileSync } from 'node:fs';
import type { CliContext } from './context.ts';
import { directRun } from './direct.ts';
import { failureCode, failureLines } from './failure.ts';
import { keepMemorySmall } from './memory-lid.ts';
import { runCommandLine } from './parser.ts';
import type { Screen } from './progress/display.ts';
import { processEdge } from '../operations/edge.ts';
import { operationsOn } from '../operations/wired.ts';

const DEFAULT_COLUMNS = 80;

/** The `winnow` command: with {@link direct} the only place that reads `process`. Resolves to the exit code. */
export async function main(words: readonly string[] = process.argv.slice(2)): Promise<number> {
  const lift = keepMemorySmall();
  try {
    return await inProcess(async (context, code) => {
      try {
        await runCommandLine(words, version(), context);
      } catch (error) {
        if (context.signal.aborted) return tellInterrupted(context, words);
        failureLines(error, isDebug(words)).forEach((line) => context.screen.write(`${line}\n`));
        return failureCode(error);
      }
      return code();
    });
  } finally {
    lift();
  }
}

/** Does the job that the environment describes: what a container does that is given no words. */
export const direct = (): Promise<number> => inProcess((context) => directRun(context, processEdge()));

async function inProcess(
  work: (context: CliContext, code: () => number) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  const release = stopOnSignals(stop);
  // A reader that went away is told of by the callback of each write.
  process.stdout.on('error', () => undefined);
  let code: number = CLI_EXIT.ok;
  const context: CliContext = {
    operations: operationsOn(processEdge()),
    environment: process.env,
    cwd: process.cwd(),
    readText: (path) => readFileSync(path, 'utf8'),
    print,
    screen: standardError(),
    signal: stop.signal,
    exit: (wanted) => (code = wanted),
  };
  try {
    return await work(context, () => code);
  } finally {
    release();
  }
}

/** The first signal asks to stop at the next border; the second one ends the process at once. */
function stopOnSignals(stop: AbortController): () => void {
  const handlers = (['SIGINT', 'SIGTERM'] as const).map((name) => {
    const handler = (): void => {
      stop.abort(name);
    };
    process.once(name, handler);
    return () => process.removeListener(name, handler);
  });
  return () => handlers.forEach((remove) => remove());
}

const interruptedCode = ({ reason }: AbortSignal): number =>
  reason === 'SIGTERM' ? CLI_EXIT.terminated : CLI_EXIT.interrupted;

function tellInterrupted({ screen, signal }: CliContext, words: readonly string[]): number {
  const hint = words.includes('run') ? ': the same command again goes on where this one stopped' : '';
  screen.write(`winnow: interrupted${hint}\n`);
  return interruptedCode(signal);
}

const isDebug = (words: readonly string[]): boolean =>
  words.some(
    (word, index) => word === '--log-level=debug' || (word === '--log-level' && words[index + 1] === 'debug'),
  ) || process.env['WINNOW_LOG_LEVEL'] === 'debug';

function version(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

/** Waits for a slow reader, and lets `winnow … | head` end in peace. */
function print(line: string): Promise<void> {
  return new Promise((done, failed) => {
    process.stdout.write(`${line}\n`, (error) => {
      if (error === null || error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE') done();
      else failed(error);
    });
  });
}

function standardError(): Screen {
  const { stderr } = process;
  return {
    tty: stderr.isTTY,
    columns: () => (stderr.isTTY ? stderr.columns : DEFAULT_COLUMNS),
    write: (text) => void stderr.write(text),
    now: () => performance.now(),
    every: (ms, callback) => {
      const timer = setInterval(callback, ms);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
