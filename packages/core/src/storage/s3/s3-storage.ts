import { crc32 } from 'node:zlib';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { StorageError } from '../../errors.ts';
import { liesInEntered, listFilter } from '../list-filter.ts';
import { assertKey, assertPrefix, isKey } from '../storage-keys.ts';
import type {
  CreateOutcome,
  ListOptions,
  PendingObject,
  ReadOptions,
  Storage,
  StoredObject,
} from '../storage.ts';
import { abortUploads } from './abort-uploads.ts';
import { atOnce } from '../../at-once.ts';
import { crc32Text } from './crc32-text.ts';
import { HeldBytes } from './held-bytes.ts';
import { again } from './s3-access.ts';
import { s3Error, s3Fault } from './s3-errors.ts';
import { listObjects } from './s3-list.ts';
import { pageReader } from './s3-pages.ts';
import { S3Pending } from './s3-pending.ts';
import { readObject, type S3Reading } from './s3-read.ts';
import { s3UriOf } from './s3-uri.ts';

/** What objects that wait for their commit may hold in memory together; what comes on top goes out before. */
const HELD_BYTES = 16 << 20;
/** One request copies so much: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const MOST_COPIED = 5 * 2 ** 30;
/** Objects that are committed at once. */
const COMMITS_AT_ONCE = 16;

/**
 * The keys of a bucket below a prefix as a {@link Storage}. A pin is an ETag, which S3 itself compares: with `If-Match` a
 * read or a replacement meets that version or none, and with `If-None-Match` a key is created once.
 *
 * Every request is tried again as `s3-errors.ts` says. Objects of other programs whose keys could not be a file's (an
 * empty name in them, such as the folders that the S3 console makes) are not listed.
 */
export const s3Storage = (reading: S3Reading): Storage => new S3Storage(reading);

class S3Storage implements Storage {
  readonly uri: string;
  readonly #reading: S3Reading;
  readonly #held = new HeldBytes(HELD_BYTES);

  constructor(reading: S3Reading) {
    this.uri = s3UriOf(reading.place);
    this.#reading = reading;
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<StoredObject> {
    const folder = assertPrefix(prefix);
    const root = this.#reading.place.prefix;
    const below = folder === '' ? '' : `${folder}/`;
    const { begins = '', after, until, onOther } = options;
    const wanted = listFilter(options);
    const isInside = liesInEntered(wanted, below);
    const objects = listObjects(
      pageReader(this.#reading),
      {
        prefix: root + (begins.startsWith(below) ? begins : below),
        after: after === undefined ? undefined : root + after,
        until: until === undefined ? undefined : root + until,
      },
      {
        enters: (key) => wanted.enters(key.slice(root.length)),
        takes: (key) => isInside(key.slice(root.length)) && wanted.takes(key.slice(root.length)),
      },
    );
    for await (const { key: whole, size, pin } of objects) {
      const key = whole.slice(root.length);
      if (isKey(key)) yield { key, size, pin };
      else onOther?.({ key, size, pin });
    }
  }

  async stat(key: string): Promise<StoredObject | undefined> {
    assertKey('stat', key);
    const command = new HeadObjectCommand(this.#target(key));
    try {
      const found = await again(this.#reading, () => this.#reading.client.send(command));
      return { key, size: found.ContentLength ?? 0, pin: found.ETag ?? '' };
    } catch (error) {
      if (s3Fault(error) === 'absent') return undefined;
      throw this.#error('stat', key, error);
    }
  }

  async *read(key: string, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    assertKey('read', key);
    yield* readObject(this.#reading, key, options);
  }

  async create(key: string): Promise<PendingObject> {
    assertKey('create', key);
    return Promise.resolve(new S3Pending(this.#reading, this.#held, key));
  }

  async commit(objects: readonly PendingObject[]): Promise<CreateOutcome[]> {
    const pending = objects.map((object) => this.#own(object));
    return atOnce(pending, COMMITS_AT_ONCE, async (object) => {
      if (await object.commit({ IfNoneMatch: '*' })) return 'created';
      await object.abort();
      return 'exists';
    });
  }

  async commitOver(object: PendingObject, pin: string): Promise<'replaced' | 'changed'> {
    return (await this.#own(object).commit({ IfMatch: pin })) ? 'replaced' : 'changed';
  }

  async copy(from: string, to: string): Promise<CreateOutcome> {
    assertKey('copy', from);
    if ((await this.stat(to)) !== undefined) return 'exists';
    const found = await this.stat(from);
    if (found === undefined) throw new StorageError('not-found', 'copy', from, 'there is no such object');
    if (found.size > MOST_COPIED) return this.#carryOver(found, to);
    const { bucket, prefix } = this.#reading.place;
    const command = new CopyObjectCommand({
      ...this.#target(to),
      CopySource: `${bucket}/${(prefix + from).split('/').map(encodeURIComponent).join('/')}`,
      CopySourceIfMatch: found.pin,
    });
    try {
      await again(this.#reading, () => this.#reading.client.send(command));
      return 'created';
    } catch (error) {
      throw this.#error('copy', from, error);
    }
  }

  async replace(key: string, bytes: Uint8Array): Promise<void> {
    assertKey('replace', key);
    const command = new PutObjectCommand({
      ...this.#target(key),
      Body: bytes,
      ChecksumCRC32: crc32Text(crc32(bytes)),
    });
    try {
      await again(this.#reading, () => this.#reading.client.send(command));
    } catch (error) {
      throw this.#error('replace', key, error);
    }
  }

  async remove(key: string): Promise<void> {
    assertKey('remove', key);
    const command = new DeleteObjectCommand(this.#target(key));
    try {
      await again(this.#reading, () => this.#reading.client.send(command));
    } catch (error) {
      throw this.#error('remove', key, error);
    }
  }

  async discardPending(keysBegin: string): Promise<void> {
    try {
      await abortUploads(this.#reading, this.#reading.place.prefix + keysBegin);
    } catch (error) {
      throw this.#error('discard', keysBegin, error);
    }
  }

  /** What one request does not copy goes through this machine. */
  async #carryOver({ key: from, pin }: StoredObject, to: string): Promise<CreateOutcome> {
    const pending = await this.create(to);
    try {
      for await (const chunk of this.read(from, { pin })) await pending.write(chunk);
      const [outcome] = await this.commit([pending]);
      return outcome ?? 'exists';
    } finally {
      await pending.abort();
    }
  }

  #target(key: string): { Bucket: string; Key: string } {
    const { place } = this.#reading;
    return { Bucket: place.bucket, Key: place.prefix + key };
  }

  #own(object: PendingObject): S3Pending {
    if (object instanceof S3Pending) return object;
    throw new StorageError('failed', 'commit', object.key, 'the object was created in another storage');
  }

  #error(operation: string, key: string, error: unknown): Error {
    return s3Error(operation, this.uri, key, error);
  }
}
