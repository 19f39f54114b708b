import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const SIZE = '64m';
const BALLAST = Buffer.alloc(1 << 20);

/** The disk that the output of a job lies on, which can be filled and freed. */
export interface SmallDisk {
  /** Whether it is really full when filled, or calls are only made to fail as if it were. */
  readonly isReal: boolean;
  fill(): void;
  /** Harmless where it is not full. */
  free(): void;
  remove(): void;
}

/** A file system of its own in memory where this process may mount one, else one that is said to be full. */
export function smallDisk(folder: string, fullFlag: string): SmallDisk {
  mkdirSync(folder, { recursive: true });
  return mounted(folder) ? realDisk(folder) : saidToBeFull(fullFlag);
}

function mounted(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'winnow-chaos', folder], { stdio: 'ignore' });
    return true;
  } catch {
    // No such right, or no such command.
    return false;
  }
}

function realDisk(folder: string): SmallDisk {
  const ballast = join(folder, 'ballast');
  return {
    isReal: true,
    fill: () => fillUp(ballast),
    free: () => rmSync(ballast, { force: true }),
    // Lazily: a process that is just ending may still hold a file there.
    remove: () => void execFileSync('umount', ['--lazy', folder]),
  };
}

function fillUp(ballast: string): void {
  const file = openSync(ballast, 'w');
  try {
    for (;;) if (writeSync(file, BALLAST) === 0) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

const saidToBeFull = (fullFlag: string): SmallDisk => ({
  isReal: false,
  fill: () => writeFileSync(fullFlag, ''),
  free: () => rmSync(fullFlag, { force: true }),
  remove: () => undefined,
});
