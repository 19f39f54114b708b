import { expect, test } from '@jest/globals';
import { ConfigurationError, ConflictError, OutOfMemoryError, StorageError, WinnowError } from '@winnow/core';
import { endingOf } from '../src/ending.ts';
import { Stopped } from '../src/stopped.ts';

const storage = (code: StorageError['code']): StorageError => new StorageError(code, 'write', 'k', 'why');

test.each<[string, unknown, string, string, number]>([
  ['a signal', new Stopped('interrupted'), 'interrupted', 'interrupted', 75],
  ['a cancel', new Stopped('cancelled'), 'cancelled', 'cancelled', 76],
  ['too little memory', new OutOfMemoryError('m', 1024), 'failed', 'out-of-memory', 137],
  ['a bad configuration', new ConfigurationError('m'), 'failed', 'configuration', 78],
  ['a storage that denies access', storage('denied'), 'failed', 'configuration', 78],
  ['two results', new ConflictError('m'), 'failed', 'conflict', 70],
  ['what may pass', new WinnowError('m', { retryable: true }), 'failed', 'transient', 75],
  ['a storage that may recover', storage('transient'), 'failed', 'transient', 75],
  ['a storage that is full', storage('full'), 'failed', 'transient', 75],
  ['a storage that fails', storage('failed'), 'failed', 'bug', 70],
  ['any other error of ours', new WinnowError('m'), 'failed', 'bug', 70],
  ['an error of nobody', new TypeError('m'), 'failed', 'bug', 70],
  ['what is no error', 'm', 'failed', 'bug', 70],
])('%s', (_, error, state, cause, exitCode) => {
  expect(endingOf(error)).toMatchObject({ state, cause, exitCode, message: expect.any(String) as unknown });
});

test('out of memory names the size to try', () => {
  expect(endingOf(new OutOfMemoryError('m', 3072))).toMatchObject({ neededMiB: 3072 });
});
