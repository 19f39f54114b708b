import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { parseS3Uri } from '../../../src/storage/s3/s3-uri.ts';
import type { ReadOptions, Storage } from '../../../src/storage/storage.ts';
import { pattern } from '../pattern.ts';
import { startS3UnderTest, type S3UnderTest } from './s3-under-test.ts';

const LENGTH = 8 << 20;

/** Its first answer breaks off in the middle; a real account's does not. */
describe('a read of an object in S3 that breaks off', () => {
  let under: S3UnderTest;
  let storage: Storage;
  let breaksOff = false;
  beforeAll(async () => {
    under = await startS3UnderTest({
      ...{ seed: 1, share: 1, kinds: ['truncated'] },
      only: ({ method, path }) => {
        const isIt = breaksOff && method === 'GET' && path.endsWith('/key');
        if (isIt) breaksOff = false;
        return isIt;
      },
    });
    storage = await under.open(under.freshUri());
  });
  afterAll(async () => {
    await under.empty(storage);
    await under.stop();
  });

  /** @param meanwhile is done when the first bytes have come */
  async function read(options: ReadOptions, meanwhile: () => Promise<void>): Promise<Buffer> {
    breaksOff = under.aws !== undefined;
    const chunks: Uint8Array[] = [];
    for await (const chunk of storage.read('key', options)) {
      if (chunks.length === 0) await meanwhile();
      chunks.push(Uint8Array.from(chunk));
    }
    expect(breaksOff).toBe(false);
    return Buffer.concat(chunks);
  }
  const overwrite = async (): Promise<void> => {
    const { bucket, path } = parseS3Uri(storage.uri);
    await under.s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: `${path}/key`, Body: Buffer.from(pattern(LENGTH, 2)) }),
    );
  };

  test.each<[string, boolean, ReadOptions]>([
    ['whole', false, {}],
    ['whole, pinned', true, {}],
    ['a range, pinned', true, { start: 1_000_001, end: 5_000_002 }],
  ])('goes on where it stood: %s', async (_, isPinned, range) => {
    await storage.replace('key', pattern(LENGTH));
    const { pin } = (await storage.stat('key'))!;
    const bytes = await read(isPinned ? { pin, ...range } : range, () => Promise.resolve());
    expect(bytes.equals(Buffer.from(pattern(LENGTH)).subarray(range.start, range.end))).toBe(true);
  });

  test.each([true, false])('never goes on with another version (pinned: %s)', async (isPinned) => {
    await storage.replace('key', pattern(LENGTH));
    const { pin } = (await storage.stat('key'))!;
    const reading = read(isPinned ? { pin } : {}, overwrite);
    // What a real one had begun to send it sends to the end.
    if (under.aws === undefined) expect((await reading).equals(pattern(LENGTH))).toBe(true);
    else await expect(reading).rejects.toMatchObject({ code: 'changed', key: 'key' });
  });
});
