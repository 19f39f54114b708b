import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StorageError } from '../../src/errors.ts';
import type {
  CreateOutcome,
  ListOptions,
  ReadOptions,
  Storage,
  StoredObject,
} from '../../src/storage/storage.ts';
import { pattern } from './pattern.ts';

export interface StorageUnderTest {
  readonly storage: Storage;
  cleanup(): Promise<void>;
}

/**
 * Has a process of its own write `pattern(length)` under the key and kills it with SIGKILL: with everything written
 * but nothing committed, or somewhere in the commit. Resolves when the process is gone.
 */
export type KillWriter = (
  storage: Storage,
  key: string,
  length: number,
  moment: 'before-commit' | 'in-commit',
) => Promise<void>;

export interface ContractOptions {
  /** For storages that outlive a process. */
  readonly killWriter?: KillWriter;
}

const MIB = 1 << 20;
const text = (value: string): Uint8Array => Buffer.from(value);

async function put(storage: Storage, key: string, bytes: Uint8Array): Promise<CreateOutcome> {
  const object = await storage.create(key);
  await object.write(bytes);
  const [outcome] = await storage.commit([object]);
  return outcome!;
}

async function get(storage: Storage, key: string, options?: ReadOptions): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of storage.read(key, options)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Some version of what is being replaced: whole, or told to be gone. */
async function getVersion(storage: Storage, key: string): Promise<Buffer> {
  for (;;) {
    try {
      return await get(storage, key);
    } catch (error) {
      if (!(error instanceof StorageError) || error.code !== 'changed') throw error;
    }
  }
}

async function listed(storage: Storage, prefix = ''): Promise<StoredObject[]> {
  const objects: StoredObject[] = [];
  for await (const object of storage.list(prefix)) objects.push(object);
  return objects;
}

const keysOf = async (storage: Storage, prefix = ''): Promise<string[]> =>
  (await listed(storage, prefix)).map(({ key }) => key);

/** The code of the StorageError that something fails with. */
async function failure(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StorageError);
  return (error as StorageError).code;
}

const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Names around `/` in byte order, of one to four bytes a character, and with what encodings use. */
const nameOf = fc
  .array(
    fc.constantFrom(
      'a',
      'b',
      'A',
      '-',
      '.',
      '0',
      '!',
      '~',
      ' ',
      '%',
      '%FF',
      '%25',
      '\\',
      'é',
      '中',
      '😀',
      '\u{ffff}',
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((characters) => characters.join(''))
  .filter((name) => name !== '.' && name !== '..');
const keyOf = fc.array(nameOf, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
/** Keys of which none is the folder of another: no file system could hold both. */
const keySet = fc
  .uniqueArray(keyOf, { maxLength: 20 })
  .map((keys) => keys.filter((key) => !keys.some((other) => other.startsWith(`${key}/`))));

const INVALID_KEYS = [
  '',
  '/',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  './a',
  'a/.',
  '../a',
  'a/../b',
  'a\0b',
  '\ud800',
];

/** The rules of `Storage`, each a test. */
export function storageContract(
  name: string,
  makeStorage: () => Promise<StorageUnderTest>,
  options: ContractOptions = {},
): void {
  describe(`${name} keeps the contract of Storage`, () => {
    let made: StorageUnderTest;
    let storage: Storage;
    beforeEach(async () => {
      made = await makeStorage();
      storage = made.storage;
    });
    afterEach(() => made.cleanup());

    describe('create and commit', () => {
      test('shows nothing of an object before its commit, and all of it after', async () => {
        const object = await storage.create('folder/a');
        await object.write(text('one'));
        expect(object.key).toBe('folder/a');
        expect(await storage.stat('folder/a')).toBeUndefined();
        expect(await keysOf(storage)).toEqual([]);
        expect(await failure(get(storage, 'folder/a'))).toBe('not-found');
        await object.write(text(' two'));
        expect(await storage.commit([object])).toEqual(['created']);
        expect(await storage.stat('folder/a')).toMatchObject({ key: 'folder/a', size: 7 });
        expect((await get(storage, 'folder/a')).toString()).toBe('one two');
      });

      test('lets the caller reuse the bytes once a write resolved', async () => {
        const object = await storage.create('a');
        const bytes = new Uint8Array(3);
        for (const value of [1, 2, 3]) await object.write(bytes.fill(value));
        await storage.commit([object]);
        expect([...(await get(storage, 'a'))]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
      });

      test('says exists where the key is taken, and changes nothing', async () => {
        expect(await put(storage, 'a', text('first'))).toBe('created');
        const pin = (await storage.stat('a'))!.pin;
        expect(await put(storage, 'a', text('second'))).toBe('exists');
        expect((await get(storage, 'a', { pin })).toString()).toBe('first');
      });

      test('lets exactly one of 20 racers create a key, and its object is whole', async () => {
        const length = 300_000;
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, racer) => put(storage, 'race/a', pattern(length, racer))),
        );
        expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
        expect(outcomes.filter((outcome) => outcome === 'exists')).toHaveLength(19);
        const winner = outcomes.indexOf('created');
        expect((await get(storage, 'race/a')).equals(pattern(length, winner))).toBe(true);
      });

      test('commits many objects at once, each with an outcome of its own', async () => {
        await put(storage, 'x/2', text('taken'));
        const objects = [];
        for (const key of ['x/1', 'x/2', 'y/z/3', '4']) {
          const object = await storage.create(key);
          await object.write(text(key));
          objects.push(object);
        }
        expect(await storage.commit(objects)).toEqual(['created', 'exists', 'created', 'created']);
        expect(await keysOf(storage)).toEqual(['4', 'x/1', 'x/2', 'y/z/3']);
        expect((await get(storage, 'x/2')).toString()).toBe('taken');
        expect((await get(storage, 'y/z/3')).toString()).toBe('y/z/3');
      });

      test('commits nothing when there is nothing', async () => {
        expect(await storage.commit([])).toEqual([]);
      });

      test('makes empty objects', async () => {
        const object = await storage.create('empty');
        expect(await storage.commit([object])).toEqual(['created']);
        expect(await storage.stat('empty')).toMatchObject({ key: 'empty', size: 0 });
        expect(await get(storage, 'empty')).toHaveLength(0);
      });

      test('makes objects of 10 MiB from writes of any size', async () => {
        const bytes = pattern(10 * MIB);
        const object = await storage.create('large');
        let at = 0;
        for (const length of [1, 0, MIB - 1, 5 * MIB + 7, 10 * MIB]) {
          await object.write(bytes.subarray(at, at + length));
          at += length;
        }
        await storage.commit([object]);
        expect((await storage.stat('large'))!.size).toBe(10 * MIB);
        expect((await get(storage, 'large')).equals(bytes)).toBe(true);
      });

      test('commits what was ended before, and lets nothing of it show until then', async () => {
        const object = await storage.create('folder/a');
        await object.write(text('all'));
        await object.end();
        expect(await storage.stat('folder/a')).toBeUndefined();
        expect(await storage.commit([object])).toEqual(['created']);
        expect((await get(storage, 'folder/a')).toString()).toBe('all');
      });

      test('lets objects stay when pending ones are discarded', async () => {
        await put(storage, 'folder/a', text('here'));
        await storage.discardPending('folder/');
        expect((await get(storage, 'folder/a')).toString()).toBe('here');
      });

      test('leaves nothing after an abort; the key stays free', async () => {
        const object = await storage.create('folder/a');
        await object.write(text('gone'));
        await object.abort();
        await object.abort();
        expect(await storage.stat('folder/a')).toBeUndefined();
        expect(await keysOf(storage)).toEqual([]);
        expect(await put(storage, 'folder/a', text('here'))).toBe('created');
      });

      test('takes an abort after the commit without harm', async () => {
        const object = await storage.create('a');
        await object.write(text('here'));
        await storage.commit([object]);
        await object.abort();
        expect((await get(storage, 'a')).toString()).toBe('here');
      });

      test('refuses to commit or write what was committed or aborted', async () => {
        const committed = await storage.create('a');
        await storage.commit([committed]);
        expect(await failure(storage.commit([committed]))).toBe('failed');
        expect(await failure(committed.write(text('more')))).toBe('failed');
        const aborted = await storage.create('b');
        await aborted.abort();
        expect(await failure(storage.commit([aborted]))).toBe('failed');
        expect(await storage.stat('b')).toBeUndefined();
      });
    });

    describe('commitOver', () => {
      const pending = async (key: string, content: string) => {
        const object = await storage.create(key);
        await object.write(text(content));
        return object;
      };

      test('puts the object in the place of the version with the pin', async () => {
        await put(storage, 'folder/a', text('old'));
        const before = (await storage.stat('folder/a'))!;
        expect(await storage.commitOver(await pending('folder/a', 'newer'), before.pin)).toBe('replaced');
        expect((await get(storage, 'folder/a')).toString()).toBe('newer');
        expect((await storage.stat('folder/a'))!.pin).not.toBe(before.pin);
        expect(await keysOf(storage)).toEqual(['folder/a']);
      });

      test('says changed where another version stands or none; the object is still pending', async () => {
        const object = await pending('a', 'mine');
        expect(await storage.commitOver(object, 'p')).toBe('changed');
        await put(storage, 'a', text('one'));
        const first = (await storage.stat('a'))!.pin;
        await storage.replace('a', text('three'));
        expect(await storage.commitOver(object, first)).toBe('changed');
        expect((await get(storage, 'a')).toString()).toBe('three');
        expect(await storage.commit([object])).toEqual(['exists']);
        expect((await get(storage, 'a')).toString()).toBe('three');

        const other = await pending('a', 'mine');
        expect(await storage.commitOver(other, first)).toBe('changed');
        expect(await storage.commitOver(other, (await storage.stat('a'))!.pin)).toBe('replaced');
        await other.abort();
        expect((await get(storage, 'a')).toString()).toBe('mine');
      });

      test('refuses what was committed or aborted', async () => {
        await put(storage, 'a', text('.'));
        const { pin } = (await storage.stat('a'))!;
        const committed = await pending('b', '.');
        await storage.commit([committed]);
        expect(await failure(storage.commitOver(committed, pin))).toBe('failed');
        const aborted = await pending('a', '.');
        await aborted.abort();
        expect(await failure(storage.commitOver(aborted, pin))).toBe('failed');
      });

      test('shows readers one version or another, whole, and never none', async () => {
        const length = 200_000;
        await storage.replace('a', pattern(length, 0));
        let writing = true;
        const writer = (async () => {
          for (let version = 1; version <= 10; version++) {
            const object = await storage.create('a');
            await object.write(pattern(length, version));
            expect(await storage.commitOver(object, (await storage.stat('a'))!.pin)).toBe('replaced');
          }
        })().finally(() => (writing = false));
        const reader = async (): Promise<void> => {
          while (writing) {
            const bytes = await getVersion(storage, 'a');
            const version = Number((bytes.readBigUInt64LE(0) / 1_000_000_007n) % 1000n);
            expect(bytes.equals(pattern(length, version))).toBe(true);
          }
        };
        await Promise.all([writer, reader(), reader()]);
      });
    });

    describe('list and stat', () => {
      test('sorts by the UTF-8 bytes of the whole key, across folders', async () => {
        const keys = [
          'a!',
          'a-b',
          'a.b',
          'a/b',
          'a/b-c',
          'a0',
          'ab',
          'b/a/c',
          'b/a0',
          '~',
          'é',
          '\u{ffff}',
          '😀',
        ];
        for (const key of keys.toReversed()) await put(storage, key, text(key));
        expect(await keysOf(storage)).toEqual(keys);
      });

      test('gives what was put, whatever the names, in order', async () => {
        await fc.assert(
          fc.asyncProperty(keySet, fc.uuid(), async (keys, folder) => {
            for (const key of keys) await put(storage, `${folder}/${key}`, text(key));
            const found = await listed(storage, folder);
            expect(found.map(({ key }) => key.slice(folder.length + 1))).toEqual(keys.toSorted(byUtf8));
            for (const { key, size, pin } of found) {
              expect(await storage.stat(key)).toEqual({ key, size, pin });
              expect((await get(storage, key, { pin })).toString()).toBe(key.slice(folder.length + 1));
            }
          }),
          { numRuns: 20 },
        );
      });

      test('lists a folder, with or without / at its end, and nothing beside it', async () => {
        for (const key of ['a', 'ab/1', 'b/1', 'b/2/3', 'b-/4', 'bc']) await put(storage, key, text('.'));
        for (const prefix of ['b', 'b/']) expect(await keysOf(storage, prefix)).toEqual(['b/1', 'b/2/3']);
        expect(await keysOf(storage, 'b/2/')).toEqual(['b/2/3']);
      });

      test('lists what is wanted: begins, after, until, enters and takes, together', async () => {
        const keys = ['a', 'b-/1', 'b/1', 'b/2/x', 'b/2/y', 'b/3', 'ba', 'c/d', 'é', '😀'];
        for (const key of keys) await put(storage, key, text('.'));
        const wanted = async (prefix: string, options: ListOptions): Promise<string[]> => {
          const found: string[] = [];
          for await (const { key } of storage.list(prefix, options)) found.push(key);
          return found;
        };
        expect(await wanted('', { begins: 'b' })).toEqual(['b-/1', 'b/1', 'b/2/x', 'b/2/y', 'b/3', 'ba']);
        expect(await wanted('', { begins: 'b/2' })).toEqual(['b/2/x', 'b/2/y']);
        expect(await wanted('b', { begins: 'b/3' })).toEqual(['b/3']);
        expect(await wanted('', { after: 'b/2/x', until: 'ba' })).toEqual(['b/2/y', 'b/3']);
        expect(await wanted('', { after: 'b/2/' })).toEqual(keys.slice(3));
        expect(await wanted('', { until: 'b/2' })).toEqual(['a', 'b-/1', 'b/1']);
        expect(await wanted('b', { after: 'a', until: 'b/2/y' })).toEqual(['b/1', 'b/2/x']);
        expect(await wanted('', { enters: (folder) => folder !== 'b/2' && folder !== 'c' })).toEqual([
          'a',
          'b-/1',
          'b/1',
          'b/3',
          'ba',
          'é',
          '😀',
        ]);
        expect(await wanted('', { takes: (key) => key.endsWith('1'), after: 'b-/1' })).toEqual(['b/1']);
        expect(await wanted('', { after: '😀' })).toEqual([]);
      });

      test('lists nothing where there is nothing', async () => {
        expect(await keysOf(storage)).toEqual([]);
        expect(await keysOf(storage, 'no/such/folder/')).toEqual([]);
      });

      test('knows no folders: there are objects only', async () => {
        await put(storage, 'a/b/c', text('.'));
        expect(await storage.stat('a/b')).toBeUndefined();
        expect(await storage.stat('a/b/c/d')).toBeUndefined();
        expect(await failure(get(storage, 'a/b'))).toBe('not-found');
      });

      test('can be left before its end', async () => {
        for (const key of ['a', 'b', 'c']) await put(storage, key, text('.'));
        for await (const { key } of storage.list('')) {
          expect(key).toBe('a');
          break;
        }
      });
    });

    describe('read', () => {
      test('gives the bytes of a range; what lies beyond the end is empty', async () => {
        const bytes = pattern(3 * MIB + 5);
        await put(storage, 'a', bytes);
        const size = bytes.length;
        const ranges = [
          [0, 0],
          [0, 1],
          [7, 7 + MIB],
          [MIB, 2 * MIB],
          [size - 1, size],
          [size - 1, size + 10],
          [size, size + 1],
          [size + 1, size + 2],
        ] as const;
        for (const [start, end] of ranges) {
          expect((await get(storage, 'a', { start, end })).equals(bytes.subarray(start, end))).toBe(true);
        }
        expect((await get(storage, 'a', { start: MIB + 3 })).equals(bytes.subarray(MIB + 3))).toBe(true);
        expect((await get(storage, 'a', { end: 9 })).equals(bytes.subarray(0, 9))).toBe(true);
      });

      test('gives chunks that stay what they are', async () => {
        const bytes = pattern(3 * MIB);
        await put(storage, 'a', bytes);
        const chunks: Uint8Array[] = [];
        const copies: Buffer[] = [];
        for await (const chunk of storage.read('a')) {
          chunks.push(chunk);
          copies.push(Buffer.from(chunk));
        }
        expect(chunks.length).toBeGreaterThan(1);
        for (const [index, chunk] of chunks.entries()) expect(copies[index]!.equals(chunk)).toBe(true);
      });

      test('fails as changed before the first byte when the pin holds no more', async () => {
        await put(storage, 'a', text('one'));
        const { pin } = (await storage.stat('a'))!;
        expect((await get(storage, 'a', { pin })).toString()).toBe('one');
        await storage.replace('a', text('three'));
        expect((await storage.stat('a'))!.pin).not.toBe(pin);
        const chunks: Uint8Array[] = [];
        const reading = (async () => {
          for await (const chunk of storage.read('a', { pin })) chunks.push(chunk);
        })();
        expect(await failure(reading)).toBe('changed');
        expect(chunks).toEqual([]);
        expect((await get(storage, 'a')).toString()).toBe('three');
      });

      test('never passes off a change in the middle: the old bytes, or changed', async () => {
        const before = pattern(4 * MIB, 1);
        await put(storage, 'a', before);
        const { pin } = (await storage.stat('a'))!;
        const chunks: Uint8Array[] = [];
        const reading = (async () => {
          for await (const chunk of storage.read('a', { pin })) {
            if (chunks.length === 0) await storage.replace('a', pattern(5 * MIB, 2));
            chunks.push(chunk);
          }
        })();
        const error: unknown = await reading.catch((reason: unknown) => reason);
        if (error === undefined) expect(Buffer.concat(chunks).equals(before)).toBe(true);
        else expect((error as StorageError).code).toBe('changed');
      });

      test('fails as not-found where there is nothing', async () => {
        expect(await failure(get(storage, 'nothing/here'))).toBe('not-found');
      });

      test('can be left before its end, and stops at a signal', async () => {
        await put(storage, 'a', pattern(3 * MIB));
        for await (const chunk of storage.read('a')) {
          expect(chunk.length).toBeGreaterThan(0);
          break;
        }
        const stop = new AbortController();
        const reading = (async () => {
          for await (const _ of storage.read('a', { signal: stop.signal })) stop.abort();
        })();
        await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
      });
    });

    describe('copy', () => {
      test('puts the same bytes under a key that is free, whatever its name', async () => {
        const bytes = pattern(300_000);
        await put(storage, 'from/é %41+b', bytes);
        expect(await storage.copy('from/é %41+b', 'to/中 %2F?#')).toBe('created');
        expect((await get(storage, 'to/中 %2F?#')).equals(bytes)).toBe(true);
        await storage.remove('from/é %41+b');
        expect((await get(storage, 'to/中 %2F?#')).equals(bytes)).toBe(true);
        expect(await keysOf(storage)).toEqual(['to/中 %2F?#']);
      });

      test('leaves what stands under the key, also where there is nothing to copy any more', async () => {
        await put(storage, 'a', text('one'));
        await put(storage, 'b', text('two'));
        expect(await storage.copy('a', 'b')).toBe('exists');
        expect((await get(storage, 'b')).toString()).toBe('two');
      });

      test('fails as not-found where there is nothing to copy', async () => {
        expect(await failure(storage.copy('no/such', 'b'))).toBe('not-found');
        expect(await keysOf(storage)).toEqual([]);
      });

      test('by several at once: each is content, and the object is whole', async () => {
        const bytes = pattern(1 << 20);
        await put(storage, 'a', bytes);
        await Promise.all(Array.from({ length: 6 }, () => storage.copy('a', 'b')));
        expect((await get(storage, 'b')).equals(bytes)).toBe(true);
      });
    });

    describe('replace and remove', () => {
      test('replaces what is there, and makes what is not', async () => {
        await storage.replace('folder/a', text('one'));
        expect((await get(storage, 'folder/a')).toString()).toBe('one');
        await storage.replace('folder/a', text('two!'));
        expect((await get(storage, 'folder/a')).toString()).toBe('two!');
        expect(await keysOf(storage)).toEqual(['folder/a']);
      });

      test('replaces whole or not at all: readers see one version or another', async () => {
        const length = 200_000;
        await storage.replace('a', pattern(length, 0));
        let writing = true;
        const writer = (async () => {
          for (let version = 1; version <= 20; version++)
            await storage.replace('a', pattern(length, version));
        })().finally(() => (writing = false));
        const reader = async (): Promise<void> => {
          while (writing) {
            const bytes = await getVersion(storage, 'a');
            const version = Number((bytes.readBigUInt64LE(0) / 1_000_000_007n) % 1000n);
            expect(bytes.equals(pattern(length, version))).toBe(true);
          }
        };
        await Promise.all([writer, reader(), reader()]);
      });

      test('removes an object; again, and where there is none, without harm', async () => {
        await put(storage, 'folder/a', text('.'));
        await put(storage, 'folder/b', text('.'));
        for (const key of ['folder/a', 'folder/a', 'no/such/key']) await storage.remove(key);
        expect(await keysOf(storage)).toEqual(['folder/b']);
        expect(await put(storage, 'folder/a', text('again'))).toBe('created');
      });
    });

    test.each(INVALID_KEYS)('refuses %j as a key', async (key) => {
      expect(await failure(storage.create(key))).toBe('invalid-key');
      expect(await failure(storage.replace(key, text('.')))).toBe('invalid-key');
      expect(await failure(storage.stat(key))).toBe('invalid-key');
      expect(await failure(storage.remove(key))).toBe('invalid-key');
      expect(await failure(get(storage, key))).toBe('invalid-key');
    });

    test('names the object and the operation in its errors', async () => {
      const error: unknown = await get(storage, 'no/such').catch((reason: unknown) => reason);
      expect(error).toMatchObject({ operation: 'read', key: 'no/such', code: 'not-found', retryable: false });
      expect((error as Error).message).toMatch(/^read (\S+\/)?no\/such: /);
    });

    const { killWriter } = options;
    if (killWriter === undefined) return;
    describe('a killed writer', () => {
      test('shows nothing when it dies before its commit', async () => {
        await killWriter(storage, 'folder/a', 3 * MIB, 'before-commit');
        expect(await keysOf(storage)).toEqual([]);
        expect(await put(storage, 'folder/a', text('mine'))).toBe('created');
      });

      test('leaves the whole object or none when it dies in its commit', async () => {
        for (let round = 0; round < 8; round++) {
          const key = `folder/${round}`;
          await killWriter(storage, key, 2 * MIB, 'in-commit');
          const found = await storage.stat(key);
          if (found !== undefined) {
            expect((await get(storage, key)).equals(pattern(2 * MIB))).toBe(true);
          }
          expect(await put(storage, key, text('mine'))).toBe(found === undefined ? 'created' : 'exists');
        }
      });
    });
  });
}
