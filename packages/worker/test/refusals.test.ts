import { expect, test } from '@jest/globals';
import { DecodeError, OutOfMemoryError, StorageError } from '@winnow/core';
import { refusalOf, wholly } from '../src/refusals.ts';

const input = { key: 'a', size: 100, pin: 'p' };
const whole = { input, start: 0, end: 100 };
const range = { input, start: 40, end: 60 };
const storage = (code: StorageError['code'], operation = 'read', key = 'a'): StorageError =>
  new StorageError(code, operation, key, 'words of the system');
const damage = (kind: DecodeError['kind'], storedOffset: number): DecodeError =>
  new DecodeError(kind, 'words of a library', { storedOffset, decodedOffset: 7 });

test.each([
  ['not-found', 'vanished'],
  ['changed', 'changed'],
  ['denied', 'denied'],
  ['failed', 'unreadable'],
] as const)('%s: the share is refused as %s, all of it', (code, reason) => {
  for (const operation of ['read', 'stat']) {
    expect(refusalOf(storage(code, operation), whole)).toMatchObject({
      refusal: { input: 'a', reason, offset: 0, bytes: 100 },
      decodedLimit: 0,
    });
  }
  expect(refusalOf(storage(code), range)).toMatchObject({ refusal: { reason, offset: 40, bytes: 20 } });
});

test.each(['truncated', 'corrupt', 'over-limit'] as const)(
  '%s: the rest is refused, what was decoded is kept',
  (kind) => {
    expect(refusalOf(damage(kind, 30), whole)).toMatchObject({
      refusal: { input: 'a', reason: kind, offset: 30, bytes: 70 },
      decodedLimit: 7,
    });
    expect(refusalOf(damage(kind, 200), whole)).toMatchObject({ refusal: { offset: 100, bytes: 0 } });
  },
);

test.each<[string, unknown]>([
  ['a storage that may recover', storage('transient')],
  ['a full storage', storage('full')],
  ['a key that cannot be', storage('invalid-key')],
  ['another object', storage('denied', 'read', 'part-1')],
  ['a writing, even under the same key', storage('denied', 'create')],
  ['too little memory', new OutOfMemoryError('m', 1024)],
  ['a bug', new TypeError('m')],
  ['an error of the system', Object.assign(new Error('m'), { code: 'ENOENT' })],
])('%s refuses nothing', (_, error) => {
  expect(refusalOf(error, whole)).toBeUndefined();
});

test('no refusal says what a system or a library may say in another way', () => {
  const found = [storage('failed'), storage('denied'), damage('corrupt', 0), damage('truncated', 0)].map(
    (error) => refusalOf(error, whole),
  );
  expect(JSON.stringify(found)).not.toContain('words');
  expect(wholly(whole, 'vanished').refusal.detail).toBe('it was there when the plan was made');
});
