import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { compareKeys } from '../../../src/key-order.ts';
import type { PendingObject, Storage } from '../../../src/storage/storage.ts';
import { parseS3Uri } from '../../../src/storage/s3/s3-uri.ts';
import { killsWriters } from '../kill-writer.ts';
import { pattern } from '../pattern.ts';
import { startS3UnderTest, type S3UnderTest } from './s3-under-test.ts';

const MIB = 1 << 20;
/** More than one part, so an upload. */
const LARGE = 34 * MIB + 77;

/** A request whose reply is to be lost: once each time that a test asks. */
interface LostReply {
  readonly method: string;
  /** In its query. */
  readonly parameter?: string;
}

/** What is particular to S3, beside the contract that every storage keeps. */
describe('objects in S3', () => {
  let under: S3UnderTest;
  let lost: LostReply | undefined;
  let storage: Storage;
  let root: string;

  beforeAll(async () => {
    under = await startS3UnderTest({
      ...{ seed: 1, share: 1, kinds: ['lost-reply'] },
      only: ({ method, query }) => {
        const { method: wanted, parameter } = lost ?? {};
        if (method !== wanted || (parameter !== undefined && !query.has(parameter))) return false;
        lost = undefined;
        return true;
      },
    });
  });
  afterAll(() => under.stop());
  beforeEach(async () => {
    lost = undefined;
    storage = await under.open(under.freshUri());
    root = `${parseS3Uri(storage.uri).path}/`;
  });
  afterEach(async () => {
    expect(lost).toBeUndefined();
    await under.empty(storage);
  });

  async function pending(key: string, bytes: Uint8Array, from: Storage = storage): Promise<PendingObject> {
    const object = await from.create(key);
    for (let at = 0; at < bytes.length; at += 3_333_333)
      await object.write(bytes.subarray(at, at + 3_333_333));
    await object.end();
    return object;
  }
  /** As AWS's own client gets it. */
  async function stored(key: string): Promise<Buffer> {
    const { Body } = await under.s3.send(new GetObjectCommand({ Bucket: under.bucket, Key: root + key }));
    return Buffer.from(await Body!.transformToByteArray());
  }
  async function uploads(): Promise<string[]> {
    const command = new ListMultipartUploadsCommand({ Bucket: under.bucket, Prefix: root });
    const { Uploads = [] } = await under.s3.send(command);
    return Uploads.map(({ Key = '' }) => Key.slice(root.length)).sort();
  }

  test('a large one goes out in parts and shows when all of them are one', async () => {
    const bytes = pattern(LARGE);
    const object = await pending('folder/large', bytes);
    expect(await uploads()).toEqual(['folder/large']);
    expect(await storage.stat('folder/large')).toBeUndefined();
    expect(await storage.commit([object])).toEqual(['created']);
    expect((await stored('folder/large')).equals(bytes)).toBe(true);
    const head = new HeadObjectCommand({ Bucket: under.bucket, Key: `${root}folder/large` });
    const { ETag, ContentLength } = await under.s3.send(head);
    expect([ETag, ContentLength]).toEqual([expect.stringMatching(/-[3-9]"$/), LARGE]);
    expect(await uploads()).toEqual([]);
  });

  test('a damaged part of a large one is refused, and nothing lands', async () => {
    const object = await pending('large', pattern(LARGE));
    const [upload] = (
      await under.s3.send(new ListMultipartUploadsCommand({ Bucket: under.bucket, Prefix: root }))
    ).Uploads!;
    const { UploadId, Key } = upload!;
    const part = { Bucket: under.bucket, Key, UploadId, PartNumber: 1, Body: pattern(16 * MIB, 9) };
    await under.s3.send(new UploadPartCommand(part));
    await expect(storage.commit([object])).rejects.toMatchObject({ operation: 'commit', key: 'large' });
    expect(await storage.stat('large')).toBeUndefined();
    await object.abort();
    expect(await uploads()).toEqual([]);
  });

  test.each([
    ['small', 100],
    ['large', LARGE],
  ])('of two writers of one %s key one creates it; the other leaves nothing', async (_, length) => {
    const objects = await Promise.all([1, 2].map((n) => pending('key', pattern(length, n))));
    const [first, second] = await Promise.all(objects.map((object) => storage.commit([object])));
    expect([first![0], second![0]].sort()).toEqual(['created', 'exists']);
    expect((await stored('key')).equals(pattern(length, first![0] === 'created' ? 1 : 2))).toBe(true);
    expect(await uploads()).toEqual([]);
  });

  test('many that wait for their commit go out when together they are too much to hold', async () => {
    const all = Array.from({ length: 24 }, (_, n) => ({ key: `k${n}`, bytes: pattern(MIB, n) }));
    const objects: PendingObject[] = [];
    for (const { key, bytes } of all) objects.push(await pending(key, bytes));
    const sent = await uploads();
    expect(sent.length).toBeGreaterThan(5);
    expect(sent.length).toBeLessThan(12);
    expect(new Set(await storage.commit(objects))).toEqual(new Set(['created']));
    for (const { key, bytes } of all) expect((await stored(key)).equals(bytes)).toBe(true);
    expect(await uploads()).toEqual([]);
  });

  describe('uploads that are left', () => {
    test('are discarded below the keys that are asked for, and nowhere else', async () => {
      const objects = [await pending('run/1/a', pattern(LARGE)), await pending('run/10/b', pattern(LARGE))];
      await storage.discardPending('run/1/');
      expect(await uploads()).toEqual(['run/10/b']);
      await objects[1]!.abort();
      expect(await uploads()).toEqual([]);
      await expect(storage.commit([objects[0]!])).rejects.toMatchObject({ code: 'transient' });
      expect(await storage.stat('run/1/a')).toBeUndefined();
    });

    test('by a writer that was killed too', async () => {
      await killsWriters(under.environment)(storage, 'a/left', LARGE, 'before-commit');
      expect(await uploads()).toEqual(['a/left']);
      expect(await storage.stat('a/left')).toBeUndefined();
      await storage.discardPending('a/');
      expect(await uploads()).toEqual([]);
    });
  });

  describe('a reply that is lost', () => {
    const requests: [string, number, LostReply][] = [
      ['small', 100, { method: 'PUT' }],
      ['large', LARGE, { method: 'POST', parameter: 'uploadId' }],
    ];
    test.each(requests)('to the commit of a %s one: it was this one', async (_, length, request) => {
      const object = await pending('key', pattern(length));
      lost = under.aws && request;
      expect(await storage.commit([object])).toEqual(['created']);
      expect((await stored('key')).equals(pattern(length))).toBe(true);
      expect(await storage.commit([await pending('key', pattern(length))])).toEqual(['exists']);
    });

    test.each(requests)('to the replacement by a %s one: it was this one', async (_, length, request) => {
      await storage.replace('key', Buffer.from('old'));
      const object = await pending('key', pattern(length));
      const { pin } = (await storage.stat('key'))!;
      lost = under.aws && request;
      expect(await storage.commitOver(object, pin)).toBe('replaced');
      expect((await stored('key')).equals(pattern(length))).toBe(true);
    });

    test.each<[string, LostReply]>([
      ['beginning', { method: 'POST', parameter: 'uploads' }],
      ['part', { method: 'PUT', parameter: 'partNumber' }],
    ])('to the %s of an upload: it is begun or sent again', async (_, request) => {
      lost = under.aws && request;
      const object = await pending('key', pattern(LARGE));
      expect(await storage.commit([object])).toEqual(['created']);
      expect((await stored('key')).equals(pattern(LARGE))).toBe(true);
      // What was begun and never heard of is left for the sweep.
      await storage.discardPending('');
      expect(await uploads()).toEqual([]);
    });
  });

  test('are listed in the order of their UTF-8 bytes, page after page, as S3 itself has them', async () => {
    const folders = ['a', 'a-b', 'b/c', 'b/c/d', 'é', '\u{ffff}', '😀'];
    const keys = folders.flatMap((folder) => Array.from({ length: 360 }, (_, n) => `${folder}/${n * 7919}`));
    for (let at = 0; at < keys.length; at += 40)
      await Promise.all(keys.slice(at, at + 40).map((key) => storage.replace(key, Buffer.from('.'))));
    const listed: string[] = [];
    for await (const { key } of storage.list('')) listed.push(key);
    expect(listed).toEqual(keys.toSorted(compareKeys));
    const after: string[] = [];
    for await (const { key } of storage.list('', { after: 'b/c/c' })) after.push(key);
    expect(after).toEqual(listed.slice(listed.indexOf('b/c/d/0')));
    const { Contents, IsTruncated } = await under.s3.send(
      new ListObjectsV2Command({ Bucket: under.bucket, Prefix: root }),
    );
    expect(IsTruncated).toBe(true);
    expect(Contents!.map(({ Key = '' }) => Key.slice(root.length))).toEqual(listed.slice(0, 1000));
  });

  test('of a bucket that is not there: one line that names it', async () => {
    const elsewhere = await under.open('s3://winnow-has-no-such-bucket-8192/in');
    const line = /^s3:\/\/winnow-has-no-such-bucket-8192\/in: there is no such bucket$/;
    await expect(elsewhere.list('')[Symbol.asyncIterator]().next()).rejects.toThrow(line);
    await expect(elsewhere.stat('key')).resolves.toBeUndefined();
    await expect(elsewhere.read('key')[Symbol.asyncIterator]().next()).rejects.toThrow(line);
    await expect(pending('key', pattern(10), elsewhere).then((o) => elsewhere.commit([o]))).rejects.toThrow(
      line,
    );
    await expect(pending('key', pattern(LARGE), elsewhere)).rejects.toThrow(line);
  });
});
