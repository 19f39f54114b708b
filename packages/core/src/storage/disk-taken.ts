import { lstat } from 'node:fs/promises';
import { StorageError } from '../errors.ts';
import { fsPath } from './byte-names.ts';
import { isAbsent } from './disk-errors.ts';
import { statPath } from './disk-stat.ts';

/**
 * Nothing but a file, or nothing at all, stands under the name of an object. A folder there (or a socket, or a link to
 * nothing) is no object: whoever met it would find the name taken and nothing to read, again and again.
 *
 * @param path a byte string
 */
export async function assertNoOtherThan(operation: string, key: string, path: string): Promise<void> {
  const behind = await statPath(path);
  if (behind?.isFile() === true || (behind === undefined && !(await isThere(path)))) return;
  const what = behind === undefined ? 'a link to nothing' : behind.isDirectory() ? 'a folder' : 'no file';
  throw new StorageError('denied', operation, key, `${what} stands at ${String(fsPath(path))}`, {
    hint: 'move it away and run the same command again',
  });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(fsPath(path));
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}
