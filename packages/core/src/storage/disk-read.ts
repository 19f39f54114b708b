import { open, type FileHandle } from 'node:fs/promises';
import { StorageError } from '../errors.ts';
import { fsPath } from './byte-names.ts';
import { diskError } from './disk-errors.ts';
import { pinOf } from './disk-stat.ts';
import type { ReadOptions } from './storage.ts';

const CHUNK_BYTES = 1 << 20;

const changed = (key: string, detail: string): StorageError =>
  new StorageError('changed', 'read', key, detail, { hint: 'run again once nobody writes to it any more' });

/** The file's size; fails where it is no file or not the version that `pin` names. */
async function checkPin(file: FileHandle, key: string, pin: string | undefined): Promise<number> {
  const stats = await file.stat({ bigint: true });
  if (!stats.isFile()) throw new StorageError('not-found', 'read', key, 'it is no regular file');
  const found = pinOf(stats);
  if (pin !== undefined && found !== pin) {
    throw changed(key, `its mtime and size must still be ${pin}, found ${found}`);
  }
  return Number(stats.size);
}

async function* readRange(
  file: FileHandle,
  key: string,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end;) {
    signal?.throwIfAborted();
    // A buffer for each chunk: it belongs to the consumer from here on.
    const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, end - at));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) throw changed(key, `it ended at byte ${at}, before byte ${end}`);
    at += bytesRead;
    yield chunk.subarray(0, bytesRead);
  }
}

/** The bytes of the file at `path` (a byte string). */
export async function* readFileRange(
  path: string,
  key: string,
  options: ReadOptions,
): AsyncGenerator<Uint8Array> {
  let file: FileHandle | undefined;
  try {
    options.signal?.throwIfAborted();
    file = await open(fsPath(path), 'r');
    const size = await checkPin(file, key, options.pin);
    const end = Math.min(options.end ?? size, size);
    yield* readRange(file, key, options.start ?? 0, end, options.signal);
    await checkPin(file, key, options.pin);
  } catch (error) {
    throw diskError('read', key, error);
  } finally {
    await file?.close();
  }
}
