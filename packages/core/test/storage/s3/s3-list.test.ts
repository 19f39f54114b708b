import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareKeys } from '../../../src/key-order.ts';
import { listFilter } from '../../../src/storage/list-filter.ts';
import { listObjects, type KeyRange } from '../../../src/storage/s3/s3-list.ts';
import type { ListedObject, Page, PageRequest } from '../../../src/storage/s3/s3-pages.ts';
import type { ListOptions } from '../../../src/storage/storage.ts';

const objectOf = (key: string): ListedObject => ({ key, size: key.length, pin: `"${key}"` });

/**
 * A bucket that answers as S3 documents it, `pageSize` keys and folders a page. Whether a folder is told that `after` lies in
 * stores see differently: this one leaves it out.
 */
class Bucket {
  readonly #keys: readonly string[];
  readonly #pageSize: number;
  requests = 0;
  /** Answers that were given and not looked at any more, at most. */
  atOnce = 0;
  #underWay = 0;

  constructor(keys: readonly string[], pageSize: number) {
    this.#keys = keys.toSorted(compareKeys);
    this.#pageSize = pageSize;
  }

  readonly read = async ({ prefix, after, folders, token }: PageRequest): Promise<Page> => {
    this.requests++;
    this.#underWay++;
    this.atOnce = Math.max(this.atOnce, this.#underWay);
    await new Promise((resolve) => setImmediate(resolve));
    this.#underWay--;
    const objects: ListedObject[] = [];
    const found: string[] = [];
    let last: string | undefined = token;
    for (const key of this.#keys) {
      if (!key.startsWith(prefix) || (after !== undefined && compareKeys(key, after) <= 0)) continue;
      const slash = folders === true ? key.indexOf('/', prefix.length) : -1;
      const item = slash < 0 ? key : key.slice(0, slash + 1);
      if (slash >= 0 && after?.startsWith(item) === true) continue;
      if (item === last || (last !== undefined && compareKeys(item, last) <= 0)) continue;
      if (objects.length + found.length === this.#pageSize) return { objects, folders: found, token: last };
      if (slash < 0) objects.push(objectOf(key));
      else found.push(item);
      last = item;
    }
    return { objects, folders: found, token: undefined };
  };
}

async function listed(bucket: Bucket, range: KeyRange, options: ListOptions = {}): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listObjects(bucket.read, range, listFilter(options))) keys.push(key);
  return keys;
}

const nameOf = fc
  .array(fc.constantFrom('a', 'b', '-', '.', '0', '\u{ffff}', '😀'), { minLength: 0, maxLength: 2 })
  .map((characters) => characters.join(''));
const keyOf = fc
  .array(nameOf, { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/'))
  .filter((key) => key !== '');
const keySet = fc.uniqueArray(keyOf, { maxLength: 60 });

describe('a listing of a bucket', () => {
  test('gives every key once and in order, however the pages fall', async () => {
    await fc.assert(
      fc.asyncProperty(keySet, fc.integer({ min: 1, max: 12 }), keyOf, async (keys, pageSize, prefix) => {
        const expected = keys.filter((key) => key.startsWith(prefix)).toSorted(compareKeys);
        expect(await listed(new Bucket(keys, pageSize), { prefix })).toEqual(expected);
        expect(await listed(new Bucket(keys, pageSize), { prefix: '' })).toEqual(keys.toSorted(compareKeys));
      }),
      { numRuns: 300 },
    );
  });

  test('gives a range of keys, without the folders that are not entered', async () => {
    await fc.assert(
      fc.asyncProperty(
        keySet,
        fc.integer({ min: 1, max: 12 }),
        fc.record({ after: keyOf, until: keyOf, left: nameOf }),
        async (keys, pageSize, { after, until, left }) => {
          const isIn = (key: string): boolean =>
            compareKeys(key, after) > 0 && compareKeys(key, until) < 0 && !key.startsWith(`${left}/`);
          const options = {
            ...{ after, until },
            enters: (folder: string) => folder !== left && !folder.startsWith(`${left}/`),
            takes: (key: string) => !key.startsWith(`${left}/`),
          };
          expect(await listed(new Bucket(keys, pageSize), { prefix: '', after, until }, options)).toEqual(
            keys.filter(isIn).toSorted(compareKeys),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  const numbered = (count: number, name: (n: number) => string): string[] =>
    Array.from({ length: count }, (_, n) => name(n));
  const digits = (n: number): string => String(n).padStart(6, '0');

  test.each<[string, string[], { most: number; atOnce: number }]>([
    // 20 folders of 10 pages: they are listed several at once.
    ['large folders', numbered(2000, (n) => `f${digits(n % 20)}/${digits(n)}`), { most: 230, atOnce: 5 }],
    // Deep ones: split where they part.
    [
      'large folders far below',
      numbered(2000, (n) => `a/b/f${digits(n % 20)}/${digits(n)}`),
      { most: 240, atOnce: 5 },
    ],
    // A request for each of 1,000 folders would be five times as many.
    [
      'many small folders',
      numbered(2000, (n) => `f${digits(n >> 1)}/${digits(n)}`),
      { most: 210, atOnce: 1 },
    ],
    ['one flat folder', numbered(2000, digits), { most: 201, atOnce: 1 }],
  ])('takes few requests, at once where it can: %s', async (_, keys, { most, atOnce }) => {
    const bucket = new Bucket(keys, 10);
    expect(await listed(bucket, { prefix: '' })).toHaveLength(keys.length);
    expect(bucket.requests).toBeLessThanOrEqual(most);
    expect(bucket.atOnce).toBeGreaterThanOrEqual(atOnce);
    expect(bucket.atOnce).toBeLessThanOrEqual(atOnce + 2);
  });

  test('asks for no more than it needs: not beyond the range, not in folders that are not entered', async () => {
    const flat = new Bucket(numbered(2000, digits), 10);
    expect(await listed(flat, { prefix: '', after: '000099', until: '000105' })).toHaveLength(5);
    expect(flat.requests).toBe(1);
    const folders = new Bucket(
      [...numbered(8, (n) => `a${n}/x`), ...numbered(1000, (n) => `b/${digits(n)}`), 'c', 'd'],
      10,
    );
    const enters = (folder: string): boolean => folder !== 'b';
    const keys = await listed(folders, { prefix: '' }, { enters, takes: (key) => !key.startsWith('b/') });
    expect(keys).toEqual([...numbered(8, (n) => `a${n}/x`), 'c', 'd']);
    expect(folders.requests).toBe(2);
  });

  test('holds a bounded number of pages, whoever is slow to take them', async () => {
    const bucket = new Bucket(
      numbered(4000, (n) => `f${n % 8}/${digits(n)}`),
      10,
    );
    const objects = listObjects(bucket.read, { prefix: '' }, listFilter({}));
    await objects.next();
    for (let wait = 0; wait < 1000; wait++) await new Promise((resolve) => setImmediate(resolve));
    expect(bucket.requests).toBe(1);
    // Behind the first page it looks ahead, and stops when 48 pages are held.
    for (let n = 0; n < 10; n++) await objects.next();
    for (let wait = 0; wait < 1000; wait++) await new Promise((resolve) => setImmediate(resolve));
    expect(bucket.requests).toBeGreaterThan(45);
    expect(bucket.requests).toBeLessThan(60);
    await objects.return(undefined);
  });

  test('refuses keys that come in no order', async () => {
    const bucket = {
      read: () => Promise.resolve({ objects: ['a', 'c', 'b'].map(objectOf), folders: [], token: undefined }),
    };
    await expect(async () => {
      for await (const _ of listObjects(bucket.read, { prefix: '' }, listFilter({})));
    }).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining('b: comes behind c') as unknown,
    });
  });

  test('tells the failure of a page in its place', async () => {
    const bucket = new Bucket(
      numbered(400, (n) => `f${n % 4}/${digits(n)}`),
      10,
    );
    let pages = 0;
    const failing = (request: PageRequest): Promise<Page> =>
      request.prefix === 'f2/' && ++pages > 3 ? Promise.reject(new Error('no more')) : bucket.read(request);
    const keys: string[] = [];
    const reading = (async () => {
      for await (const { key } of listObjects(failing, { prefix: '' }, listFilter({}))) keys.push(key);
    })();
    await expect(reading).rejects.toThrow('no more');
    expect(keys).toHaveLength(230);
  });
});
