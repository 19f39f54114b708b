import { randomUUID } from 'node:crypto';
import { link, rename, unlink } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import { StorageError } from '../errors.ts';
import { WINNOW_FOLDER } from '../run-keys.ts';
import { bytePath, fsPath, keyBytesOf, pathOfKey } from './byte-names.ts';
import { diskError, errno, isAbsent } from './disk-errors.ts';
import { Folders, syncFolder } from './disk-folders.ts';
import { listFiles } from './disk-list.ts';
import { DiskPending } from './disk-pending.ts';
import { readFileRange } from './disk-read.ts';
import { pinOf, statPath } from './disk-stat.ts';
import { assertNoOtherThan } from './disk-taken.ts';
import { listFilter } from './list-filter.ts';
import { assertKey, assertPrefix } from './storage-keys.ts';
import type {
  CreateOutcome,
  ListOptions,
  PendingObject,
  ReadOptions,
  Storage,
  StoredObject,
} from './storage.ts';

/** Where unfinished files are: never listed, and on the same file system as what they become. */
export const TEMPORARY_FOLDER = `${WINNOW_FOLDER}/tmp`;

export interface DiskStorageOptions {
  /** Gives a name that no other process ever takes. Default: a random UUID. */
  readonly uniqueName?: () => string;
}

/** link() fails like this where a file system has no hard links (exFAT, some network and FUSE mounts). */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * A folder as a {@link Storage}. The folder is made with the first object.
 *
 * An object is created by a temporary file, fsync, link() and fsync of the folder: link() fails where the name is
 * taken (rename() would overwrite), and a name never shows less than the whole object (a file opened with O_EXCL
 * would, after a crash). A killed process leaves its temporary files behind and nothing else.
 *
 * Listings hold every regular file, hidden ones and those behind symbolic links included, and leave out sockets,
 * pipes, devices, links to nothing and links to a folder that they lie in.
 */
export function diskStorage(root: string, options: DiskStorageOptions = {}): Storage {
  return new DiskStorage(resolve(root), options.uniqueName ?? randomUUID);
}

class DiskStorage implements Storage {
  readonly uri: string;
  readonly #root: string;
  readonly #folders: Folders;
  readonly #uniqueName: () => string;

  constructor(root: string, uniqueName: () => string) {
    this.uri = root;
    this.#root = bytePath(root === '/' ? '' : root);
    this.#folders = new Folders(this.#root);
    this.#uniqueName = uniqueName;
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<StoredObject> {
    const folder = assertPrefix(prefix);
    if (isTemporary(folder)) return;
    const bytes = folder === '' ? '' : `${keyBytesOf(pathOfKey(folder))}/`;
    const { enters, takes } = listFilter(options);
    yield* listFiles(this.#root, bytes, { takes, enters: (key) => key !== TEMPORARY_FOLDER && enters(key) });
  }

  async stat(key: string): Promise<StoredObject | undefined> {
    assertKey('stat', key);
    try {
      const stats = await statPath(this.#path(key));
      return stats?.isFile() === true ? { key, size: Number(stats.size), pin: pinOf(stats) } : undefined;
    } catch (error) {
      throw diskError('stat', key, error);
    }
  }

  async *read(key: string, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    assertKey('read', key);
    yield* readFileRange(this.#path(key), key, options);
  }

  async create(key: string): Promise<PendingObject> {
    this.#assertOwnKey('create', key);
    return this.#temporaryFile('create', key);
  }

  async commit(objects: readonly PendingObject[]): Promise<CreateOutcome[]> {
    const pending = objects.map((object) => this.#own(object));
    await settle(pending.map((object) => attempt('commit', object.key, () => object.seal())));
    const outcomes = await settle(pending.map(({ key, temporary }) => this.#link('commit', key, temporary)));
    const folders = new Set(pending.map(({ key }) => posix.dirname(this.#path(key))));
    // Also where somebody else was first: their folder may not be synced yet, and we say "durable".
    await settle([...folders].map((folder) => attempt('commit', folder, () => syncFolder(folder))));
    await settle(pending.map((object) => object.abort()));
    return outcomes;
  }

  async commitOver(object: PendingObject, pin: string): Promise<'replaced' | 'changed'> {
    const pending = this.#own(object);
    const { key, temporary } = pending;
    try {
      await pending.sync();
      if ((await this.stat(key))?.pin !== pin) return 'changed';
      await rename(fsPath(temporary), fsPath(this.#path(key)));
      await syncFolder(posix.dirname(this.#path(key)));
    } catch (error) {
      throw diskError('commit', key, error);
    }
    await pending.abort();
    return 'replaced';
  }

  /** A second name for the same file: objects are never written to. */
  async copy(from: string, to: string): Promise<CreateOutcome> {
    assertKey('copy', from);
    this.#assertOwnKey('copy', to);
    if ((await this.stat(from)) === undefined)
      throw new StorageError('not-found', 'copy', from, 'there is no such object');
    const outcome = await this.#link('copy', to, this.#path(from));
    const folder = posix.dirname(this.#path(to));
    await attempt('copy', folder, () => syncFolder(folder));
    return outcome;
  }

  async replace(key: string, bytes: Uint8Array): Promise<void> {
    this.#assertOwnKey('replace', key);
    const pending = await this.#temporaryFile('replace', key);
    try {
      await pending.write(bytes);
      await pending.seal();
      await this.#intoFolder(key, (path) => rename(fsPath(pending.temporary), fsPath(path)));
      await syncFolder(posix.dirname(this.#path(key)));
    } catch (error) {
      await pending.abort();
      if (errno(error) === 'EISDIR') await assertNoOtherThan('replace', key, this.#path(key));
      throw diskError('replace', key, error);
    }
  }

  async remove(key: string): Promise<void> {
    this.#assertOwnKey('remove', key);
    const path = this.#path(key);
    try {
      await unlink(fsPath(path));
      await syncFolder(posix.dirname(path));
    } catch (error) {
      if (!isAbsent(error)) throw diskError('remove', key, error);
    }
  }

  /** The names of temporary files tell nothing, so that none can be said to be of these keys. */
  discardPending(): Promise<void> {
    return Promise.resolve();
  }

  #path(key: string): string {
    return `${this.#root}/${pathOfKey(key)}`;
  }

  #assertOwnKey(operation: string, key: string): void {
    assertKey(operation, key);
    if (isTemporary(key)) {
      throw new StorageError('invalid-key', operation, key, `${TEMPORARY_FOLDER} is for temporary files`);
    }
  }

  #own(object: PendingObject): DiskPending {
    if (object instanceof DiskPending) return object;
    throw new StorageError('failed', 'commit', object.key, 'the object was created in another storage');
  }

  async #temporaryFile(operation: string, key: string): Promise<DiskPending> {
    return attempt(operation, key, () =>
      this.#inFolder(`${this.#root}/${TEMPORARY_FOLDER}`, (folder) =>
        DiskPending.open(key, `${folder}/${bytePath(this.#uniqueName())}`),
      ),
    );
  }

  /** Gives a file, whose path is a byte string, the name of a key that is free. */
  async #link(operation: string, key: string, file: string): Promise<CreateOutcome> {
    try {
      await this.#intoFolder(key, (path) => link(fsPath(file), fsPath(path)));
      return 'created';
    } catch (error) {
      if (errno(error) === 'EEXIST') {
        await assertNoOtherThan(operation, key, this.#path(key));
        return 'exists';
      }
      if (!NO_LINKS.has(errno(error))) throw diskError(operation, key, error);
      throw new StorageError('failed', operation, key, `the file system refused link(): ${errno(error)}`, {
        cause: error,
        hint: 'choose an output on a file system with hard links',
      });
    }
  }

  #intoFolder<T>(key: string, act: (path: string) => Promise<T>): Promise<T> {
    const path = this.#path(key);
    return this.#inFolder(posix.dirname(path), () => act(path));
  }

  /** Does something in a folder that is there; once more where somebody removed the folder meanwhile. */
  async #inFolder<T>(folder: string, act: (folder: string) => Promise<T>): Promise<T> {
    await this.#folders.make(folder);
    try {
      return await act(folder);
    } catch (error) {
      if (errno(error) !== 'ENOENT') throw error;
      this.#folders.forget();
      await this.#folders.make(folder);
      return act(folder);
    }
  }
}

const isTemporary = (key: string): boolean => `${key}/`.startsWith(`${TEMPORARY_FOLDER}/`);

/** All results, or the first failure once nothing is under way any more. */
async function settle<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

async function attempt<T>(operation: string, key: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw diskError(operation, key, error);
  }
}
