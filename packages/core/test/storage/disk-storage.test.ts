import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskStorage } from '../../src/storage/disk-storage.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { storageContract } from './contract.ts';
import { killsWriters } from './kill-writer.ts';

const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'winnow-disk-'));

storageContract(
  'diskStorage',
  () => {
    const root = makeFolder();
    return Promise.resolve({
      // A root that is not there yet, as a first run's output.
      storage: diskStorage(join(root, 'new', 'output')),
      cleanup: () => rm(root, { recursive: true, force: true }),
    });
  },
  { killWriter: killsWriters() },
);

async function keysOf(storage: Storage, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys;
}

async function textOf(storage: Storage, key: string, pin?: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of storage.read(key, pin === undefined ? {} : { pin })) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

describe('diskStorage', () => {
  let root: string;
  let storage: Storage;
  beforeEach(() => {
    root = makeFolder();
    storage = diskStorage(root);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const temporaries = (): string[] =>
    existsSync(join(root, '_winnow/tmp')) ? readdirSync(join(root, '_winnow/tmp')) : [];

  test('keeps unfinished files in _winnow/tmp, never lists them, and removes them', async () => {
    const one = await storage.create('a');
    const two = await storage.create('b');
    expect(temporaries()).toHaveLength(2);
    expect(readdirSync(root)).toEqual(['_winnow']);
    expect(await keysOf(storage)).toEqual([]);
    expect(await keysOf(storage, '_winnow/tmp')).toEqual([]);
    await one.abort();
    expect(temporaries()).toHaveLength(1);
    await storage.commit([two]);
    expect(temporaries()).toEqual([]);
    const taken = await storage.create('b');
    expect(await storage.commit([taken])).toEqual(['exists']);
    await storage.replace('b', Buffer.from('.'));
    expect(temporaries()).toEqual([]);
  });

  test('takes no key among its temporary files', async () => {
    await expect(storage.create('_winnow/tmp/a')).rejects.toMatchObject({ code: 'invalid-key' });
  });

  test('names temporary files as told', async () => {
    const named = diskStorage(root, { uniqueName: () => 'a-name' });
    const object = await named.create('a');
    expect(temporaries()).toEqual(['a-name']);
    await object.abort();
  });

  test('makes its folders again when somebody removed them', async () => {
    await storage.replace('x/y/a', Buffer.from('1'));
    rmSync(join(root, 'x'), { recursive: true });
    rmSync(join(root, '_winnow'), { recursive: true });
    const object = await storage.create('x/y/b');
    expect(await storage.commit([object])).toEqual(['created']);
  });

  test('lists hidden files and what links lead to; no sockets, no loops, no links to nothing', async () => {
    mkdirSync(join(root, 'real'));
    writeFileSync(join(root, 'real/file'), 'x');
    writeFileSync(join(root, '.hidden'), 'x');
    symlinkSync('real/file', join(root, 'link'));
    symlinkSync('real', join(root, 'linked-folder'));
    symlinkSync('..', join(root, 'real/up'));
    symlinkSync('.', join(root, 'real/self'));
    symlinkSync('nowhere', join(root, 'dangling'));
    symlinkSync('circle', join(root, 'circle'));
    const server = createServer().listen(join(root, 'socket'));
    await once(server, 'listening');
    expect(await keysOf(storage)).toEqual(['.hidden', 'link', 'linked-folder/file', 'real/file']);
    expect(await textOf(storage, 'link')).toBe('x');
    expect(await storage.stat('socket')).toBeUndefined();
    expect(await storage.stat('circle')).toBeUndefined();
    server.close();
  });

  test.each<[string, (path: string) => void, string]>([
    ['a folder', (path) => mkdirSync(path), 'a folder stands at'],
    ['a link to a folder', (path) => symlinkSync('.', path), 'a folder stands at'],
    ['a link to nothing', (path) => symlinkSync('nowhere', path), 'a link to nothing stands at'],
  ])('%s under the name of an object is said to be in the way, and stays', async (_, make, message) => {
    make(join(root, 'a'));
    writeFileSync(join(root, 'b'), 'x');
    const taken = { code: 'denied', key: 'a', message: expect.stringContaining(message) as unknown };
    const object = await storage.create('a');
    await expect(storage.commit([object])).rejects.toMatchObject({ ...taken, operation: 'commit' });
    await object.abort();
    await expect(storage.copy('b', 'a')).rejects.toMatchObject({ ...taken, operation: 'copy' });
    expect(await storage.stat('a')).toBeUndefined();
    expect(temporaries()).toEqual([]);
  });

  test('an object does not replace a folder', async () => {
    mkdirSync(join(root, 'a'));
    const replacing = storage.replace('a', Buffer.from('x'));
    await expect(replacing).rejects.toMatchObject({ code: 'denied', operation: 'replace' });
    expect(readdirSync(join(root, 'a'))).toEqual([]);
    expect(temporaries()).toEqual([]);
  });

  test('sorts a linked folder as a folder', async () => {
    mkdirSync(join(root, 'z'));
    writeFileSync(join(root, 'z/f'), '');
    writeFileSync(join(root, 'a-b'), '');
    writeFileSync(join(root, 'ab'), '');
    symlinkSync('z', join(root, 'a'));
    expect(await keysOf(storage)).toEqual(['a-b', 'a/f', 'ab', 'z/f']);
  });

  test('percent-encodes names that are no UTF-8, without ever giving two files one key', async () => {
    const names = [
      'caf\xe9',
      'caf%E9',
      'caf%25E9',
      '%C3%A9',
      '100%',
      '\xff%',
      '\xc3\xa9',
      '%FF%25',
      '\xed\xa0\x80',
    ];
    for (const name of names) writeFileSync(Buffer.from(`${root}/${name}`, 'latin1'), name, 'latin1');
    mkdirSync(Buffer.from(`${root}/d\xfe`, 'latin1'));
    writeFileSync(Buffer.from(`${root}/d\xfe/f`, 'latin1'), 'd\xfe/f', 'latin1');
    const keys = await keysOf(storage);
    expect(keys).toEqual(
      [
        '%C3%A9',
        '%ED%A0%80',
        '%FF%25',
        '%25FF%2525',
        '100%',
        'caf%2525E9',
        'caf%25E9',
        'caf%E9',
        'd%FE/f',
        'é',
      ].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
    const contents = await Promise.all(keys.map((key) => textOf(storage, key)));
    expect(contents.toSorted()).toEqual([...names, 'd\xfe/f'].toSorted());
    expect(await keysOf(storage, 'd%FE')).toEqual(['d%FE/f']);
    await storage.replace('caf%E9', Buffer.from('new'));
    expect(await keysOf(storage)).toEqual(keys);
  });

  test('fails as changed when a pinned file was touched, cut or grew, before or while it is read', async () => {
    const path = join(root, 'a');
    const changes = [
      () => writeFileSync(path, 'b', { flag: 'a' }),
      () => truncateSync(path, 10),
      () => utimesSync(path, 1, 1),
    ];
    for (const change of changes) {
      writeFileSync(path, Buffer.alloc(3 << 20, 'a'));
      const { pin } = (await storage.stat('a'))!;
      const reading = (async () => {
        let chunks = 0;
        for await (const _ of storage.read('a', { pin })) if (chunks++ === 0) change();
      })();
      await expect(reading).rejects.toMatchObject({ code: 'changed' });
      await expect(textOf(storage, 'a', pin)).rejects.toMatchObject({ code: 'changed' });
    }
  });

  test('says denied, not-found and failed by the code', async () => {
    writeFileSync(join(root, 'file'), 'x');
    await expect(textOf(storage, 'file/below')).rejects.toMatchObject({ code: 'not-found' });
    await expect(storage.stat('x'.repeat(300))).rejects.toMatchObject({ code: 'invalid-key' });
    const foreign = await diskStorage(makeFolder()).create('a');
    await expect(storage.commit([{ ...foreign, key: 'a' }])).rejects.toMatchObject({ code: 'failed' });
    await foreign.abort();
    mkdirSync(join(root, 'closed'));
    chmodSync(join(root, 'closed'), 0);
    // Root may do everything: what the kernel grants is no failure of ours.
    if (process.getuid?.() === 0) return;
    await expect(keysOf(storage)).rejects.toMatchObject({ code: 'denied', operation: 'list' });
  });
});
