import { constants, kMaxLength } from 'node:buffer';
import { expect, test } from '@jest/globals';
import { OutOfMemoryError, StorageError, WinnowError } from '@winnow/core';
import { KernelMemoryError } from '@winnow/kernel';
import { outOfMemoryOf } from '../src/out-of-memory.ts';

const coded = (code: string): Error => Object.assign(new Error('m'), { code });

/** What the engine itself throws here. */
function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
}

test.each<[string, unknown]>([
  ['a full kernel', new KernelMemoryError(2 ** 32, undefined)],
  ['the system', coded('ENOMEM')],
  ['zlib', coded('Z_MEM_ERROR')],
  ['zstd', coded('ZSTD_error_memory_allocation')],
  // More than any machine's address space.
  ['a buffer', thrownBy(() => new ArrayBuffer(kMaxLength))],
  ['a storage, for want of memory', new StorageError('failed', 'read', 'k', 'm', { cause: coded('ENOMEM') })],
])('%s without memory is out of memory, with the next class', (_, error) => {
  const found = outOfMemoryOf(error, 512);
  expect(found).toBeInstanceOf(OutOfMemoryError);
  expect(found).toMatchObject({ neededMiB: 1024 });
  expect(found?.message).toMatch(/512 MiB.*try 1024 MiB/);
});

test('one that names its need already stays as it is', () => {
  const error = new OutOfMemoryError('m', 4096);
  expect(outOfMemoryOf(error, 512)).toBe(error);
});

test.each<[string, unknown]>([
  ['a bug', new TypeError('m')],
  ['a string that is too long', thrownBy(() => 'x'.repeat(constants.MAX_STRING_LENGTH + 1))],
  ['an index out of range', thrownBy(() => new Uint8Array(1).subarray(0).with(7, 1))],
  ['a trap of the kernel', Object.assign(new Error('unreachable'), { name: 'RuntimeError' })],
  ['a full disk', new StorageError('full', 'write', 'k', 'm', { cause: coded('ENOSPC') })],
  ['an error of ours', new WinnowError('m')],
  ['no error', 'out of memory'],
])('%s is not', (_, error) => {
  expect(outOfMemoryOf(error, 512)).toBeUndefined();
});
