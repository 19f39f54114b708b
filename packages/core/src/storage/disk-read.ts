import { close, fstat, open, read, type BigIntStats } from 'node:fs';
import { promisify } from 'node:util';
import { StorageError } from '../errors.ts';
import { fsPath } from './byte-names.ts';
import { diskError } from './disk-errors.ts';
import { pinOf } from './disk-stat.ts';
import type { ReadOptions } from './storage.ts';

const CHUNK_BYTES = 1 << 20;
/** Buffers below come from Node's pool: an archive of small files would make one for each. */
const POOLED_BYTES = 4096;

// By descriptor: a FileHandle costs more than the reading of a small file.
const openFile = promisify(open);
const readFile = promisify(read);
const closeFile = promisify(close);
const statFile = (file: number): Promise<BigIntStats> =>
  new Promise((resolve, reject) => {
    fstat(file, { bigint: true }, (error, stats) => {
      if (error === null) resolve(stats);
      else reject(error);
    });
  });

const changed = (key: string, detail: string): StorageError =>
  new StorageError('changed', 'read', key, detail, { hint: 'run again once nobody writes to it any more' });

/** The file's size; fails where it is no file or not the version that `pin` names. */
async function checkPin(file: number, key: string, pin: string | undefined): Promise<number> {
  const stats = await statFile(file);
  if (!stats.isFile()) throw new StorageError('not-found', 'read', key, 'it is no regular file');
  const found = pinOf(stats);
  if (pin !== undefined && found !== pin) {
    throw changed(key, `its mtime and size must still be ${pin}, found ${found}`);
  }
  return Number(stats.size);
}

async function* readRange(
  file: number,
  key: string,
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end;) {
    signal?.throwIfAborted();
    const length = Math.min(CHUNK_BYTES, end - at);
    // A buffer for each chunk: it belongs to the consumer from here on.
    const chunk = length < POOLED_BYTES ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length);
    const { bytesRead } = await readFile(file, chunk, 0, length, at);
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
  let file: number | undefined;
  try {
    options.signal?.throwIfAborted();
    file = await openFile(fsPath(path), 'r');
    const size = await checkPin(file, key, options.pin);
    const end = Math.min(options.end ?? size, size);
    yield* readRange(file, key, options.start ?? 0, end, options.signal);
    await checkPin(file, key, options.pin);
  } catch (error) {
    throw diskError('read', key, error);
  } finally {
    if (file !== undefined) await closeFile(file);
  }
}
