import { realpath } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { ConfigurationError } from '../errors.ts';
import { bytePath, keyBytesOf, keyOfBytes } from '../storage/byte-names.ts';
import { statPath } from '../storage/disk-stat.ts';
import { diskStorage } from '../storage/disk-storage.ts';
import { isS3Uri } from '../storage/s3/s3-uri.ts';
import { fileSource, folderSource } from './folder-source.ts';
import { parseGlob, type Glob } from './glob.ts';
import type { Source, SourceOptions } from './source.ts';

/** A file, a folder or a glob of this machine. @throws ConfigurationError where it is none */
export async function openDiskSource(source: string, options: SourceOptions): Promise<Source> {
  const path = resolve(options.cwd, source);
  const found = await statPath(bytePath(path));
  if (found?.isFile() === true) return openFile(path);
  if (found?.isDirectory() === true) return openFolder(path, `folder ${source}`, {}, options);
  if (found !== undefined) {
    throw new ConfigurationError(
      `--source must be a file, a folder, a glob or @LIST, ${source} is none of these`,
      { hint: 'pipes, sockets and devices cannot be read twice: write their content to a file' },
    );
  }
  const glob = parseGlob(source);
  if (glob !== undefined) {
    const base = resolve(options.cwd, glob.base);
    return openFolder(base, `glob ${source}`, glob.wanted, options);
  }
  throw new ConfigurationError(`--source must exist, ${source} does not (looked for ${path})`, {
    hint: 'check the path',
  });
}

function openFile(path: string): Source {
  const key = keyOfBytes(keyBytesOf(bytePath(basename(path))));
  return fileSource(diskStorage(dirname(path)), key, `file ${path}`);
}

async function openFolder(
  root: string,
  description: string,
  wanted: Glob['wanted'],
  { exclude = [] }: SourceOptions,
): Promise<Source> {
  const excluded = await excludedKeys(
    root,
    exclude.filter((folder) => !isS3Uri(folder)),
  );
  return folderSource(diskStorage(root), { description, wanted, excluded });
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
