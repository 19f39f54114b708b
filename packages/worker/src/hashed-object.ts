import { createHash } from 'node:crypto';
import type { ByteSink, PendingObject, Storage } from '@winnow/core';

/** An object being written, with its size and hash: what a receipt says of it. */
export class HashedObject implements ByteSink {
  readonly pending: PendingObject;
  readonly #hash = createHash('sha256');
  bytes = 0;

  private constructor(pending: PendingObject) {
    this.pending = pending;
  }

  static async create(storage: Storage, key: string): Promise<HashedObject> {
    return new HashedObject(await storage.create(key));
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    await this.pending.write(bytes);
  }

  /** To be called once, after the last write: tells the hash. */
  async end(): Promise<string> {
    await this.pending.end();
    return this.#hash.digest('hex');
  }
}
