import { expect, test } from '@jest/globals';
import { KeyLock } from '../../src/moto-gaps/key-lock.ts';

test('what is done to one key happens one after the other, also after a failure; other keys do not wait', async () => {
  const lock = new KeyLock();
  const log: string[] = [];
  const gate = Promise.withResolvers<undefined>();
  const work = (name: string, wait: Promise<unknown>) => async () => {
    log.push(`${name} begins`);
    await wait;
    log.push(`${name} ends`);
    if (name === 'first') throw new Error('failed');
  };
  const first = lock.hold('key', work('first', gate.promise));
  const second = lock.hold('key', work('second', Promise.resolve()));
  await lock.hold('other', work('other', Promise.resolve()));
  gate.resolve(undefined);
  await expect(first).rejects.toThrow('failed');
  await second;
  expect(log).toEqual([
    'first begins',
    'other begins',
    'other ends',
    'first ends',
    'second begins',
    'second ends',
  ]);
});
