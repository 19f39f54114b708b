import { StorageError, type PlannedInput, type Storage } from '@winnow/core';

/**
 * Makes sure that what was read of an input until now is of the version that the plan pinned. A storage tells so by
 * itself only when an object is read to its end.
 *
 * @throws StorageError `changed` or `not-found`
 */
export async function assertUnchanged(source: Storage, { key, pin }: PlannedInput): Promise<void> {
  const found = await source.stat(key);
  if (found?.pin === pin) return;
  if (!found) throw new StorageError('not-found', 'stat', key, 'it was there when the plan was made');
  throw new StorageError('changed', 'stat', key, `its pin must still be ${pin}, found ${found.pin}`);
}
