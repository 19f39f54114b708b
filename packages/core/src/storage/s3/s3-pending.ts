import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { StorageError } from '../../errors.ts';
import type { PendingObject } from '../storage.ts';
import { crc32Text } from './crc32-text.ts';
import { GrowingBuffer } from './growing-buffer.ts';
import type { HeldBytes } from './held-bytes.ts';
import { MultipartUpload, type Condition, type UploadTarget } from './multipart-upload.ts';
import { partBytes } from './part-size.ts';
import { again, type S3Access } from './s3-access.ts';
import { s3Error, s3Fault } from './s3-errors.ts';
import { s3UriOf } from './s3-uri.ts';

/** In an object's metadata: who wrote this version. */
const WRITER = 'winnow-writer';

/**
 * An object on its way into S3: a small one waits in memory for one PUT, a larger one goes out part by part. Nothing shows
 * under its key before the commit.
 *
 * Checksums are CRC32, of those that S3 knows for whole objects, because Node has it built in: the others are ten times
 * slower in JavaScript. Against more than chance receipts have SHA-256.
 */
export class S3Pending implements PendingObject {
  readonly key: string;
  readonly #access: S3Access;
  readonly #held: HeldBytes;
  /** Of this object and no other: so the answer to a lost reply can be told. */
  readonly #writer = randomUUID();
  readonly #buffer = new GrowingBuffer();
  #upload: MultipartUpload | undefined;
  #taken = false;

  constructor(access: S3Access, held: HeldBytes, key: string) {
    this.#access = access;
    this.#held = held;
    this.key = key;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#assertOpen('write');
    for (let at = 0; at < bytes.length;) {
      const room = partBytes(this.#upload?.parts ?? 0) - this.#buffer.length;
      const piece = bytes.subarray(at, at + room);
      this.#buffer.append(piece);
      this.#held.add(piece.length);
      at += piece.length;
      if (piece.length === room) await this.#sendPart('write');
    }
  }

  async end(): Promise<void> {
    this.#assertOpen('write');
    // A sub-unit may have hundreds of objects that wait for their commit: what all hold together has a bound.
    if (this.#held.isOver && this.#buffer.length > 0) await this.#sendPart('write');
  }

  /**
   * Makes the object visible under its key, if the condition holds.
   *
   * Where a reply was lost, the next try meets a key that is taken: most likely by this very object. Its metadata tells.
   *
   * @returns false where the condition does not hold: the object is still pending then
   */
  async commit(condition: Condition): Promise<boolean> {
    this.#assertOpen('commit');
    try {
      if (this.#upload !== undefined && this.#buffer.length > 0) await this.#sendPart('commit');
      await this.#upload?.settled();
      let tries = 0;
      const isDone = await again(this.#access, () => this.#try(condition, tries++ > 0));
      if (isDone) this.#release();
      return isDone;
    } catch (error) {
      throw this.#error('commit', error);
    }
  }

  async abort(): Promise<void> {
    if (this.#taken) return;
    this.#release();
    try {
      await this.#upload?.abort();
    } catch (error) {
      throw this.#error('abort', error);
    }
  }

  get #target(): UploadTarget {
    const { place } = this.#access;
    return { Bucket: place.bucket, Key: place.prefix + this.key };
  }

  get #metadata(): Record<string, string> {
    return { [WRITER]: this.#writer };
  }

  async #sendPart(operation: string): Promise<void> {
    try {
      this.#upload ??= await MultipartUpload.begin(this.#access, this.#target, this.#metadata);
      const bytes = this.#buffer.take();
      this.#held.remove(bytes.length);
      await this.#upload.send(bytes);
    } catch (error) {
      throw this.#error(operation, error);
    }
  }

  /** @returns whether this object stands under its key: by this try, or by one before whose reply was lost */
  async #try(condition: Condition, isAgain: boolean): Promise<boolean> {
    try {
      await (this.#upload ? this.#upload.complete(condition) : this.#put(condition));
      return true;
    } catch (error) {
      const fault = s3Fault(error);
      // Where a version is to be replaced, none at all is another one too.
      const isRefused = fault === 'precondition' || fault === 'absent';
      if (!isRefused && fault !== 'no-upload') throw error;
      if (isAgain && (await this.#stands())) return true;
      if (isRefused) return false;
      throw error;
    }
  }

  async #put(condition: Condition): Promise<void> {
    const { bytes } = this.#buffer;
    await this.#access.client.send(
      new PutObjectCommand({
        ...this.#target,
        ...condition,
        Body: bytes,
        Metadata: this.#metadata,
        ChecksumCRC32: crc32Text(crc32(bytes)),
      }),
    );
  }

  /** Whether what stands under the key is this very object. */
  async #stands(): Promise<boolean> {
    const command = new HeadObjectCommand(this.#target);
    try {
      const { Metadata } = await again(this.#access, () => this.#access.client.send(command));
      return Metadata?.[WRITER] === this.#writer;
    } catch (error) {
      if (s3Fault(error) === 'absent') return false;
      throw error;
    }
  }

  #release(): void {
    this.#taken = true;
    this.#held.remove(this.#buffer.take().length);
  }

  #assertOpen(operation: string): void {
    if (this.#taken)
      throw new StorageError('failed', operation, this.key, 'the object was committed or aborted before');
  }

  #error(operation: string, error: unknown): Error {
    return s3Error(operation, s3UriOf(this.#access.place), this.key, error);
  }
}
