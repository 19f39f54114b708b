import { ConfigurationError } from '../errors.ts';
import type { RefusalReason } from '../shapes/refusal.ts';
import type { OpenStorage } from '../storage/open-storage.ts';
import { isS3Uri } from '../storage/s3/s3-uri.ts';
import type { Storage, StoredObject } from '../storage/storage.ts';
import { openDiskSource } from './disk-source.ts';
import { openListSource } from './list-source.ts';
import { openS3Source } from './s3-source.ts';

/** An input as a source names it. */
export interface SourceObject extends StoredObject {
  /** Named but not to be read. Size 0 and pin '' where it is not there. */
  readonly refuse?: RefusalReason;
}

/** What `--source` stands for. */
export interface Source {
  /** The absolute folder, or `s3://bucket/prefix`, that keys are relative to. */
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
  /** Roots of storages that are never listed: an output that lies inside the source. */
  readonly exclude?: readonly string[];
  readonly openStorage: OpenStorage;
}

/**
 * Reads `--source`, one of
 *
 * - a file or object;
 * - a folder, or what begins with `s3://bucket/prefix/`: every file below it, hidden ones too;
 * - a glob (`*`, `**`, `?`, `[x]`, `{a,b}`), where no file or folder has that very name: hidden names match only
 *   where it has the dot; the root is the folder above its first wildcard;
 * - `@FILE`: a list of paths or of objects, one a line, relative to the list's folder; blank lines and `#` lines are
 *   skipped. The root is the deepest folder that holds them all. What leads nowhere is listed as refused.
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

async function open(source: string, options: SourceOptions): Promise<Source> {
  if (source === '')
    throw new ConfigurationError('--source must not be empty', { hint: 'name a file or a folder' });
  if (source.startsWith('@')) return openListSource(source.slice(1), options);
  return isS3Uri(source) ? openS3Source(source, options) : openDiskSource(source, options);
}

async function* goOn<T>(first: T, rest: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
