import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { ConflictError, StorageError, type StorageErrorCode } from '../errors.ts';
import type { CreateOutcome, Storage } from '../storage/storage.ts';
import { storedDigest } from './digest.ts';
import type { Digest } from './digest.ts';

/** A value as its object holds it: one line of JSON, keys in the order the value was built in. */
export const jsonBytes = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`);

/** How often an object that is replaced while it is read is read anew. */
const MOST_VERSIONS = 5;

/** A whole object, in some version. Only for what is small by nature: run files, receipts, reports. */
export async function readAll(storage: Storage, key: string): Promise<Uint8Array> {
  for (let version = 1; ; version++) {
    try {
      const chunks: Uint8Array[] = [];
      // Copied, for a storage may reuse its chunk.
      for await (const chunk of storage.read(key)) chunks.push(Uint8Array.from(chunk));
      return Buffer.concat(chunks);
    } catch (error) {
      if (!isStorageError(error, 'changed') || version === MOST_VERSIONS) throw error;
    }
  }
}

const isStorageError = (error: unknown, code: StorageErrorCode): boolean =>
  error instanceof StorageError && error.code === code;

export const isNotFound = (error: unknown): boolean => isStorageError(error, 'not-found');

/** The object parsed and checked, or undefined where there is none. Fails with `failed` where it is not of the shape. */
export async function readJson<T>(
  storage: Storage,
  key: string,
  shape: z.ZodType<T>,
): Promise<T | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readAll(storage, key);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  return parseJson(bytes, key, shape);
}

/**
 * @param parse what makes a value of the bytes
 * @throws StorageError `failed` naming the key and what is wrong with it.
 */
export function parseJson<T>(
  bytes: Uint8Array,
  key: string,
  shape: z.ZodType<T>,
  parse: (bytes: Buffer) => unknown = (text) => JSON.parse(text.toString('utf8')),
): T {
  let value: unknown;
  try {
    value = parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  } catch (cause) {
    throw new StorageError('failed', 'read', key, `is not JSON (${(cause as Error).message})`, { cause });
  }
  const checked = shape.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const detail = `has a wrong ${issue?.path.join('.') ?? 'shape'}: ${issue?.message ?? ''}`;
  throw new StorageError('failed', 'read', key, detail, { cause: checked.error });
}

/** Creates the object exclusively from its bytes; leaves no temporary data behind when it fails. */
export const createBytes = (storage: Storage, key: string, bytes: Uint8Array): Promise<CreateOutcome> =>
  createFrom(storage, key, [bytes]).then((created) => created.outcome);

/** Creates the object exclusively, as one line of JSON. */
export const createJson = (storage: Storage, key: string, value: unknown): Promise<CreateOutcome> =>
  createBytes(storage, key, jsonBytes(value));

/** Makes sure that exactly these bytes stand under `key`, whoever wrote them first. See {@link createExactlyFrom}. */
export const createExactly = (storage: Storage, key: string, bytes: Uint8Array): Promise<CreateOutcome> =>
  createExactlyFrom(storage, key, [bytes]);

/**
 * The same from a stream, in the memory of one chunk: created, or there already and equal.
 *
 * @throws ConflictError when other bytes stand there.
 */
export async function createExactlyFrom(
  storage: Storage,
  key: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<CreateOutcome> {
  const { outcome, digest } = await createFrom(storage, key, chunks);
  if (outcome === 'exists') assertEqual(storage, key, digest, await storedDigest(storage, key));
  return outcome;
}

/** @throws ConflictError showing both when `ours` and `theirs` differ. */
export function assertEqual(storage: Storage, key: string, ours: Digest, theirs: Digest): void {
  if (ours.sha256 === theirs.sha256 && ours.bytes === theirs.bytes) return;
  throw new ConflictError(
    `${storage.uri}/${key}: two attempts made different bytes: ` +
      `${theirs.bytes} bytes with sha256 ${theirs.sha256} stand there, ` +
      `this one has ${ours.bytes} bytes with sha256 ${ours.sha256}`,
    { hint: 'stop the run, keep its output and inputs as they are and report it: one of the two is wrong' },
  );
}

async function createFrom(
  storage: Storage,
  key: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<{ outcome: CreateOutcome; digest: Digest }> {
  const pending = await storage.create(key);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      await pending.write(chunk);
    }
    const [outcome] = await storage.commit([pending]);
    return { outcome: outcome ?? 'exists', digest: { bytes, sha256: hash.digest('hex') } };
  } finally {
    await pending.abort();
  }
}
