import { realpath } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { ConfigurationError, StorageError } from '../errors.ts';
import type { RefusalReason } from '../shapes/refusal.ts';
import { bytePath, fsPath, keyBytesOf, keyOfBytes, pathOfKeyBytes } from '../storage/byte-names.ts';
import { listFiles, type ListFilter } from '../storage/disk-list.ts';
import { statPath } from '../storage/disk-stat.ts';
import { diskStorage, TEMPORARY_FOLDER } from '../storage/disk-storage.ts';
import type { Storage, StoredObject } from '../storage/storage.ts';
import { parseGlob } from './glob.ts';
import { readPathList } from './list-file.ts';

/** An input as a source names it. */
export interface SourceObject extends StoredObject {
  /** Named (in a list file) but not there to be read: size 0 and pin '' then. */
  readonly refuse?: RefusalReason;
}

/** What `--source` stands for. */
export interface Source {
  /** The absolute folder that keys are relative to. */
  readonly root: string;
  /** For messages: what was asked for, and as what it was understood. */
  readonly description: string;
  readonly storage: Storage;
  /** Lines of a list file that named an input again; 0 for other sources. */
  readonly duplicates: number;
  /** In the order of the UTF-8 bytes of the keys, in bounded memory. */
  list(): AsyncIterable<SourceObject>;
}

export interface SourceOptions {
  /** What relative paths are relative to. */
  readonly cwd: string;
  /** Absolute folders that are never listed: an output that lies inside the source. */
  readonly exclude?: readonly string[];
}

/**
 * Reads `--source`, one of
 *
 * - a file;
 * - a folder: every file below it, hidden ones too;
 * - a glob (`*`, `**`, `?`, `[x]`, `{a,b}`), where no file or folder has that very name: hidden names match only
 *   where it has the dot; the root is the folder above its first wildcard;
 * - `@FILE`: a list of paths, one a line, relative to the list's folder; blank lines and `#` lines are skipped. The
 *   root is the deepest folder that holds them all. Paths that lead nowhere are listed as refused.
 *
 * @throws ConfigurationError where that names nothing to read
 */
export async function openSource(source: string, options: SourceOptions): Promise<Source> {
  const opened = await open(source, options);
  const looked = opened.list()[Symbol.asyncIterator]();
  const first = await looked.next();
  if (first.done === true) {
    throw new ConfigurationError(`--source must name at least one file, ${opened.description} has none`, {
      hint: 'check the path; hidden files match a glob only where it has the dot',
    });
  }
  let begun: AsyncIterable<SourceObject> | undefined = goOn(first.value, looked);
  return {
    ...opened,
    // The look goes on as the first listing: a folder of a million names is not read twice.
    list: () => {
      const listing = begun ?? opened.list();
      begun = undefined;
      return listing;
    },
  };
}

async function* goOn<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function open(source: string, options: SourceOptions): Promise<Source> {
  if (source === '')
    throw new ConfigurationError('--source must not be empty', { hint: 'name a file or a folder' });
  if (source.startsWith('@')) return openList(source.slice(1), options);
  const path = resolve(options.cwd, source);
  const found = await statPath(bytePath(path));
  if (found?.isFile() === true) return openFile(path);
  if (found?.isDirectory() === true) return openFolder(path, `folder ${source}`, {}, options);
  if (found !== undefined) {
    throw new ConfigurationError(
      `--source must be a file, a folder, a glob or @LIST, ${source} is none of these`,
      {
        hint: 'pipes, sockets and devices cannot be read twice: write their content to a file',
      },
    );
  }
  const glob = parseGlob(source);
  if (glob !== undefined) {
    const base = resolve(options.cwd, glob.base);
    return openFolder(base, `glob ${source}`, glob.filter, options);
  }
  throw new ConfigurationError(`--source must exist, ${source} does not (looked for ${path})`, {
    hint: 'check the path',
  });
}

function openFile(path: string): Source {
  const storage = diskStorage(dirname(path));
  const key = keyOfBytes(keyBytesOf(bytePath(basename(path))));
  return {
    root: dirname(path),
    description: `file ${path}`,
    storage,
    duplicates: 0,
    list: async function* () {
      const object = await storage.stat(key);
      if (object !== undefined) yield object;
    },
  };
}

/** Where a path really lies; a path that leads nowhere (yet) is taken as it is. */
const reallyAt = (path: string): Promise<string> => realpath(path).catch(() => path);

/** The folders to leave out, as keys below the root; '' for the root itself. Links above either are seen through. */
async function excludedKeys(root: string, exclude: readonly string[]): Promise<string[]> {
  const real = await Promise.all([root, ...exclude].map(reallyAt));
  return [
    ...exclude.map((folder) => relative(root, folder)),
    ...real.slice(1).map((folder) => relative(real[0] ?? root, folder)),
  ]
    .filter((key) => !key.startsWith('../') && key !== '..')
    .map((key) => keyOfBytes(keyBytesOf(bytePath(key))));
}

async function openFolder(
  root: string,
  description: string,
  filter: ListFilter,
  options: SourceOptions,
): Promise<Source> {
  const excluded = new Set([TEMPORARY_FOLDER, ...(await excludedKeys(root, options.exclude ?? []))]);
  const enters = (key: string): boolean => !excluded.has(key) && filter.enters?.(key) !== false;
  return {
    root,
    description,
    storage: diskStorage(root),
    duplicates: 0,
    list: async function* () {
      if (excluded.has('')) return;
      yield* listFiles(bytePath(root === '/' ? '' : root), '', { ...filter, enters });
    },
  };
}

async function openList(list: string, { cwd }: SourceOptions): Promise<Source> {
  const path = resolve(cwd, list);
  if ((await statPath(bytePath(path)))?.isFile() !== true) {
    throw new ConfigurationError(`--source @${list} must name a file with a path a line, ${path} is none`, {
      hint: 'check the path; for a source whose name begins with @ write ./@name',
    });
  }
  const { root, keys, duplicates } = await readPathList(path, bytePath(dirname(path)));
  const folder = root === '' ? '/' : fsPath(pathOfKeyBytes(root)).toString('utf8');
  const storage = diskStorage(folder);
  return {
    root: folder,
    description: `list ${path}`,
    storage,
    duplicates,
    list: () => listed(storage, keys),
  };
}

const LOOK_UPS = 64;

async function* listed(storage: Storage, keys: Iterable<string>): AsyncGenerator<SourceObject> {
  let window: string[] = [];
  const lookedUp = (): Promise<SourceObject[]> => Promise.all(window.map((key) => lookUp(storage, key)));
  for (const key of keys) {
    window.push(keyOfBytes(key));
    if (window.length < LOOK_UPS) continue;
    yield* await lookedUp();
    window = [];
  }
  yield* await lookedUp();
}

async function lookUp(storage: Storage, key: string): Promise<SourceObject> {
  const refused = (refuse: RefusalReason): SourceObject => ({ key, size: 0, pin: '', refuse });
  try {
    return (await storage.stat(key)) ?? refused('vanished');
  } catch (error) {
    if (error instanceof StorageError && error.code === 'denied') return refused('denied');
    if (error instanceof StorageError && error.code === 'invalid-key') return refused('vanished');
    throw error;
  }
}
