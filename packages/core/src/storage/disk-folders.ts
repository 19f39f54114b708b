import { mkdir, open } from 'node:fs/promises';
import { posix } from 'node:path';
import { fsPath } from './byte-names.ts';
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
    const first = await mkdir(fsPath(path), { recursive: true });
    if (first === undefined) return;
    // mkdir gives text: only the number of folders counts here.
    let made = path;
    for (let n = path.split('/').length - first.split('/').length; n >= 0; n--) {
      made = posix.dirname(made);
      await syncFolder(made);
    }
  }
}
