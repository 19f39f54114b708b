import { OutOfMemoryError } from '@winnow/core';
import { KernelMemoryError } from '@winnow/kernel';
import { neededOver } from './memory-watch.ts';

/** Of the system, of Node's buffers and of zlib: whoever asked for memory and got none. */
const CODES: readonly unknown[] = [
  'ENOMEM',
  'ERR_MEMORY_ALLOCATION_FAILED',
  'ERR_ZLIB_INITIALIZATION_FAILED',
  'Z_MEM_ERROR',
  'ZSTD_error_memory_allocation',
];

/** How the JavaScript engine says it of buffers and of WebAssembly's memory: there is no code. */
const ENGINE_SAYS = /allocation failed|out of memory|could not allocate memory/i;

/** An error by which memory was short, told as such with the size to try next; undefined for any other. */
export function outOfMemoryOf(error: unknown, limitMiB: number): OutOfMemoryError | undefined {
  if (error instanceof OutOfMemoryError) return error;
  if (typeof error !== 'object' || error === null) return undefined;
  // By its facts, not by its class: an engine's own error may come from another context than this file's.
  const { name, message = '', code, cause } = error as Partial<NodeJS.ErrnoException>;
  const isEngines = name === 'RangeError' && ENGINE_SAYS.test(message);
  if (!(error instanceof KernelMemoryError) && !isEngines && !CODES.includes(code)) {
    return outOfMemoryOf(cause, limitMiB);
  }
  const needed = neededOver(limitMiB);
  return new OutOfMemoryError(
    `${message}: more memory is needed than a process of ${limitMiB} MiB has; try ${needed} MiB`,
    needed,
    { cause: error },
  );
}
