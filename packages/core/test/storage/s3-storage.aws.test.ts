import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FAULT_KINDS } from '@winnow/testing';
import { storageContract, type KillWriter } from './contract.ts';
import { killsWriters } from './kill-writer.ts';
import { startS3UnderTest, type S3UnderTest } from './s3/s3-under-test.ts';

/** Moto, or a real account: see `startS3UnderTest`. */
describe('over S3', () => {
  let under: S3UnderTest;
  let killWriter: KillWriter;
  beforeAll(async () => {
    under = await startS3UnderTest();
    killWriter = killsWriters(under.environment);
  });
  afterAll(() => under.stop());

  storageContract(
    's3Storage',
    async () => {
      const storage = await under.open(under.freshUri());
      return { storage, cleanup: () => under.empty(storage) };
    },
    { killWriter: (...args) => killWriter(...args) },
  );
});

describe('over S3 that fails', () => {
  let under: S3UnderTest;
  beforeAll(async () => {
    under = await startS3UnderTest({ seed: 11, share: 0.1, stallMs: 100 });
  });
  afterAll(() => under.stop());

  storageContract('s3Storage', async () => {
    const storage = await under.open(under.freshUri());
    return { storage, cleanup: () => under.empty(storage) };
  });

  test('every kind of fault was met', () => {
    const faults = under.aws?.faultCounts();
    // Real ones come when they like; `throttled` is Batch's.
    const kinds = FAULT_KINDS.filter((kind) => kind !== 'throttled');
    if (faults) for (const kind of kinds) expect([kind, faults[kind] > 0]).toEqual([kind, true]);
  });
});
