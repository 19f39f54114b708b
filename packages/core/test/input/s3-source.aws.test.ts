import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { openSource, type SourceObject } from '../../src/input/source.ts';
import { parseS3Uri } from '../../src/storage/s3/s3-uri.ts';
import { startS3UnderTest, type S3UnderTest } from '../storage/s3/s3-under-test.ts';

describe('openSource in S3', () => {
  let under: S3UnderTest;
  let cwd: string;
  /** Where this test's objects lie; no `/` at its end. */
  let base: string;
  beforeAll(async () => {
    under = await startS3UnderTest();
  });
  afterAll(() => under.stop());
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'winnow-s3-source-'));
    base = under.freshUri();
  });
  afterEach(async () => {
    rmSync(cwd, { recursive: true });
    // Some of their keys no storage of ours would remove.
    const { bucket, path } = parseS3Uri(base);
    const listed = await under.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: path }));
    for (const { Key } of listed.Contents ?? [])
      await under.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  });

  async function make(...keys: string[]): Promise<void> {
    const { bucket, path } = parseS3Uri(base);
    for (const key of keys) {
      const Body = Buffer.from(key.endsWith('/') ? '' : key);
      await under.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${path}/${key}`, Body }));
    }
  }
  async function listed(source: string, exclude: string[] = []) {
    const options = { cwd, openStorage: under.open, exclude };
    const opened = await openSource(source.replace('BASE', base), options);
    const objects: SourceObject[] = [];
    for await (const object of opened.list()) objects.push(object);
    for (const object of objects.filter(({ refuse }) => refuse === undefined))
      expect(await opened.storage.stat(object.key)).toEqual(object);
    const root = opened.root.replace(base, 'BASE');
    const { description, duplicates } = opened;
    return { root, keys: objects.map(({ key }) => key), objects, description, duplicates };
  }

  test('takes an object', async () => {
    await make('in/a.json', 'in/a.json.bak', 'in/b.json');
    expect(await listed('BASE/in/a.json')).toMatchObject({ root: 'BASE/in', keys: ['a.json'] });
  });

  test('takes a prefix, with or without / at its end, with everything below it, in byte order', async () => {
    await make('in/b/c.json', 'in/b-', 'in/.hidden/x', 'in/a', 'inner/z', 'out/z');
    const found = { root: 'BASE/in', keys: ['.hidden/x', 'a', 'b-', 'b/c.json'] };
    expect(await listed('BASE/in/')).toMatchObject(found);
    expect(await listed('BASE/in')).toMatchObject(found);
  });

  test('leaves out an output that lies inside, and nothing of another bucket', async () => {
    await make('in/a', 'in/out/part-1', 'in/outer/b');
    expect((await listed('BASE/in', [`${base}/in/out`])).keys).toEqual(['a', 'outer/b']);
    expect((await listed('BASE/in', [`${base}/in/out/`, 's3://another-bucket/in'])).keys).toEqual([
      'a',
      'outer/b',
    ]);
    expect((await listed('BASE/in', [join(cwd, 'out')])).keys).toEqual(['a', 'out/part-1', 'outer/b']);
  });

  test.each<[string, string, string[]]>([
    ['logs/*.gz', 'BASE/logs', ['a.gz']],
    ['logs/**/*.gz', 'BASE/logs', ['a.gz', 'x/b.gz', 'x/y/c.gz']],
    ['logs/x/**', 'BASE/logs/x', ['b.gz', 'y/c.gz', 'y/d.json']],
    ['logs/{a.gz,x/{b.gz,y/d*}}', 'BASE/logs', ['a.gz', 'x/b.gz', 'x/y/d.json']],
    ['logs/.*/*', 'BASE/logs', ['.h/e.gz']],
    ['*/x/b.gz', 'BASE', ['logs/x/b.gz']],
  ])('takes the glob %s', async (glob, root, keys) => {
    await make('logs/a.gz', 'logs/x/b.gz', 'logs/x/y/c.gz', 'logs/x/y/d.json', 'logs/.h/e.gz');
    expect(await listed(`BASE/${glob}`)).toMatchObject({ root, keys });
  });

  test('takes a name that exists as it is, not as a glob', async () => {
    await make('in/[a].json', 'in/a.json', 'in/x*/f');
    expect((await listed('BASE/in/[a].json')).keys).toEqual(['[a].json']);
    expect(await listed('BASE/in/x*')).toMatchObject({ root: 'BASE/in/x*', keys: ['f'] });
  });

  test('lists a name that could not be a file’s as refused, and skips what marks a folder', async () => {
    await make('in/', 'in/a//b', 'in/folder/', 'in/folder/c');
    const { keys, objects } = await listed('BASE/in');
    expect(keys).toEqual(['a//b', 'folder/c']);
    expect(objects[0]).toMatchObject({ refuse: 'name-unsupported', size: 7 });
  });

  test('takes a list of objects: of this machine, and of S3; what leads nowhere as refused', async () => {
    await make('data/2/b', 'data/1/a', 'data/1/ü');
    const lines = [
      '# these',
      '',
      `${base}/data/2/b`,
      `${base}/data/1/a`,
      `${base}/data/1/a`,
      `${base}/data/1/gone`,
    ];
    writeFileSync(join(cwd, 'list'), lines.join('\r\n'));
    const found = { root: 'BASE/data', keys: ['1/a', '1/gone', '2/b'], duplicates: 1 };
    const here = await listed('@list');
    expect(here).toMatchObject(found);
    expect(here.objects[1]).toEqual({ key: '1/gone', size: 0, pin: '', refuse: 'vanished' });
    const { bucket, path } = parseS3Uri(base);
    const relative = lines.map((line) => line.replace(`${base}/`, '')).join('\n');
    await under.s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${path}/list`, Body: relative }));
    expect(await listed('@BASE/list')).toMatchObject(found);
  });

  test.each<[string, RegExp]>([
    ['BASE/nothing', /^--source must name at least one file, prefix s3:\S+\/nothing has none$/],
    [
      'BASE/nothing/*.json',
      /^--source must name at least one file, glob s3:\S+\/nothing\/\*\.json has none$/,
    ],
    ['@BASE/nothing', /^--source @s3:\S+\/nothing must name a file with a path a line/],
    [
      's3://winnow-has-no-such-bucket-8192/in',
      /^s3:\/\/winnow-has-no-such-bucket-8192\/in: there is no such bucket$/,
    ],
    ['s3://Upper_Case/in', /^an S3 URI must be s3:\/\/BUCKET\/PREFIX, got s3:\/\/Upper_Case\/in$/],
  ])('refuses %j with one line', async (source, message) => {
    await expect(listed(source)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(message) as unknown,
      hint: expect.any(String) as unknown,
    });
  });
});
