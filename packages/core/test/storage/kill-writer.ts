import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { KillWriter } from './contract.ts';

const WRITER = fileURLToPath(new URL('writer.ts', import.meta.url));

/** Kills writers that are processes with such an environment beside their own. */
export function killsWriters(environment: Readonly<Record<string, string | undefined>> = {}): KillWriter {
  let round = 0;
  return async (storage, key, length, moment) => {
    const writer = spawn(process.execPath, [WRITER, storage.uri, key, String(length)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    const exited = once(writer, 'exit');
    await once(writer.stdout, 'data');
    if (moment === 'in-commit') {
      writer.stdin.write('commit\n');
      // Dies at a moment that differs from round to round: told, begun, or said to be done.
      let said = '';
      writer.stdout.setEncoding('utf8').on('data', (words: string) => (said += words));
      const moments = ['', 'committing', 'committed'];
      while (!said.includes(moments[round % 3]!)) await once(writer.stdout, 'data');
      round++;
    }
    writer.kill('SIGKILL');
    await exited;
  };
}
