import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  beatClaim,
  endClaim,
  failClaim,
  listClaims,
  readFailedClaim,
  takeClaim,
} from '../../src/commit/claims.ts';
import { runKeys } from '../../src/run-keys.ts';
import { diskStorage } from '../../src/storage/disk-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { freshMemory } from '../storage/memory-storage.ts';

const KEYS = runKeys('0000-89abcdef');

const claimOf = (claimant: string, shard = 7, beat = 0) => ({ shard, claimant, host: 'h', beat, at: 'now' });

async function onDisk(work: (storage: Storage) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-claims-'));
  try {
    await work(diskStorage(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const STORAGES: [string, (work: (storage: Storage) => Promise<void>) => Promise<void>][] = [
  ['memory', async (work) => work(await freshMemory())],
  ['disk', onDisk],
];

describe.each(STORAGES)('claims in %s', (_, withStorage) => {
  const pinOf = async (storage: Storage, shard = 7): Promise<string | undefined> =>
    (await listClaims(storage, KEYS, 3)).claimed.get(shard);

  test('of many who want a free shard one gets it', () =>
    withStorage(async (storage) => {
      const takes = ['a', 'b', 'c', 'd'].map((name) =>
        takeClaim(storage, KEYS, { n: 3, claim: claimOf(name), pin: undefined }),
      );
      expect((await Promise.all(takes)).filter((taken) => taken)).toHaveLength(1);
      expect([...(await listClaims(storage, KEYS, 3)).claimed.keys()]).toEqual([7]);
      expect((await listClaims(storage, KEYS, 4)).claimed.size).toBe(0);
    }));

  test('one that nobody beats is taken over once; one that was beaten since is not', () =>
    withStorage(async (storage) => {
      await takeClaim(storage, KEYS, { n: 3, claim: claimOf('dead'), pin: undefined });
      const stale = await pinOf(storage);
      expect(stale).toEqual(expect.any(String));
      expect(await takeClaim(storage, KEYS, { n: 3, claim: claimOf('a'), pin: stale })).toBe(true);
      expect(await takeClaim(storage, KEYS, { n: 3, claim: claimOf('b'), pin: stale })).toBe(false);
      const taken = await pinOf(storage);
      // Of another size: a file system tells two writes within a few milliseconds apart by nothing else. Beats are 10 s apart.
      await beatClaim(storage, KEYS, 3, claimOf('a', 7, 10));
      expect(await pinOf(storage)).not.toBe(taken);
      expect(await takeClaim(storage, KEYS, { n: 3, claim: claimOf('b'), pin: taken })).toBe(false);
    }));

  test('a shard that has ended is told as such, with the first word on why it was given up', () =>
    withStorage(async (storage) => {
      for (const shard of [1, 2])
        await takeClaim(storage, KEYS, { n: 3, claim: claimOf('a', shard), pin: undefined });
      await endClaim(storage, KEYS, 3, 1);
      const outcome = { shard: 2, cause: 'bug', exitCode: 70, message: 'no' };
      await failClaim(storage, KEYS, 3, outcome);
      await failClaim(storage, KEYS, 3, { ...outcome, message: 'other' });
      await endClaim(storage, KEYS, 3, 1);
      expect(await listClaims(storage, KEYS, 3)).toEqual({
        claimed: new Map(),
        done: new Set([1]),
        failed: new Set([2]),
      });
      expect(await readFailedClaim(storage, KEYS, 3, 2)).toEqual(outcome);
      expect(await readFailedClaim(storage, KEYS, 3, 1)).toBeUndefined();
    }));
});
