import { open, unlink, type FileHandle } from 'node:fs/promises';
import { StorageError } from '../errors.ts';
import { fsPath } from './byte-names.ts';
import { diskError, isAbsent } from './disk-errors.ts';
import type { PendingObject } from './storage.ts';

/** A write call takes 2 GiB at most (write(2)). */
const MAX_WRITE_BYTES = 1 << 30;

/** A temporary file that is to become an object: open → sealed (on the disk for good) → removed. */
export class DiskPending implements PendingObject {
  readonly key: string;
  /** Where its bytes are, as a byte string. */
  readonly temporary: string;
  #file: FileHandle | undefined;

  private constructor(key: string, temporary: string, file: FileHandle) {
    this.key = key;
    this.temporary = temporary;
    this.#file = file;
  }

  static async open(key: string, temporary: string): Promise<DiskPending> {
    return new DiskPending(key, temporary, await open(fsPath(temporary), 'wx'));
  }

  async write(bytes: Uint8Array): Promise<void> {
    const file = this.#openFile('write');
    try {
      for (let at = 0; at < bytes.length;) {
        const length = Math.min(bytes.length - at, MAX_WRITE_BYTES);
        at += (await file.write(bytes, at, length)).bytesWritten;
      }
    } catch (error) {
      throw diskError('write', this.key, error);
    }
  }

  /** The bytes are in the file already: the commit syncs the files of a unit together. */
  end(): Promise<void> {
    return Promise.resolve();
  }

  /** Puts the bytes written so far on the disk for good. */
  async sync(): Promise<void> {
    await this.#openFile('commit').sync();
  }

  /** Puts the bytes on the disk for good and ends the writing. */
  async seal(): Promise<void> {
    const file = this.#openFile('commit');
    this.#file = undefined;
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async abort(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
    try {
      await unlink(fsPath(this.temporary));
    } catch (error) {
      if (!isAbsent(error)) throw diskError('abort', this.key, error);
    }
  }

  #openFile(operation: string): FileHandle {
    if (this.#file !== undefined) return this.#file;
    throw new StorageError('failed', operation, this.key, 'the object was committed or aborted before');
  }
}
