import { StorageError } from '../../src/errors.ts';
import { liesInEntered, listFilter } from '../../src/storage/list-filter.ts';
import { assertKey } from '../../src/storage/storage-keys.ts';
import type {
  CreateOutcome,
  ListOptions,
  PendingObject,
  ReadOptions,
  Storage,
  StoredObject,
} from '../../src/storage/storage.ts';

export interface MemoryObject {
  readonly bytes: Uint8Array;
  /** Changes with every write, as an ETag or mtime does. */
  readonly pin: string;
}

/** What several {@link MemoryStorage}s see: the "disk" that outlives the processes. */
export class MemoryContents {
  readonly objects = new Map<string, MemoryObject>();
  #writes = 0;

  put(key: string, bytes: Uint8Array): void {
    this.objects.set(key, { bytes: Uint8Array.from(bytes), pin: `w${++this.#writes}` });
  }
}

/** Waits before an operation may happen; hears what it came to. Both default to nothing. */
export interface Stepper {
  step(operation: string, key: string): Promise<void>;
  saw(result: string): void;
}

const FREE: Stepper = { step: () => Promise.resolve(), saw: () => undefined };

/** Large enough that the explorer's objects are one chunk each. */
const CHUNK_BYTES = 1 << 20;

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * A storage in memory, one process' view of the shared contents. Each visible operation is one step of its stepper, a
 * commit one step an object, so that a scheduler can stop the process between any two; pending objects live in the
 * process and die with it.
 */
export class MemoryStorage implements Storage {
  readonly uri: string;
  readonly contents: MemoryContents;
  readonly #stepper: Stepper;

  constructor(contents = new MemoryContents(), stepper: Stepper = FREE, uri = 'memory:') {
    this.contents = contents;
    this.#stepper = stepper;
    this.uri = uri;
  }

  async *list(prefix: string, options: ListOptions = {}): AsyncGenerator<StoredObject> {
    const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
    const filter = listFilter(options);
    const isInside = liesInEntered(filter, folder);
    await this.#stepper.step('list', folder);
    const found = [...this.contents.objects]
      .filter(([key]) => key.startsWith(folder) && isInside(key) && filter.takes(key))
      .sort(([a], [b]) => compareBytes(a, b))
      .map(([key, { bytes, pin }]) => ({ key, size: bytes.length, pin }));
    this.#stepper.saw(found.map(({ key }) => key).join());
    yield* found;
  }

  async stat(key: string): Promise<StoredObject | undefined> {
    assertKey('stat', key);
    await this.#stepper.step('stat', key);
    const found = this.contents.objects.get(key);
    // The pin tells versions apart, so what is done next may follow from it.
    this.#stepper.saw(found === undefined ? '-' : Buffer.from(found.bytes).toString('latin1'));
    return found === undefined ? undefined : { key, size: found.bytes.length, pin: found.pin };
  }

  async *read(key: string, options: ReadOptions = {}): AsyncGenerator<Uint8Array> {
    assertKey('read', key);
    await this.#stepper.step('read', key);
    const found = this.contents.objects.get(key);
    this.#stepper.saw(found === undefined ? '-' : Buffer.from(found.bytes).toString('latin1'));
    if (found === undefined) throw new StorageError('not-found', 'read', key, 'there is no such object');
    if (options.pin !== undefined && options.pin !== found.pin)
      throw new StorageError('changed', 'read', key, 'it is not what it was');
    const { start = 0, signal } = options;
    const end = Math.min(options.end ?? Infinity, found.bytes.length);
    for (let at = start; at < end; at += CHUNK_BYTES) {
      signal?.throwIfAborted();
      yield found.bytes.slice(at, Math.min(at + CHUNK_BYTES, end));
    }
  }

  async create(key: string): Promise<PendingObject> {
    assertKey('create', key);
    return Promise.resolve(new MemoryPending(key));
  }

  async commit(objects: readonly PendingObject[]): Promise<CreateOutcome[]> {
    const outcomes: CreateOutcome[] = [];
    for (const object of objects) {
      if (!(object instanceof MemoryPending))
        throw new TypeError(`commit ${object.key}: not of this storage`);
      const bytes = object.seal();
      await this.#stepper.step('create', object.key);
      const outcome = this.contents.objects.has(object.key) ? 'exists' : 'created';
      if (outcome === 'created') this.contents.put(object.key, bytes);
      this.#stepper.saw(outcome);
      outcomes.push(outcome);
    }
    return outcomes;
  }

  async commitOver(object: PendingObject, pin: string): Promise<'replaced' | 'changed'> {
    if (!(object instanceof MemoryPending)) throw new TypeError(`commit ${object.key}: not of this storage`);
    object.assertOpen('commit');
    await this.#stepper.step('replace', object.key);
    const outcome = this.contents.objects.get(object.key)?.pin === pin ? 'replaced' : 'changed';
    if (outcome === 'replaced') this.contents.put(object.key, object.seal());
    this.#stepper.saw(outcome);
    return outcome;
  }

  async copy(from: string, to: string): Promise<CreateOutcome> {
    assertKey('copy', from);
    assertKey('copy', to);
    await this.#stepper.step('copy', to);
    const found = this.contents.objects.get(from);
    const outcome = this.contents.objects.has(to) ? 'exists' : 'created';
    this.#stepper.saw(found === undefined ? '-' : outcome);
    if (found === undefined) throw new StorageError('not-found', 'copy', from, 'there is no such object');
    if (outcome === 'created') this.contents.put(to, found.bytes);
    return outcome;
  }

  async replace(key: string, bytes: Uint8Array): Promise<void> {
    assertKey('replace', key);
    await this.#stepper.step('replace', key);
    this.contents.put(key, bytes);
    this.#stepper.saw('');
  }

  async remove(key: string): Promise<void> {
    assertKey('remove', key);
    await this.#stepper.step('remove', key);
    this.contents.objects.delete(key);
    this.#stepper.saw('');
  }

  /** Pending objects live in a process and die with it. */
  discardPending(): Promise<void> {
    return Promise.resolve();
  }
}

class MemoryPending implements PendingObject {
  readonly key: string;
  #chunks: Uint8Array[] | undefined = [];

  constructor(key: string) {
    this.key = key;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.assertOpen('write').push(Uint8Array.from(bytes));
    return Promise.resolve();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  assertOpen(operation: string): Uint8Array[] {
    if (this.#chunks !== undefined) return this.#chunks;
    throw new StorageError('failed', operation, this.key, 'was committed or aborted');
  }

  seal(): Uint8Array {
    const bytes = Buffer.concat(this.assertOpen('commit'));
    this.#chunks = undefined;
    return bytes;
  }

  abort(): Promise<void> {
    this.#chunks = undefined;
    return Promise.resolve();
  }
}

/** An empty one. */
export const freshMemory = (): Promise<MemoryStorage> => Promise.resolve(new MemoryStorage());
