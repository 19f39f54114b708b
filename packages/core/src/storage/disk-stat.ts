import { stat, type BigIntStats } from 'node:fs';
import { fsPath } from './byte-names.ts';
import { errno, isAbsent } from './disk-errors.ts';

/**
 * mtime in nanoseconds and the size: what stays when nobody touches a file, and is the same for each process that
 * looks. (An inode would be a stronger sign but differs between mounts of the same files.)
 */
export const pinOf = (stats: BigIntStats): string => `${stats.mtimeNs}-${stats.size}`;

/** What is behind a path (a byte string), symbolic links followed, or undefined where there is nothing. */
export function statPath(path: string): Promise<BigIntStats | undefined> {
  // By callback: half the cost of `node:fs/promises`, which counts in a listing of millions.
  return new Promise((resolve, reject) => {
    stat(fsPath(path), { bigint: true }, (error, stats) => {
      if (error === null) resolve(stats);
      // ELOOP: a symbolic link that leads to itself leads to nothing.
      else if (isAbsent(error) || errno(error) === 'ELOOP') resolve(undefined);
      else reject(error);
    });
  });
}
