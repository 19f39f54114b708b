import { mkdir, open, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { bytePath, fsPath } from './byte-names.ts';
import { errno } from './disk-errors.ts';

/** Makes a folder's entries durable. Where the file system knows no such thing (EINVAL), there is nothing to do. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(fsPath(path), 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (errno(error) !== 'EINVAL') throw error;
  } finally {
    await folder.close();
  }
}

/**
 * Makes a folder and those above it that are missing, and makes each new one durable. Node's own way (`recursive`) never
 * ends where a file system says of a folder that is there that it is not, as /proc does.
 */
async function makeWithThoseAbove(path: string): Promise<void> {
  if (await isFolder(path)) return;
  const above = posix.dirname(path);
  if (above !== path) await makeWithThoseAbove(above);
  await mkdir(fsPath(path)).catch(async (error: unknown) => {
    // Another process may have made it meanwhile.
    if (errno(error) !== 'EEXIST' || !(await isFolder(path))) throw error;
  });
  await syncFolder(above);
}

/** Makes a folder, given as text, and those above it that are missing; fails as `mkdir` does. */
export const makeFolder = (path: string): Promise<void> => makeWithThoseAbove(bytePath(path));

/** False where nothing is there: what else stands in the way is told when the folder is made. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(fsPath(path))).isDirectory();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errno(error))) return false;
    throw error;
  }
}

/**
 * Folders below one root (byte strings), made where needed. A new folder is an entry in the one above it: that one is
 * synced too, even if another process made it, for that process may have died before it came to syncing.
 */
export class Folders {
  readonly #root: string;
  readonly #durable = new Map<string, Promise<void>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes sure that `path`, the root or below it, is there and stays there. */
  make(path: string): Promise<void> {
    const known = this.#durable.get(path);
    if (known !== undefined) return known;
    const made = this.#make(path);
    this.#durable.set(path, made);
    made.catch(() => this.#durable.delete(path));
    return made;
  }

  /** Somebody removed folders: look again. */
  forget(): void {
    this.#durable.clear();
  }

  async #make(path: string): Promise<void> {
    const above = posix.dirname(path);
    if (path !== this.#root) {
      await this.make(above);
      await mkdir(fsPath(path)).catch((error: unknown) => {
        if (errno(error) !== 'EEXIST') throw error;
      });
      await syncFolder(above);
      return;
    }
    await makeWithThoseAbove(path);
  }
}
