import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { startGuardian } from '../src/guardian.ts';
import { isAlive } from './is-alive.ts';
import { until } from './until.ts';

test('what a killed process has left is killed, but for what it released', async () => {
  const script = fileURLToPath(new URL('guarded.ts', import.meta.url));
  const guarded = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: guarded.stdout }), 'line')) as [string];
  const [first, released, last] = JSON.parse(line) as [number, number, number];
  expect([first, released, last].map(isAlive)).toEqual([true, true, true]);
  guarded.kill('SIGKILL');
  await until(() => !isAlive(first) && !isAlive(last));
  expect(isAlive(released)).toBe(true);
  process.kill(released, 'SIGKILL');
});

test('stopping kills what is still watched', async () => {
  const guardian = startGuardian();
  const child = spawn('sleep', ['100000'], { stdio: 'ignore' });
  guardian.watch(child.pid!);
  await Promise.all([once(child, 'exit'), guardian.stop()]);
  expect(child.signalCode).toBe('SIGKILL');
});
