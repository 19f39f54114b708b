import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Guardian } from '../guardian.ts';
import type { LogLine } from './log.ts';

/** How long output may come after the end, from a descendant that left the process group. */
const LAST_OUTPUT_MS = 1000;

export interface ContainerProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** SIGTERM, after so many seconds SIGKILL. Harmless when repeated or after the end; a shorter grace wins. */
  stop(graceSeconds: number): void;
  /** SIGKILL at once, as from a system that is out of memory. Harmless after the end. */
  kill(): void;
  /** Resolves when it is gone, and its group with it. */
  readonly ended: Promise<ProcessEnding>;
}

export type ProcessEnding = { readonly exitCode: number } | { readonly startError: string };

export interface ProcessOptions {
  readonly guardian: Pick<Guardian, 'watch' | 'release'>;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly tell: (line: LogLine) => void;
}

/**
 * A process that stands for a container: SIGTERM goes to it alone, as to a container's first process, and with it
 * everything ends that it started, as a container's processes do.
 */
export function startProcess(options: ProcessOptions): ContainerProcess {
  const { guardian, argv, cwd, environment, tell } = options;
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the whole of it can be killed.
    detached: true,
  });
  const killers: NodeJS.Timeout[] = [];
  const group = child.pid === undefined ? undefined : -child.pid;
  if (group !== undefined) guardian.watch(group);
  const ended = waitForEnd(child, tell).finally(() => {
    killers.forEach(clearTimeout);
    if (group !== undefined) guardian.release(group);
  });
  return {
    pid: child.pid,
    stop: (graceSeconds) => {
      child.kill('SIGTERM');
      killers.push(setTimeout(() => killGroup(child.pid), graceSeconds * 1000));
    },
    kill: () => killGroup(child.pid),
    ended,
  };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function waitForEnd(child: Child, tell: (line: LogLine) => void): Promise<ProcessEnding> {
  const streams = [
    [1, child.stdout],
    [2, child.stderr],
  ] as const;
  for (const [stream, output] of streams)
    createInterface({ input: output }).on('line', (text) => tell({ stream, at: new Date(), text }));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ startError: error.message }));
    child.once('exit', () => {
      killGroup(child.pid);
      const timer = setTimeout(() => streams.forEach(([, output]) => output.destroy()), LAST_OUTPUT_MS);
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]) });
      });
    });
  });
}

/** A group that is gone already is as good as killed. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
