import { readFileSync } from 'node:fs';

/** A zombie that nobody has reaped is gone, too. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
