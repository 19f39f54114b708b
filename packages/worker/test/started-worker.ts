import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import { runKeys, type Attempt } from '@winnow/core';
import type { PreparedRun } from './prepared-run.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export const environmentOf = ({ uri, intent }: PreparedRun): NodeJS.ProcessEnv => ({
  WINNOW_RUN: uri,
  WINNOW_SUBMISSION: String(intent.n),
});

export interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** Starts the built worker with this environment and nothing else. */
export function startWorker(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const end = async (): Promise<Ended> => {
    const stderr: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stderr: Buffer.concat(stderr).toString() };
  };
  /** Reads what it says until it says this. */
  const until = async (event: string): Promise<void> => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      if (line.value.includes(`"event":"${event}"`)) return;
    }
    throw new Error(`the worker ended without ${event}`);
  };
  return { child, ended: end(), until };
}

export function runWorker(env: NodeJS.ProcessEnv): Promise<Ended> {
  const { child, ended } = startWorker(env);
  child.stdout.resume();
  return ended;
}

/** The records of the attempts at a shard in the run's submission. */
export async function attemptsOf({ output, run, intent }: PreparedRun, shard = 0): Promise<Attempt[]> {
  const folder = join(output.uri, runKeys(run.runId).attempts, String(shard));
  const names = await readdir(folder).catch(() => []);
  const ofSubmission = names.filter((name) => name.startsWith(`${intent.n}-`));
  const texts = await Promise.all(ofSubmission.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => JSON.parse(text) as Attempt);
}

/** Some `frames` × 4 MiB of lines, in little space: no machine is through with hundreds of them at once. */
export function longInput(frames = 100): Buffer {
  const frame = zstdCompressSync(`{"id":1,"name":"${'x'.repeat(100)}"}\n`.repeat(32_000));
  return Buffer.concat(Array.from({ length: frames }, () => frame));
}
