/**
 * An object as a listing sees it.
 *
 * `key` is relative to the storage's root, with `/` between folders.
 * `pin` changes when the content does: mtime in nanoseconds on disk, the ETag on S3.
 */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly pin: string;
}

/** Which bytes of an object to read: `[start, end)`. With a `pin`, only that version of it. */
export interface ReadOptions {
  readonly start?: number;
  readonly end?: number;
  readonly pin?: string;
  readonly signal?: AbortSignal;
}

/**
 * Which keys of a folder to list: those that begin so, behind `after` and before `until` by their UTF-8 bytes (neither need
 * be there), and not refused. Keys are whole ones, of the storage; folders have no `/` at their end.
 */
export interface ListOptions {
  readonly begins?: string;
  readonly after?: string;
  readonly until?: string;
  /** Whether to look into a folder at all. */
  readonly enters?: (folder: string) => boolean;
  /** Whether an object is wanted; asked before it is looked at. */
  readonly takes?: (key: string) => boolean;
  /** Told of objects whose keys are none, in their place: a bucket may hold names that no file can have. */
  readonly onOther?: (object: StoredObject) => void;
}

/** `exists`: somebody else created the key first; nothing was changed. */
export type CreateOutcome = 'created' | 'exists';

/** An object being written. Nothing of it is visible under its key before {@link Storage.commit}. */
export interface PendingObject {
  readonly key: string;
  /** Resolves when more may be written. The bytes may be reused by the caller afterwards. */
  write(bytes: Uint8Array): Promise<void>;
  /** Says that nothing more will be written: whatever is held in memory until the commit may be put elsewhere. */
  end(): Promise<void>;
  /** Throws away what was written. Harmless after a commit and when repeated. */
  abort(): Promise<void>;
}

/**
 * Where inputs are read from and a run's objects are written to: a folder, or the keys of a bucket below a prefix.
 * The contract suite in `test/storage/contract.ts` states each rule below and runs over every implementation.
 *
 * Failures are `StorageError`s with a `code`: `not-found`, `changed` (the pin no longer holds), `denied`, `full`,
 * `transient` (trying again can help), `invalid-key` or `failed`.
 */
export interface Storage {
  /** For messages: the absolute path or URI of the root. */
  readonly uri: string;
  /**
   * All objects below `prefix` (a folder, '' = all) that are wanted, in the order of the UTF-8 bytes of their keys, in
   * bounded memory.
   */
  list(prefix: string, options?: ListOptions): AsyncIterable<StoredObject>;
  /** The object, or undefined where there is none. */
  stat(key: string): Promise<StoredObject | undefined>;
  /**
   * The bytes in chunks, all of one version. Fails with `changed` where that is gone before the last byte is read: the
   * pinned one, or without a pin the one that the first byte was of.
   */
  read(key: string, options?: ReadOptions): AsyncIterable<Uint8Array>;
  /** Starts an object that is to be created exclusively. */
  create(key: string): Promise<PendingObject>;
  /**
   * Makes the pending objects visible under their keys, each only where the key is still free and each whole or
   * not at all. All of them are durable when it resolves. A crash in the middle leaves some of them created.
   */
  commit(objects: readonly PendingObject[]): Promise<CreateOutcome[]>;
  /**
   * Makes the pending object visible in the place of that version of its key which has the pin: whole, without a moment
   * in which there is none, durable when it resolves. `changed` where another version stands there, or none: then
   * nothing was done, and the object is still pending.
   *
   * On S3 one request (If-Match). A disk has no such call: between its look and its rename, microseconds, a version of
   * somebody else could be overwritten.
   */
  commitOver(object: PendingObject, pin: string): Promise<'replaced' | 'changed'>;
  /**
   * Puts a copy of an object under another key, if that is free: whole or not at all, durable when it resolves. Fails with
   * `not-found` where there is nothing to copy. Of two that copy to one key at once each may be told `created`, where both
   * copy the same.
   */
  copy(from: string, to: string): Promise<CreateOutcome>;
  /** Writes the object, whole or not at all, over whatever is there. Only for objects that carry no promise (reports, attempts). */
  replace(key: string, bytes: Uint8Array): Promise<void>;
  /** Removes the object. Harmless where there is none. */
  remove(key: string): Promise<void>;
  /**
   * Throws away what processes that died have left of objects under keys that begin so and were never committed. One that
   * is being written by a living process is lost too: its commit fails as `transient`. Objects stay.
   */
  discardPending(keysBegin: string): Promise<void>;
}
