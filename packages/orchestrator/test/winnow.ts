import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '@winnow/core';

const BIN = fileURLToPath(new URL('../bin/winnow.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Who runs the command, where it is not the user of the test. */
export interface User {
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts the built command as a user would. */
export function startWinnow(
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
  user: User = {},
): Running {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env: { ...process.env, ...env }, ...user });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8');
      resolve({ code, signal, stdout: text(out), stderr: text(err) });
    });
  });
  return { child, ended };
}

export const winnow = (args: readonly string[], cwd: string): Promise<Ended> => startWinnow(args, cwd).ended;

/** Runs with `--json` and gives the report; fails with what the command said when there is none. */
export async function runReport(
  args: readonly string[],
  cwd: string,
): Promise<{ code: number | null; report: Report }> {
  const { code, stdout, stderr } = await winnow(['run', ...args, '--json'], cwd);
  if (stdout === '') throw new Error(`winnow run ended with ${code ?? 'a signal'}: ${stderr}`);
  return { code, report: JSON.parse(stdout) as Report };
}

/** A folder for one test. */
export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-test-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Name → hash of each part in an output, in the order of the names. */
export async function partHashes(output: string): Promise<Record<string, string>> {
  const names = (await readdir(output)).filter((name) => name.endsWith('.parquet')).sort();
  const hashes: Record<string, string> = {};
  for (const name of names) {
    hashes[name] = createHash('sha256')
      .update(await readFile(join(output, name)))
      .digest('hex');
  }
  return hashes;
}
