import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { startGuardian } from '../guardian.ts';
import { motoEnvironment, type MotoOptions } from './environment.ts';

const LINES_KEPT = 20;
const STARTS = 3;
const STOP_MS = 5000;

/** A moto server in a process of its own: S3, Batch, IAM and much more of AWS, in memory. */
export interface Moto {
  readonly url: string;
  /** SIGTERM, then SIGKILL; resolves when the process is gone. Harmless when repeated. */
  stop(): Promise<void>;
}

/**
 * Starts `moto_server` on a free port of the loopback and waits until it answers.
 *
 * @throws Error that says what to install where there is no such program: tests must fail then, not be skipped.
 */
export async function startMoto(options: MotoOptions = {}): Promise<Moto> {
  for (let start = 1; ; start++) {
    const port = await freePort();
    const server = spawnServer(port, options);
    if (await answers(`http://127.0.0.1:${port}/moto-api/data.json`, server))
      return { url: `http://127.0.0.1:${port}`, stop: () => stop(server) };
    // Somebody else took the port between the look and the start.
    if (start < STARTS && server.lines.some((line) => line.includes('already in use'))) continue;
    throw failure(server);
  }
}

interface Server {
  readonly child: ChildProcess;
  /** The last that it said. */
  readonly lines: string[];
  readonly ended: Promise<void>;
  startError: NodeJS.ErrnoException | undefined;
}

/** In this process's group on purpose: Ctrl-C in a terminal ends the server with the tests. */
function spawnServer(port: number, options: MotoOptions): Server {
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    env: motoEnvironment(process.env, port, options),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const guardian = startGuardian();
  if (child.pid !== undefined) guardian.watch(child.pid);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      server.startError = error;
      resolve();
    });
  }).then(() => {
    if (child.pid !== undefined) guardian.release(child.pid);
    return guardian.stop();
  });
  const server: Server = { child, lines: [], ended, startError: undefined };
  createInterface({ input: child.stderr }).on('line', (line) => {
    server.lines.push(line);
    if (server.lines.length > LINES_KEPT) server.lines.shift();
  });
  return server;
}

/** True once it answers, false when it ended before: as long as it lives it is waited for. */
async function answers(url: string, { ended }: Server): Promise<boolean> {
  const dead = ended.then(() => 'dead' as const);
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    // Where another program answers on its port, its own death comes soon after.
    if ((await Promise.race([dead, sleep(50)])) === 'dead') return false;
    if (answer?.ok) return true;
  }
}

async function stop({ child, ended }: Server): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

function failure({ startError, lines, child }: Server): Error {
  const why =
    startError?.code === 'ENOENT'
      ? 'there is no such program'
      : (startError?.message ?? `it ended with ${child.exitCode ?? child.signalCode ?? 'nothing'}`);
  return new Error(
    `moto_server cannot be started: ${why}; these tests need it: pip install 'moto[all,server]'` +
      (lines.length > 0 ? `\n${lines.join('\n')}` : ''),
  );
}
