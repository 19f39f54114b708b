import { readAll } from '../../../src/commit/objects.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { MemoryContents } from '../../storage/memory-storage.ts';

/** Whether there is such an object. */
export const has = async (storage: Storage, key: string): Promise<boolean> =>
  (await storage.stat(key)) !== undefined;

export async function keysOf(storage: Storage, begins = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list('')) if (key.startsWith(begins)) keys.push(key);
  return keys;
}

export const textOf = async (storage: Storage, key: string): Promise<string> =>
  Buffer.from(await readAll(storage, key)).toString();

/** A copy of everything that is there. */
export async function contentsOf(storage: Storage): Promise<MemoryContents> {
  const contents = new MemoryContents();
  for (const key of await keysOf(storage)) contents.put(key, await readAll(storage, key));
  return contents;
}

/** Everything that is there, by key. */
export async function textsOf(storage: Storage): Promise<Map<string, string>> {
  const { objects } = await contentsOf(storage);
  return new Map([...objects].map(([key, { bytes }]) => [key, Buffer.from(bytes).toString()]));
}
