import { StorageError } from '../errors.ts';
import type { RefusalReason } from '../shapes/refusal.ts';
import { fsPath, keyOfBytes, pathOfKeyBytes } from '../storage/byte-names.ts';
import { isS3Uri, parseS3Uri, s3UriOf } from '../storage/s3/s3-uri.ts';
import type { Storage } from '../storage/storage.ts';
import { openListFile } from './list-file.ts';
import { readPathList } from './path-list.ts';
import type { Source, SourceObject, SourceOptions } from './source.ts';

/** The inputs that a list names: files of this machine, or objects of one bucket. */
export async function openListSource(list: string, options: SourceOptions): Promise<Source> {
  const file = await openListFile(list, options);
  const { root, keys, duplicates } = await readPathList(file);
  const storage = await options.openStorage(rootUri(root ?? file.folder));
  return {
    root: storage.uri,
    description: `list ${file.path}`,
    storage,
    duplicates,
    list: () => listed(storage, keys),
  };
}

/** What a storage is opened by, from a folder as a byte string that ends in `/`. */
function rootUri(folder: string): string {
  if (!isS3Uri(folder)) {
    const path = folder === '/' ? folder : pathOfKeyBytes(folder.slice(0, -1));
    return fsPath(path).toString('utf8');
  }
  const { bucket, path } = parseS3Uri(keyOfBytes(folder));
  return s3UriOf({ bucket, prefix: path });
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
