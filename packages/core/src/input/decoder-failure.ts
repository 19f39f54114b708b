import { OutOfMemoryError, WinnowError } from '../errors.ts';
import { DecodeError } from './decode-error.ts';
import { memoryClassFor } from '../memory-class.ts';

const OUT_OF_MEMORY = new Set(['Z_MEM_ERROR', 'ZSTD_error_memory_allocation', 'ERR_ZSTD_MEMORY', 'ENOMEM']);

/** What an error of zlib means: damage since the frame or member began, except where memory was short. */
export function decoderFailure(
  format: string,
  error: unknown,
  at: { readonly storedOffset: number; readonly decodedOffset: number },
  windowBytes = 0,
): Error {
  if (error instanceof WinnowError) return error;
  const { code, message } = error as Partial<NodeJS.ErrnoException>;
  if (typeof code !== 'string') return error as Error;
  if (OUT_OF_MEMORY.has(code)) {
    const neededMiB = memoryClassFor(windowBytes);
    return new OutOfMemoryError(`no memory was left to decode ${format}: give ${neededMiB} MiB`, neededMiB, {
      cause: error,
    });
  }
  if (!code.startsWith('Z_') && !code.startsWith('ZSTD_')) return error as Error;
  return new DecodeError('corrupt', `${format} says: ${message ?? code}`, at, { cause: error });
}
