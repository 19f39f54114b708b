/**
 * Stands for a container as the other processes of the suites do, but is one: runs an image with the environment that it
 * was given. SIGTERM goes to the container.
 *
 *     node docker-run.ts <image> [<word>…]
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';

const [image = '', ...words] = process.argv.slice(2);
const name = `winnow-e2e-${randomUUID()}`;
/** Of this process, not of the container. */
const OURS = ['PATH', 'HOME', 'PWD'];
const variables = Object.keys(process.env).filter((variable) => !OURS.includes(variable));
const container = spawn(
  'docker',
  [
    ...['run', '--rm', '--name', name, '--label', 'winnow-e2e'],
    // What the job definitions of infra ask for.
    ...['--network', 'host', '--read-only', '--memory', '2048m'],
    ...variables.flatMap((variable) => ['--env', variable]),
    ...[image, ...words],
  ],
  { stdio: 'inherit' },
);
// The client passes it on.
process.on('SIGTERM', () => container.kill('SIGTERM'));
container.on('error', (error) => {
  console.error(`docker cannot be run: ${error.message}`);
  process.exitCode = 125;
});
container.on('close', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 143);
});
