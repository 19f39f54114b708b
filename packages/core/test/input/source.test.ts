import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../../src/errors.ts';
import { storageOpener } from '../../src/storage/open-storage.ts';
import { openSource, type SourceObject } from '../../src/input/source.ts';

const openStorage = storageOpener({});

describe('openSource', () => {
  let cwd: string;
  beforeEach(() => {
    cwd = realpathSync(mkdtempSync(join(tmpdir(), 'winnow-source-')));
  });
  afterEach(() => rmSync(cwd, { recursive: true, force: true }));

  const make = (...paths: string[]): void => {
    for (const path of paths) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), path);
    }
  };
  async function listed(
    source: string,
    exclude: string[] = [],
  ): Promise<{ root: string; keys: string[]; objects: SourceObject[] }> {
    const opened = await openSource(source, {
      cwd,
      openStorage,
      exclude: exclude.map((folder) => join(cwd, folder)),
    });
    const objects: SourceObject[] = [];
    for await (const object of opened.list()) objects.push(object);
    for (const object of objects.filter(({ refuse }) => refuse === undefined)) {
      expect(await opened.storage.stat(object.key)).toEqual(object);
    }
    return { root: opened.root.slice(cwd.length), keys: objects.map(({ key }) => key), objects };
  }

  test('takes a file', async () => {
    make('in/a.json', 'in/b.json');
    expect(await listed('in/a.json')).toMatchObject({ root: '/in', keys: ['a.json'] });
    expect(await listed(join(cwd, 'in/b.json'))).toMatchObject({ root: '/in', keys: ['b.json'] });
  });

  test('takes a folder with everything below it, in byte order', async () => {
    make('in/b/c.json', 'in/b-', 'in/.hidden/x', 'in/a', 'out/z');
    expect(await listed('in/')).toMatchObject({ root: '/in', keys: ['.hidden/x', 'a', 'b-', 'b/c.json'] });
    expect((await listed('.')).root).toBe('');
  });

  test('leaves out an output that lies inside, also where a link leads to it', async () => {
    make('in/a', 'in/out/part-1', 'in/outer/b', 'in/_winnow/run.json', 'in/_winnow/tmp/t');
    expect((await listed('in', ['in/out', 'in/_winnow'])).keys).toEqual(['a', 'outer/b']);
    symlinkSync('in', join(cwd, 'link'));
    expect((await listed('link', ['in/out', 'in/_winnow'])).keys).toEqual(['a', 'outer/b']);
    expect((await listed('in', ['not/there', '..'])).keys).toContain('out/part-1');
    expect((await listed('in')).keys).not.toContain('_winnow/tmp/t');
    expect((await listed('in/**/part-*')).keys).toEqual(['out/part-1']);
    await expect(listed('in/**/part-*', ['in/out'])).rejects.toThrow(ConfigurationError);
  });

  test.each<[string, string, string[]]>([
    ['logs/*.gz', '/logs', ['a.gz']],
    ['logs/**/*.gz', '/logs', ['a.gz', 'x/b.gz', 'x/y/c.gz']],
    ['logs/*/*.gz', '/logs', ['x/b.gz']],
    ['logs/*/y/*', '/logs', ['x/y/c.gz', 'x/y/d.json']],
    ['logs/x/**', '/logs/x', ['b.gz', 'y/c.gz', 'y/d.json']],
    ['./logs/x/y/[cd].*', '/logs/x/y', ['c.gz', 'd.json']],
    ['logs/?.gz', '/logs', ['a.gz']],
    ['logs/{a.gz,x/{b.gz,y/d*}}', '/logs', ['a.gz', 'x/b.gz', 'x/y/d.json']],
    ['logs/.*/*', '/logs', ['.h/e.gz']],
    ['*/x/b.gz', '', ['logs/x/b.gz']],
  ])('takes the glob %s', async (glob, root, keys) => {
    make('logs/a.gz', 'logs/x/b.gz', 'logs/x/y/c.gz', 'logs/x/y/d.json', 'logs/.h/e.gz');
    expect(await listed(glob)).toMatchObject({ root, keys });
  });

  test('takes a name that exists as it is, not as a glob', async () => {
    make('in/[a].json', 'in/a.json', 'in/x*/f');
    expect((await listed('in/[a].json')).keys).toEqual(['[a].json']);
    expect(await listed('in/x*')).toMatchObject({ root: '/in/x*', keys: ['f'] });
  });

  test('takes a list: each path once, in byte order, those that lead nowhere as refused', async () => {
    make('data/2/b', 'data/1/a', 'data/1/ü', 'lists/l');
    const lines = [
      '# these',
      '',
      '../data/2/b',
      '  ',
      './../data/1/a\r',
      '../data/1/ü',
      join(cwd, 'data/1/a'),
      '../data/1/gone',
      '../data/1',
    ];
    writeFileSync(join(cwd, 'lists/list.txt'), lines.join('\n'));
    const { root, keys, objects } = await listed('@lists/list.txt');
    expect(root).toBe('/data');
    expect(keys).toEqual(['1', '1/a', '1/gone', '1/ü', '2/b']);
    expect(objects.filter(({ refuse }) => refuse !== undefined)).toEqual([
      { key: '1', size: 0, pin: '', refuse: 'vanished' },
      { key: '1/gone', size: 0, pin: '', refuse: 'vanished' },
    ]);
    expect((await openSource('@lists/list.txt', { cwd, openStorage })).duplicates).toBe(1);
  });

  test('takes a list of long and tricky paths', async () => {
    const paths = Array.from({ length: 3000 }, (_, n) => `d/${'long-'.repeat(20)}/ü${n * 7919}.json`);
    writeFileSync(join(cwd, 'list'), paths.join('\r\n'));
    const { root, keys } = await listed('@list');
    expect(root).toBe(`/d/${'long-'.repeat(20)}`);
    expect(keys).toEqual(
      paths
        .map((path) => path.split('/')[2]!)
        .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });

  test('takes a list of more paths than are sorted at once, each once, as often as it is asked', async () => {
    const paths = Array.from({ length: 20_000 }, (_, n) => `d/${(n * 7919) % 18_000}`);
    // A character that no path can have: it leads nowhere, like the others.
    writeFileSync(join(cwd, 'list'), [...paths, 'd/a\0b'].join('\n'));
    const opened = await openSource('@list', { cwd, openStorage });
    expect(opened.duplicates).toBe(2000);
    const names = Array.from({ length: 18_000 }, (_, n) => String(n)).toSorted();
    for (let time = 0; time < 2; time++) {
      const keys: string[] = [];
      for await (const { key, refuse } of opened.list()) {
        keys.push(key);
        expect(refuse).toBe('vanished');
      }
      expect(keys).toEqual([...names, 'a\0b']);
    }
  });

  test('takes a list of one path', async () => {
    make('x/one');
    writeFileSync(join(cwd, 'list'), 'x/one\n');
    expect(await listed('@list')).toMatchObject({ root: '/x', keys: ['one'] });
  });

  test.each<[string, RegExp]>([
    ['', /^--source must not be empty$/],
    ['nothing/here', /^--source must exist, nothing\/here does not/],
    ['empty', /^--source must name at least one file, folder empty has none$/],
    ['nothing/*.json', /^--source must name at least one file, glob nothing\/\*\.json has none$/],
    ['@nothing', /^--source @nothing must name a file with a path a line/],
    ['@blank', /^--source must name at least one file, list .*blank has none$/],
    ['/dev/null', /^--source must be a file, a folder, a glob or @LIST, \/dev\/null is none of these$/],
  ])('refuses %j with one line', async (source, message) => {
    mkdirSync(join(cwd, 'empty'));
    writeFileSync(join(cwd, 'blank'), '\n# nothing\n');
    const error: unknown = await listed(source).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).message).toMatch(message);
    expect((error as ConfigurationError).hint).toBeDefined();
  });
});
