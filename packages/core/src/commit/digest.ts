import { createHash } from 'node:crypto';
import { StorageError } from '../errors.ts';
import type { Storage } from '../storage/storage.ts';

/** What an object's bytes are: their number and their SHA-256 in hex. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

export const digestOf = (bytes: Uint8Array): Digest => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/**
 * The digest of what stands under `key`, read in chunks. Fails with `not-found` where there is nothing, with `changed`
 * where it is not the version with the pin.
 */
export async function storedDigest(storage: Storage, key: string, pin?: string): Promise<Digest> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of storage.read(key, pin === undefined ? {} : { pin })) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The SHA-256 of what stands under `key`, undefined where nothing does. */
export async function standingSha256(storage: Storage, key: string): Promise<string | undefined> {
  try {
    return (await storedDigest(storage, key)).sha256;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'not-found') return undefined;
    throw error;
  }
}
