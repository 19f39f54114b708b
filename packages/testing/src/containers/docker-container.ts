import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess, type ContainerProcess, type ProcessOptions } from './container-process.ts';

/** Every container that is started here has it, so that what a killed test left can be found. */
export const CONTAINER_LABEL = 'winnow-e2e';

interface DockerOptions extends Pick<ProcessOptions, 'guardian' | 'environment' | 'tell'> {
  /** As the Docker engine of this machine knows it. */
  readonly image: string;
  readonly words: readonly string[];
}

/** A container in earnest, by the `docker` command: as the job definitions of Winnow want it. */
export function startDockerContainer(options: DockerOptions): ContainerProcess {
  const { image, words, environment } = options;
  const name = `winnow-e2e-${randomUUID()}`;
  const client = startProcess({
    ...options,
    argv: [
      ...['docker', 'run', '--rm', '--name', name, '--label', CONTAINER_LABEL],
      ...['--network', 'host', '--read-only', '--memory', '2048m'],
      ...Object.keys(environment).flatMap((variable) => ['--env', variable]),
      ...[image, ...words],
    ],
    cwd: undefined,
    // Values come from the client's own environment: so they may hold anything.
    environment: { ...definedVariables(), ...environment },
  });
  let over = false;
  const ended = client.ended.finally(() => (over = true));
  /** Once is not enough: the engine may not have created or started it yet. */
  const ask = async (...request: string[]): Promise<void> => {
    while (!over) {
      const asking = spawn('docker', [...request, name], { stdio: 'ignore' });
      await once(asking, 'close').catch(() => undefined);
      await sleep(50);
    }
  };
  return {
    pid: client.pid,
    stop: (graceSeconds) => void ask('stop', '--time', String(Math.ceil(graceSeconds))),
    kill: () => void ask('kill'),
    ended,
  };
}

function definedVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
