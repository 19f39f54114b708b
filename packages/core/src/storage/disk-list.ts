import type { BigIntStats, Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { fsPath, keyBytesOf, keyOfBytes, pathOfKeyBytes } from './byte-names.ts';
import { diskError, isAbsent } from './disk-errors.ts';
import { pinOf, statPath } from './disk-stat.ts';
import type { ListFilter } from './list-filter.ts';
import { SortedNames } from './sorted-names.ts';
import type { StoredObject } from './storage.ts';

/** Files whose facts are asked for at once: enough to hide a disk's latency, few enough for libuv's four threads. */
const STAT_WINDOW = 64;
const OPENDIR_ENTRIES = 1024;

const pathIn = (root: string, keyBytes: string): string =>
  keyBytes === '' ? root : `${root}/${pathOfKeyBytes(keyBytes)}`;

/**
 * What to sort a folder's entry by: its key's bytes, a folder's with `/` at the end, since that is how it goes on in
 * the keys below it ("a-b" < "a/b" < "ab"). Undefined for what is never listed: sockets, pipes, devices, links to
 * nothing. A link counts as what it leads to.
 */
async function sortName(root: string, folder: string, entry: Dirent): Promise<string | undefined> {
  const name = keyBytesOf(entry.name);
  if (entry.isFile()) return name;
  if (entry.isDirectory()) return `${name}/`;
  if (!entry.isSymbolicLink()) return undefined;
  const target = await statPath(pathIn(root, folder + name));
  if (target === undefined) return undefined;
  if (!target.isDirectory()) return target.isFile() ? name : undefined;
  return (await leadsAbove(root, folder, target)) ? undefined : `${name}/`;
}

/** Whether a link in `folder` leads to a folder that it lies in: following it would never end. */
async function leadsAbove(root: string, folder: string, target: BigIntStats): Promise<boolean> {
  const segments = folder.split('/').slice(0, -1);
  for (let depth = segments.length; depth >= 0; depth--) {
    const above = await statPath(pathIn(root, segments.slice(0, depth).join('/')));
    if (above?.ino === target.ino && above.dev === target.dev) return true;
  }
  return false;
}

/** The names in a folder (`folder` is '' or ends in `/`), sorted: the only thing that a listing holds in full. */
async function sortedNames(root: string, folder: string): Promise<Iterable<string>> {
  const names = new SortedNames();
  try {
    const opened = await opendir(fsPath(pathIn(root, folder.slice(0, -1))), {
      encoding: 'latin1' as BufferEncoding,
      bufferSize: OPENDIR_ENTRIES,
    });
    for await (const entry of opened) {
      const name = await sortName(root, folder, entry);
      if (name !== undefined) names.add(name);
    }
  } catch (error) {
    if (isAbsent(error)) return [];
    throw diskError('list', keyOfBytes(folder), error);
  }
  return names;
}

/** The files among neighbours of a folder, looked at together. Those that are gone by now are left out. */
async function statWindow(root: string, keys: readonly string[]): Promise<StoredObject[]> {
  const stats = await Promise.all(
    keys.map((key) =>
      statPath(pathIn(root, key)).catch((error: unknown) => {
        throw diskError('list', keyOfBytes(key), error);
      }),
    ),
  );
  return stats.flatMap((found, index) => {
    if (found?.isFile() !== true) return [];
    return [{ key: keyOfBytes(keys[index] ?? ''), size: Number(found.size), pin: pinOf(found) }];
  });
}

/**
 * All regular files below `folder` (a byte string: '' or ending in `/`) of `root`, hidden ones and those behind
 * symbolic links included, in the order of the UTF-8 bytes of their keys.
 */
export async function* listFiles(
  root: string,
  folder: string,
  filter: ListFilter,
): AsyncGenerator<StoredObject> {
  let files: string[] = [];
  for (const name of await sortedNames(root, folder)) {
    const keyBytes = folder + name;
    if (!name.endsWith('/')) {
      if (filter.takes(keyOfBytes(keyBytes))) files.push(keyBytes);
      if (files.length < STAT_WINDOW) continue;
    }
    yield* await statWindow(root, files);
    files = [];
    if (name.endsWith('/') && filter.enters(keyOfBytes(keyBytes.slice(0, -1)))) {
      yield* listFiles(root, keyBytes, filter);
    }
  }
  yield* await statWindow(root, files);
}
