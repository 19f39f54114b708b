import { crc32 } from 'node:zlib';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { StorageError } from '../../errors.ts';
import { crc32Text } from './crc32-text.ts';
import { MAX_PARTS } from './part-size.ts';
import { s3Fault } from './s3-errors.ts';
import { again, type S3Access } from './s3-access.ts';

/** Parts under way while the next one is filled. */
const PARTS_UNDER_WAY = 2;

/** Under which condition an object takes its key. */
export type Condition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };

/** The object that is uploaded. */
export interface UploadTarget {
  readonly Bucket: string;
  readonly Key: string;
}

interface SentPart {
  readonly PartNumber: number;
  readonly ChecksumCRC32: string;
  /** Once it has arrived. */
  ETag?: string | undefined;
}

/**
 * A multipart upload: parts, each numbered in the order it was given, then one request that makes an object of them.
 *
 * The whole object's CRC32 goes with that request, and S3 holds it against the parts': a part that is missing, doubled or
 * out of order cannot pass.
 */
export class MultipartUpload {
  readonly #access: S3Access;
  readonly #target: UploadTarget;
  readonly #id: string;
  readonly #parts: SentPart[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #crc = 0;
  #failure: Error | undefined;

  private constructor(access: S3Access, target: UploadTarget, id: string) {
    this.#access = access;
    this.#target = target;
    this.#id = id;
  }

  static async begin(
    access: S3Access,
    target: UploadTarget,
    metadata: Readonly<Record<string, string>>,
  ): Promise<MultipartUpload> {
    const command = new CreateMultipartUploadCommand({
      ...target,
      ChecksumAlgorithm: 'CRC32',
      ChecksumType: 'FULL_OBJECT',
      Metadata: metadata,
    });
    const { UploadId } = await again(access, () => access.client.send(command));
    if (UploadId === undefined)
      throw new StorageError('failed', 'create', target.Key, 'the upload was given no id');
    return new MultipartUpload(access, target, UploadId);
  }

  get parts(): number {
    return this.#parts.length;
  }

  /** Takes the bytes over. Waits only where too many parts are under way; a failure shows with the next call. */
  async send(bytes: Uint8Array): Promise<void> {
    const PartNumber = this.#parts.length + 1;
    if (PartNumber > MAX_PARTS)
      throw new StorageError('failed', 'write', this.#target.Key, `an object has at most ${MAX_PARTS} parts`);
    const part: SentPart = { PartNumber, ChecksumCRC32: crc32Text(crc32(bytes)) };
    this.#parts.push(part);
    this.#crc = crc32(bytes, this.#crc);
    const sent: Promise<void> = this.#send(part, bytes)
      .catch((error: unknown) => {
        this.#failure ??= error as Error;
      })
      .finally(() => this.#underWay.delete(sent));
    this.#underWay.add(sent);
    if (this.#underWay.size >= PARTS_UNDER_WAY) await Promise.race(this.#underWay);
    this.#assertSound();
  }

  /** Resolves when no part is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
    this.#assertSound();
  }

  /** Asks once for the object to be made. */
  async complete(condition: Condition): Promise<void> {
    await this.#access.client.send(
      new CompleteMultipartUploadCommand({
        ...this.#target,
        ...condition,
        UploadId: this.#id,
        MultipartUpload: { Parts: this.#parts },
        ChecksumType: 'FULL_OBJECT',
        ChecksumCRC32: crc32Text(this.#crc),
      }),
    );
  }

  /** Throws away the parts. Harmless where they are gone. */
  async abort(): Promise<void> {
    await Promise.all(this.#underWay);
    const command = new AbortMultipartUploadCommand({ ...this.#target, UploadId: this.#id });
    try {
      await again(this.#access, () => this.#access.client.send(command));
    } catch (error) {
      if (s3Fault(error) !== 'no-upload') throw error;
    }
  }

  async #send(part: SentPart, bytes: Uint8Array): Promise<void> {
    const command = new UploadPartCommand({ ...this.#target, ...part, UploadId: this.#id, Body: bytes });
    part.ETag = (await again(this.#access, () => this.#access.client.send(command))).ETag;
  }

  #assertSound(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
