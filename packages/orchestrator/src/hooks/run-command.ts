import { spawn, type ChildProcess } from 'node:child_process';
import { replaceSecrets, secretNames } from '@winnow/core';
import type { HookCall, HookFailure } from './hook-call.ts';
import { revealSecrets } from './reveal-secrets.ts';

const COMMAND_MS = 60_000;
const STDERR_CHARACTERS = 64 * 1024;
const SHOWN_CHARACTERS = 300;

const valueVariable = (name: string): string => `WINNOW_VALUE_${name}`;

/**
 * Runs a command by the shell, the summary on its stdin and the report's URI in `WINNOW_REPORT`.
 *
 * A secret is a variable of the command's environment, and stands in its text as that variable: nobody sees it in the
 * list of processes, and nothing in it is taken for shell. What a command with secrets prints is not read at all.
 */
export async function runCommand(
  text: string,
  call: HookCall,
  timeoutMs: number = COMMAND_MS,
): Promise<HookFailure> {
  const { summary, environment, cwd, signal } = call;
  const secrets: Record<string, string> = {};
  for (const name of secretNames(text)) {
    const value = await revealSecrets(`\${secret:${name}}`, environment, call.getSecret);
    // The system's own refusal would quote it.
    if (value.includes('\0')) return `WINNOW_SECRET_${name}: its secret has a NUL byte`;
    secrets[valueVariable(name)] = value;
  }
  const hasSecrets = Object.keys(secrets).length > 0;
  const child = spawn('/bin/sh', ['-c', replaceSecrets(text, (name) => `\${${valueVariable(name)}}`)], {
    cwd,
    env: { ...environment, ...secrets, WINNOW_REPORT: summary.report },
    stdio: ['pipe', 'ignore', hasSecrets ? 'ignore' : 'pipe'],
    // A group of its own: what it has started ends with it, and Ctrl-C comes from here.
    detached: true,
  });
  const stderr = tailOf(child);
  // A command need not read what it is told.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(`${JSON.stringify(summary)}\n`);
  const failure = await endOf(child, timeoutMs, signal);
  const said = failure === undefined ? '' : lastLine(stderr());
  return failure === undefined || said === '' ? failure : `${failure} (${said})`;
}

/** Resolves when it has ended; where it failed, when all that it said is there, too. */
function endOf(child: ChildProcess, timeoutMs: number, signal: AbortSignal): Promise<HookFailure> {
  let timedOut = false;
  const interrupt = (): void => killGroup(child, 'SIGTERM');
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child, 'SIGKILL');
  }, timeoutMs);
  signal.addEventListener('abort', interrupt, { once: true });
  if (signal.aborted) interrupt();
  return new Promise<HookFailure>((resolve) => {
    child.once('error', ({ code = 'no reason' }: NodeJS.ErrnoException) =>
      resolve(`cannot be started: ${code}`),
    );
    // What it left running in the background may hold its stderr for long.
    child.once('exit', (code) => code === 0 && resolve(undefined));
    child.once('close', (code, by) => {
      if (timedOut) resolve(`killed after ${timeoutMs / 1000} s`);
      else if (signal.aborted) resolve('interrupted');
      else resolve(by === null ? `exit code ${code ?? 'unknown'}` : `killed by ${by}`);
    });
  }).finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', interrupt);
    child.stderr?.destroy();
  });
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended meanwhile.
  }
}

/** Collects the end of what it says on stderr. */
function tailOf({ stderr }: ChildProcess): () => string {
  let tail = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-STDERR_CHARACTERS)));
  return () => tail;
}

const lastLine = (text: string): string =>
  (text.trimEnd().split('\n').at(-1) ?? '').trim().slice(-SHOWN_CHARACTERS);
