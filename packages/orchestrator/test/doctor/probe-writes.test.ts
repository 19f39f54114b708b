import { describe, expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { diskStorage, type Storage } from '@winnow/core';
import { probeWrites } from '../../src/doctor/probe-writes.ts';
import { withFolder } from '../winnow.ts';

const KEY = '_winnow/doctor/probe';

/** A disk that keeps to no condition: what it is asked to create or replace it writes, whatever is there. */
function careless(real: Storage): Storage {
  return new Proxy(real, {
    get(target, name) {
      if (name === 'commit')
        return async ([object]: Parameters<Storage['commit']>[0]) => {
          await target.remove(object?.key ?? '');
          return target.commit(object === undefined ? [] : [object]);
        };
      if (name === 'commitOver')
        return async (object: Parameters<Storage['commitOver']>[0]) => {
          const pin = (await target.stat(object.key))?.pin ?? '';
          return target.commitOver(object, pin);
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('writes are probed, and nothing stays', () => {
  test.each<[string, (real: Storage) => Storage, boolean]>([
    ['a storage that keeps to its conditions', (real) => real, true],
    ['one that does not', careless, false],
  ])('%s', (_what, of, keeps) =>
    withFolder(async (folder) => {
      const found = await probeWrites(of(diskStorage(folder)), KEY);
      expect(found).toEqual({ createsOnce: keeps, replacesThatVersion: keeps });
      expect(await readdir(folder, { recursive: true })).toEqual([
        '_winnow',
        '_winnow/doctor',
        '_winnow/tmp',
      ]);
    }),
  );
});
