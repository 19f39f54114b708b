import { spawnSync, type SpawnSyncReturns } from 'node:child_process';

/** What a `docker` command gave; its words go to the engine that `DOCKER_HOST` names, or that of this machine. */
export function docker(...words: string[]): SpawnSyncReturns<string> {
  return spawnSync('docker', words, { encoding: 'utf8', maxBuffer: 2 ** 26 });
}

/**
 * What it printed.
 *
 * @throws Error with what it said where it failed.
 */
export function printed(...words: string[]): string {
  const { status, stdout, stderr, error } = docker(...words);
  if (status !== 0)
    throw new Error(`docker ${words.join(' ')}: ${error?.message ?? (stderr || stdout).trim()}`);
  return stdout.trim();
}

/** The value of a path in what the engine knows of an image or a container. */
export const inspected = (name: string, path: string): unknown =>
  JSON.parse(printed('inspect', '--format', `{{json ${path}}}`, name));
