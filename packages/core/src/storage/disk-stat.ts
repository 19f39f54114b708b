import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fsPath } from './byte-names.ts';
import { errno, isAbsent } from './disk-errors.ts';

/**
 * mtime in nanoseconds and the size: what stays when nobody touches a file, and is the same for each process that
 * looks. (An inode would be a stronger sign but differs between mounts of the same files.)
 */
export const pinOf = (stats: BigIntStats): string => `${stats.mtimeNs}-${stats.size}`;

/** What is behind a path (a byte string), symbolic links followed, or undefined where there is nothing. */
export async function statPath(path: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(fsPath(path), { bigint: true });
  } catch (error) {
    // ELOOP: a symbolic link that leads to itself leads to nothing.
    if (isAbsent(error) || errno(error) === 'ELOOP') return undefined;
    throw error;
  }
}
