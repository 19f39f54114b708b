import { afterEach } from '@jest/globals';
import type { Storage } from '../../../src/storage/storage.ts';
import type { StorageUnderTest } from '../../storage/contract.ts';

/** Gives the test that asks a storage where nothing is. */
export type FreshStorage = () => Promise<Storage>;

/** Such storages, made by `make`; what a test was given is cleaned up after it. */
export function freshStorages(make: () => Promise<StorageUnderTest>): FreshStorage {
  const given: StorageUnderTest[] = [];
  afterEach(async () => {
    for (const made of given.splice(0)) await made.cleanup();
  });
  return async () => {
    const made = await make();
    given.push(made);
    return made.storage;
  };
}
