import { StorageError } from '../errors.ts';

function fault(key: string): string | undefined {
  if (key === '') return 'a key must not be empty';
  if (key.startsWith('/')) return "a key is relative: it must not begin with '/'";
  if (key.includes('\0')) return 'a key must not hold a NUL character';
  if (!key.isWellFormed()) return 'a key must be well-formed Unicode';
  const bad = key.split('/').find((name) => name === '' || name === '.' || name === '..');
  return bad === undefined ? undefined : `no name in a key may be '${bad}'`;
}

/** Whether it can be a key: other programs' objects in a bucket may be called otherwise. */
export const isKey = (key: string): boolean => fault(key) === undefined;

/** Refuses what is no key in any storage. @throws StorageError `invalid-key` */
export function assertKey(operation: string, key: string): void {
  const found = fault(key);
  if (found !== undefined) throw new StorageError('invalid-key', operation, JSON.stringify(key), found);
}

/** A folder to list, without the `/` at its end; '' stands for all. @throws StorageError `invalid-key` */
export function assertPrefix(prefix: string): string {
  const folder = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  if (prefix !== '') assertKey('list', folder);
  return folder;
}
