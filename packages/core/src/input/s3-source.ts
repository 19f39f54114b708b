import { parseS3Uri, s3Place, s3UriOf, isS3Uri } from '../storage/s3/s3-uri.ts';
import type { Storage } from '../storage/storage.ts';
import { fileSource, folderSource, type FolderChoice } from './folder-source.ts';
import { parseGlob } from './glob.ts';
import type { Source, SourceOptions } from './source.ts';

/** An object, all that lies below a prefix, or a glob of a bucket. */
export async function openS3Source(source: string, options: SourceOptions): Promise<Source> {
  const { bucket, path } = parseS3Uri(source);
  const at = (prefix: string): Promise<Storage> => options.openStorage(s3UriOf({ bucket, prefix }));
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const name = path.slice(folder.length);
  if (name !== '') {
    const storage = await at(folder);
    if ((await storage.stat(name)) !== undefined) return fileSource(storage, name, `object ${source}`);
  }
  const below = await options.openStorage(source);
  const glob = parseGlob(path);
  if (glob === undefined || (await holdsAnything(below)))
    return openFolder(below, { description: `prefix ${source}`, wanted: {} }, options);
  const base = await at(glob.base === '' ? '' : `${glob.base}/`);
  return openFolder(base, { description: `glob ${source}`, wanted: glob.wanted }, options);
}

async function holdsAnything(storage: Storage): Promise<boolean> {
  for await (const _ of storage.list('')) return true;
  return false;
}

function openFolder(
  storage: Storage,
  choice: Omit<FolderChoice, 'excluded'>,
  { exclude = [] }: SourceOptions,
): Source {
  const root = s3Place(storage.uri);
  const excluded = exclude.filter(isS3Uri).flatMap((uri) => {
    const { bucket, prefix } = s3Place(uri);
    return bucket === root.bucket && prefix.startsWith(root.prefix)
      ? [prefix.slice(root.prefix.length).replace(/\/$/, '')]
      : [];
  });
  return folderSource(storage, { ...choice, excluded });
}
