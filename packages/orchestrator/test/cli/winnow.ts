import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command as users do, in an environment of its own. */
export function winnow(
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  cwd?: string,
): Promise<Ended> {
  return new Promise((done, failed) => {
    const env = { PATH: process.env['PATH'], ...environment };
    const child = spawn(process.execPath, [BIN, ...words], { env, cwd });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', failed);
    child.on('close', (code) => done({ code, stdout, stderr }));
  });
}
