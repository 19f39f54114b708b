import type { Storage, StoredObject } from '../storage/storage.ts';
import type { Glob } from './glob.ts';
import type { Source, SourceObject } from './source.ts';

/** One object as a source. */
export const fileSource = (storage: Storage, key: string, description: string): Source => ({
  root: storage.uri,
  description,
  storage,
  duplicates: 0,
  list: async function* () {
    const object = await storage.stat(key);
    if (object !== undefined) yield object;
  },
});

/** Which objects of a storage are inputs. */
export interface FolderChoice {
  readonly description: string;
  readonly wanted: Glob['wanted'];
  /** Folders that are never looked into; '' = nothing is. */
  readonly excluded: readonly string[];
}

/** All wanted objects of a storage as a source. Those whose names no storage could keep are listed as refused. */
export function folderSource(storage: Storage, { description, wanted, excluded }: FolderChoice): Source {
  const isExcluded = (folder: string): boolean =>
    excluded.some((key) => folder === key || folder.startsWith(`${key}/`));
  return {
    root: storage.uri,
    description,
    storage,
    duplicates: 0,
    list: async function* () {
      if (excluded.includes('')) return;
      const others: StoredObject[] = [];
      const objects = storage.list('', {
        ...wanted,
        enters: (folder) => !isExcluded(folder) && wanted.enters?.(folder) !== false,
        takes: (key) => !isExcluded(key) && wanted.takes?.(key) !== false,
        onOther: (object) => others.push(object),
      });
      for await (const object of objects) {
        yield* refused(others);
        yield object;
      }
      yield* refused(others);
    },
  };
}

/** Takes them out of the list. What is but a folder's own entry, as consoles make them, holds nothing to read. */
function* refused(others: StoredObject[]): Generator<SourceObject> {
  for (const object of others.splice(0)) {
    if (isFolderName(object.key) && object.size === 0) continue;
    yield { ...object, refuse: 'name-unsupported' };
  }
}

/** The folder that is listed has the name '' in itself. */
const isFolderName = (key: string): boolean => key === '' || key.endsWith('/');
